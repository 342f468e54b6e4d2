//! The gate of a sprint job (`original` 5.2): it opens when each of its tasks stands, and names all that do not.

use super::blocker::{Blocker, Reason};
use super::judge::{Head, Shut, stands, weigh};
use super::passed::{Grounds, Passed};
use super::policy::Required;
use crate::domain::commit::CommitId;
use crate::domain::execution::{AnyExecution, Done, Execution, Skipped};
use crate::domain::id::JobId;
use crate::domain::verify::VerifyResult;

/// A row of a sprint job, with what people call its task.
#[derive(Debug, Clone, Copy)]
pub struct Line<'a> {
    /// The row.
    pub execution: &'a AnyExecution,
    /// The task's code.
    pub code: &'a str,
    /// The task's title.
    pub title: &'a str,
}

impl Line<'_> {
    fn blocks(&self, why: Reason) -> Blocker {
        Blocker::Row { code: self.code.to_owned(), title: self.title.to_owned(), why }
    }
}

/// Judges a sprint job by all of its rows, in order: nothing may be left to do, what was done is weighed again with its
/// stored verdict, policy and words, and what was skipped must be allowed to be. Then the worktree must be at the
/// commit that was done last, or at `base`, from which the attempt set out, where all was skipped; and what was done
/// must not have been taken back by what was done later. Rows of other jobs do not count.
///
/// # Errors
/// Every [`Blocker`], in the order of the rows.
pub fn judge_sprint(
    job: &JobId,
    attempt: u32,
    base: Option<&CommitId>,
    lines: &[Line<'_>],
    head: &Head,
) -> Result<Passed, Vec<Blocker>> {
    let mut lines: Vec<&Line<'_>> = lines.iter().filter(|line| line.execution.job() == job).collect();
    lines.sort_by_key(|line| line.execution.order());
    if lines.is_empty() {
        return Err(vec![Blocker::NoRows]);
    }
    let blockers: Vec<Blocker> = lines.iter().filter_map(|line| blocker(line)).collect();
    if !blockers.is_empty() {
        return Err(blockers);
    }
    let done: Vec<&Execution<Done>> = lines.iter().filter_map(|line| done(line.execution)).collect();
    let last = done.iter().max_by_key(|done| (done.state.finished_at, done.order));
    let verified = last.map(|last| &last.state.evidence.commit).or(base);
    let commit = verified.ok_or(Shut::NotVerified).and_then(|commit| stands(commit, head).map(|()| commit));
    let commit = commit.map_err(|shut| vec![Blocker::Worktree(shut)])?;
    let undone: Vec<Blocker> = lines.iter().filter_map(|line| taken_back(line, commit)).collect();
    if !undone.is_empty() {
        return Err(undone);
    }
    let result = worst(done.iter().map(|done| done.state.evidence.result));
    let grounds = Grounds::Aggregate { result, commit: commit.clone() };
    Ok(Passed { job: job.clone(), attempt, grounds })
}

fn done(row: &AnyExecution) -> Option<&Execution<Done>> {
    match row {
        AnyExecution::Done(done) => Some(done),
        _ => None,
    }
}

fn blocker(line: &Line<'_>) -> Option<Blocker> {
    let why = match line.execution {
        AnyExecution::Pending(_) => Reason::Waits,
        AnyExecution::Running(_) => Reason::Runs,
        AnyExecution::Failed(failed) => Reason::Failed { error: failed.state.error.clone() },
        AnyExecution::Skipped(skipped) if may_be_skipped(skipped) => return None,
        AnyExecution::Skipped(_) => Reason::Skipped,
        AnyExecution::Done(done) => {
            let (seen, words) = (&done.state.evidence, done.state.summary.as_deref());
            Reason::Gate(weigh(Some(seen.result), done.policy, words).err()?)
        }
    };
    Some(line.blocks(why))
}

/// Whether a task's work is missing in the commit that was done last, because that is the very commit which the task had
/// set out from: a later task has thrown it away.
fn taken_back(line: &Line<'_>, last: &CommitId) -> Option<Blocker> {
    let state = &done(line.execution)?.state;
    let changed = state.evidence.result != VerifyResult::Empty && &state.evidence.commit != last;
    (changed && &state.base == last).then(|| line.blocks(Reason::TakenBack { commit: last.clone() }))
}

/// A task may be skipped that is content with any change or only checks something, or by a person's word. The
/// original asked for the first of the three alone, so that one task without a change kept a whole sprint from its
/// end.
fn may_be_skipped(skipped: &Execution<Skipped>) -> bool {
    let policy = skipped.policy;
    policy.required == Required::Any || policy.verify_only || skipped.state.waiver.is_some()
}

/// The verdict of the whole: the farthest from the plan, and EMPTY where nothing was changed at all.
fn worst(results: impl Iterator<Item = VerifyResult>) -> VerifyResult {
    let far = |result: &VerifyResult| match result {
        VerifyResult::Empty => 0,
        VerifyResult::Aligned => 1,
        VerifyResult::Partial => 2,
        VerifyResult::Divergent => 3,
    };
    results.max_by_key(far).unwrap_or(VerifyResult::Empty)
}
