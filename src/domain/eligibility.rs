//! Whether a job can be claimed, and if not, which guard is the first that does not hold and what it read
//! (`original` 4.2).
//!
//! ```
//! use sprintgate::domain::eligibility::{Facts, Guard, NotClaimable, check};
//! use sprintgate::domain::{job, run, time::Timestamp};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let facts = Facts {
//!     yours: true,
//!     product: "shop".parse()?,
//!     scope: None,
//!     product_seen: true,
//!     status: job::Status::Queued,
//!     kind: job::Kind::TaskImplementation,
//!     has_context: true,
//!     run: Some(run::Status::Running),
//!     ahead: Some("job-1".parse()?),
//!     branch_held_by: None,
//!     not_before: None,
//!     now: Timestamp(0),
//! };
//! let refused = check(&facts).unwrap_err();
//! assert_eq!(refused, NotClaimable::Behind { ahead: "job-1".parse()? });
//! assert_eq!(refused.guard(), Guard::FirstOnBranch);
//!
//! // Strangers learn nothing else of it.
//! assert_eq!(check(&Facts { yours: false, ..facts.clone() }), Err(NotClaimable::NotYours));
//! assert_eq!(check(&Facts { ahead: None, ..facts }), Ok(()));
//! # Ok(())
//! # }
//! ```

use serde::Serialize;

use super::id::{JobId, ProductId};
use super::job;
use super::machine::words;
use super::run;
use super::time::Timestamp;

words! {
    /// What must hold for a claim. The guards are asked in this order, and the first that does not hold is the
    /// answer: first those that keep strangers from learning anything, then those that never come to hold, last
    /// those that time mends.
    pub enum Guard: "claim guard" {
        /// The job belongs to the user who claims.
        Yours = "is_yours",
        /// It is of the product that was asked for, if one was.
        InScope = "in_scope",
        /// It has not ended.
        NotEnded = "not_ended",
        /// No worker holds it.
        NotHeld = "not_held",
        /// The user may still see its product.
        ProductSeen = "product_seen",
        /// There is somebody who builds the context of its kind.
        HasContext = "kind_has_context",
        /// Work on code belongs to a sprint run.
        HasRun = "has_run",
        /// Its run is QUEUED or RUNNING.
        RunHandsOutJobs = "run_hands_out_jobs",
        /// No earlier job of its branch is open.
        FirstOnBranch = "first_on_branch",
        /// No worker holds a job of its branch, of whatever run, product or user.
        BranchIsFree = "branch_is_free",
        /// Its wait after an attempt that was given back is over.
        TimeHasCome = "time_has_come",
    }
}

/// What the guards read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// It belongs to the user who claims.
    pub yours: bool,
    /// Its product.
    pub product: ProductId,
    /// The product that was asked for.
    pub scope: Option<ProductId>,
    /// The user who claims sees its product.
    pub product_seen: bool,
    /// Where the job is.
    pub status: job::Status,
    /// What kind of work it is.
    pub kind: job::Kind,
    /// The context of its kind can be built.
    pub has_context: bool,
    /// Where its run is, if it belongs to one.
    pub run: Option<run::Status>,
    /// The open job before it on its branch.
    pub ahead: Option<JobId>,
    /// The job that is held on the same branch of the same repository, however its address is spelled.
    pub branch_held_by: Option<JobId>,
    /// Not before this moment.
    pub not_before: Option<Timestamp>,
    /// Now.
    pub now: Timestamp,
}

