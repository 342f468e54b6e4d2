//! The proof that one task of a sprint job may be DONE, and the only function that gives one.

use super::state::{Execution, Running};
use crate::domain::gate::{Evidence, Head, Shut, examine};
use crate::domain::id::ExecutionId;

/// Proof that the gate opened for one execution, on one verdict.
///
/// It cannot be built outside of this file, copied or kept for later: `finish` takes it by value and compares
/// execution and verdict.
///
/// ```compile_fail
/// use sprintgate::domain::execution::ExecutionPassed;
/// let forged = ExecutionPassed { execution: todo!(), evidence: todo!(), summary: None };
/// ```
#[derive(Debug, PartialEq, Eq)]
pub struct ExecutionPassed {
    execution: ExecutionId,
    evidence: Evidence,
    summary: Option<String>,
}

impl ExecutionPassed {
    /// The execution it was given for.
    #[must_use]
    pub fn execution(&self) -> &ExecutionId {
        &self.execution
    }

    /// The verdict that opened the gate.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    pub(super) fn into_parts(self) -> (Evidence, Option<String>) {
        (self.evidence, self.summary)
    }
}

/// Judges a task of a sprint job by its own frozen policy and stored verdict, which must be about the commit that
/// is there now. The words are those passed, else those stored with the verdict.
///
/// # Errors
/// [`Shut`], naming the first fact that is missing.
pub fn judge(
    execution: &Execution<Running>,
    summary: Option<&str>,
    head: &Head,
) -> Result<ExecutionPassed, Shut> {
    let work = &execution.state.work;
    let passed = summary.filter(|words| !words.trim().is_empty());
    let words = passed.or(work.summary.as_deref());
    let evidence = examine(work.evidence.as_ref(), execution.policy, words, head)?;
    Ok(ExecutionPassed {
        execution: execution.id.clone(),
        evidence: evidence.clone(),
        summary: words.map(str::to_owned),
    })
}
