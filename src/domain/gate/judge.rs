//! The gate: from evidence, policy, summary and the state of the worktree to `Passed` or `Shut`.

use super::evidence::Evidence;
use super::passed::{Grounds, Passed};
use super::policy::{Policy, Required, SUMMARY_MIN};
use crate::domain::commit::CommitId;
use crate::domain::id::{JobId, UserId};
use crate::domain::idea::Answered;
use crate::domain::job::Kind;
use crate::domain::verify::VerifyResult;

/// Why the gate stays shut. Each variant names the fact that is missing and none tells how to weaken the gate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Shut {
    /// Nothing was verified in this attempt.
    #[error("this attempt has not been verified")]
    NotVerified,
    /// Commits came after the verification.
    #[error("the verified commit is {verified}, but the worktree is at {head}")]
    Stale {
        /// The commit that was judged.
        verified: CommitId,
        /// Where the worktree is now.
        head: CommitId,
    },
    /// Work lies uncommitted, which would be lost.
    #[error("the worktree has {count} uncommitted path(s)")]
    Dirty {
        /// How many paths are changed or untracked.
        count: usize,
    },
    /// Nothing was changed although the plan asks for changes.
    #[error("no changes were found, and the plan asks for some")]
    Empty,
    /// The plan has to be met exactly.
    #[error("the plan has to be ALIGNED, and the verdict is {result}")]
    NotAligned {
        /// The verdict.
        result: VerifyResult,
    },
    /// A deviation needs an explanation.
    #[error(
        "the verdict is {result}, which needs a summary of at least {SUMMARY_MIN} characters ({found} given)"
    )]
    Unexplained {
        /// The verdict.
        result: VerifyResult,
        /// Characters (UTF-16 units) in the trimmed summary.
        found: usize,
    },
    /// A waiver without a reason.
    #[error("a waiver needs a reason of at least 10 characters")]
    NoReason,
    /// This kind of job is judged by its diff.
    #[error("a {kind} job has to be verified")]
    NotExempt {
        /// The kind.
        kind: Kind,
    },
    /// This kind of job ends with a result on its idea.
    #[error("a {kind} job has written no result down")]
    NotAnswered {
        /// The kind.
        kind: Kind,
    },
}

/// Where the worktree stands at the moment of judgement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The commit that is checked out.
    pub commit: CommitId,
    /// Changed or untracked paths that are not ignored.
    pub dirty: usize,
}

/// Judges the verdict alone: the matrix of `original` 5.1.
///
/// # Errors
/// [`Shut`], naming what is missing.
pub fn weigh(result: Option<VerifyResult>, policy: Policy, summary: Option<&str>) -> Result<(), Shut> {
    let result = result.ok_or(Shut::NotVerified)?;
    match (result, policy.required) {
        (VerifyResult::Empty, _) if policy.verify_only => Ok(()),
        (VerifyResult::Empty, _) => Err(Shut::Empty),
        (VerifyResult::Aligned, _) | (_, Required::Any) => Ok(()),
        (_, Required::Aligned) => Err(Shut::NotAligned { result }),
        (_, Required::AlignedOrPartial) => {
            let found = summary.map_or(0, |s| s.trim().encode_utf16().count());
            if found >= SUMMARY_MIN { Ok(()) } else { Err(Shut::Unexplained { result, found }) }
        }
    }
}

/// Judges a verdict together with the worktree: it must satisfy the policy and be about the commit that is there
/// now, with nothing left uncommitted. What it gives back is not yet a proof of anything for anybody.
///
/// # Errors
/// [`Shut`], naming the first fact that is missing.
pub(in crate::domain) fn examine<'a>(
    evidence: Option<&'a Evidence>,
    policy: Policy,
    summary: Option<&str>,
    head: &Head,
) -> Result<&'a Evidence, Shut> {
    weigh(evidence.map(|e| e.result), policy, summary)?;
    let evidence = evidence.ok_or(Shut::NotVerified)?;
    stands(&evidence.commit, head)?;
    Ok(evidence)
}

/// Whether the worktree is at the commit that was verified, with nothing left uncommitted.
pub(super) fn stands(verified: &CommitId, head: &Head) -> Result<(), Shut> {
    if verified != &head.commit {
        return Err(Shut::Stale { verified: verified.clone(), head: head.commit.clone() });
    }
    if head.dirty > 0 {
        return Err(Shut::Dirty { count: head.dirty });
    }
    Ok(())
}

/// Judges an attempt, by [`weigh`] and by where its worktree stands.
///
/// # Errors
/// [`Shut`], naming the first fact that is missing.
pub fn judge(
    job: &JobId,
    attempt: u32,
    evidence: Option<&Evidence>,
    policy: Policy,
    summary: Option<&str>,
    head: &Head,
) -> Result<Passed, Shut> {
    let evidence = examine(evidence, policy, summary, head)?;
    let grounds = Grounds::Verified { result: evidence.result, commit: evidence.commit.clone() };
    Ok(Passed { job: job.clone(), attempt, grounds })
}

/// Opens the gate on a person's word. Flows offer this to people only, never to a worker's token.
///
/// # Errors
/// [`Shut::NoReason`] when the trimmed reason is shorter than 10 characters.
pub fn waive(job: &JobId, attempt: u32, by: UserId, reason: &str) -> Result<Passed, Shut> {
    let reason = reason.trim();
    if reason.chars().count() < 10 {
        return Err(Shut::NoReason);
    }
    let grounds = Grounds::Waived { by, reason: reason.to_owned() };
    Ok(Passed { job: job.clone(), attempt, grounds })
}

/// Opens the gate for a kind of job that changes no code and has no result to write down.
///
/// # Errors
/// [`Shut::NotExempt`] for a kind that is judged by its diff; [`Shut::NotAnswered`] for one that has to write its result
/// down on an idea first.
pub fn exempt(job: &JobId, attempt: u32, kind: Kind) -> Result<Passed, Shut> {
    match kind {
        Kind::TaskImplementation | Kind::SprintImplementation => Err(Shut::NotExempt { kind }),
        Kind::IdeaGrill | Kind::IdeaMakePlan | Kind::IdeaReviewPlan => Err(Shut::NotAnswered { kind }),
        Kind::PlanChat => Ok(Passed { job: job.clone(), attempt, grounds: Grounds::NoCode { kind } }),
    }
}

/// Opens the gate for a job that wrote its result down on its idea.
#[must_use]
pub fn exempt_answered(answered: &Answered, attempt: u32) -> Passed {
    Passed { job: answered.job().clone(), attempt, grounds: Grounds::Answered { kind: answered.kind() } }
}