/// The first guard that does not hold, with what it read. As data it has the guard's word as `guard`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "guard")]
pub enum NotClaimable {
    /// [`Guard::Yours`]; nothing else is told of it.
    #[error("it belongs to somebody else")]
    #[serde(rename = "is_yours")]
    NotYours,
    /// [`Guard::InScope`].
    #[error("it is of product {product}, and jobs of product {scope} were asked for")]
    #[serde(rename = "in_scope")]
    OutOfScope {
        /// Its product.
        product: ProductId,
        /// The product that was asked for.
        scope: ProductId,
    },
    /// [`Guard::NotEnded`].
    #[error("it has ended: {status}")]
    #[serde(rename = "not_ended")]
    Ended {
        /// Where it is.
        status: job::Status,
    },
    /// [`Guard::NotHeld`].
    #[error("a worker holds it: {status}")]
    #[serde(rename = "not_held")]
    HeldNow {
        /// Where it is.
        status: job::Status,
    },
    /// [`Guard::ProductSeen`].
    #[error("you cannot see its product {product}")]
    #[serde(rename = "product_seen")]
    ProductUnseen {
        /// Its product.
        product: ProductId,
    },
    /// [`Guard::HasContext`].
    #[error("no context can be built for a {kind} job")]
    #[serde(rename = "kind_has_context")]
    NoContext {
        /// What kind of work it is.
        kind: job::Kind,
    },
    /// [`Guard::HasRun`].
    #[error("a {kind} job belongs to a sprint run, and this one has none")]
    #[serde(rename = "has_run")]
    NoRun {
        /// What kind of work it is.
        kind: job::Kind,
    },
    /// [`Guard::RunHandsOutJobs`].
    #[error("its sprint run is {run}, and only a QUEUED or RUNNING run hands out jobs")]
    #[serde(rename = "run_hands_out_jobs")]
    RunHandsOutNone {
        /// Where its run is.
        run: run::Status,
    },
    /// [`Guard::FirstOnBranch`].
    #[error("job {ahead} comes first on its branch and has not ended")]
    #[serde(rename = "first_on_branch")]
    Behind {
        /// The open job before it.
        ahead: JobId,
    },
    /// [`Guard::BranchIsFree`].
    #[error("a worker holds job {by} on its branch")]
    #[serde(rename = "branch_is_free")]
    BranchHeld {
        /// The job that is held.
        by: JobId,
    },
    /// [`Guard::TimeHasCome`].
    #[error("it waits after an attempt that was given back")]
    #[serde(rename = "time_has_come")]
    Waits {
        /// When the wait is over.
        until: Timestamp,
        /// When that was asked.
        now: Timestamp,
    },
}

impl NotClaimable {
    /// The guard.
    #[must_use]
    pub fn guard(&self) -> Guard {
        match self {
            Self::NotYours => Guard::Yours,
            Self::OutOfScope { .. } => Guard::InScope,
            Self::Ended { .. } => Guard::NotEnded,
            Self::HeldNow { .. } => Guard::NotHeld,
            Self::ProductUnseen { .. } => Guard::ProductSeen,
            Self::NoContext { .. } => Guard::HasContext,
            Self::NoRun { .. } => Guard::HasRun,
            Self::RunHandsOutNone { .. } => Guard::RunHandsOutJobs,
            Self::Behind { .. } => Guard::FirstOnBranch,
            Self::BranchHeld { .. } => Guard::BranchIsFree,
            Self::Waits { .. } => Guard::TimeHasCome,
        }
    }
}

/// Asks every guard of a claim in the order of [`Guard`].
///
/// # Errors
/// The first that does not hold.
pub fn check(facts: &Facts) -> Result<(), NotClaimable> {
    let Facts { status, kind, now, .. } = *facts;
    if !facts.yours {
        return Err(NotClaimable::NotYours);
    }
    if let Some(scope) = facts.scope.clone().filter(|scope| *scope != facts.product) {
        return Err(NotClaimable::OutOfScope { product: facts.product.clone(), scope });
    }
    if status.is_terminal() {
        return Err(NotClaimable::Ended { status });
    }
    if status.is_held() {
        return Err(NotClaimable::HeldNow { status });
    }
    if !facts.product_seen {
        return Err(NotClaimable::ProductUnseen { product: facts.product.clone() });
    }
    if !facts.has_context {
        return Err(NotClaimable::NoContext { kind });
    }
    match facts.run {
        None if kind.changes_code() => return Err(NotClaimable::NoRun { kind }),
        Some(run) if !run.hands_out_jobs() => return Err(NotClaimable::RunHandsOutNone { run }),
        _ => {}
    }
    if let Some(ahead) = facts.ahead.clone() {
        return Err(NotClaimable::Behind { ahead });
    }
    if let Some(by) = facts.branch_held_by.clone() {
        return Err(NotClaimable::BranchHeld { by });
    }
    match facts.not_before {
        Some(until) if until > now => Err(NotClaimable::Waits { until, now }),
        _ => Ok(()),
    }
}
