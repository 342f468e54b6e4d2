//! What is true in each state of an attempt.

use super::words::{Event, Status};
use crate::domain::gate::Policy;
use crate::domain::id::{JobId, TokenId, WorkerId};
use crate::domain::job;
use crate::domain::machine::{self, states};
use crate::domain::time::Timestamp;

/// An attempt in state `S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt<S> {
    /// The job that it is an attempt of.
    pub job: JobId,
    /// Its number among the job's attempts, from 1; the fence of every write.
    pub number: u32,
    /// What is true in this state.
    pub state: S,
}

/// What never changes after the claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// The token that claimed.
    pub token: TokenId,
    /// The process that claimed.
    pub worker: WorkerId,
    /// The host that its worktree is on.
    pub host: String,
    /// The plan it is judged by; empty when there is none.
    pub plan: String,
    /// What the gate demands.
    pub policy: Policy,
    /// The branch it works on.
    pub branch: Option<String>,
    /// When it claimed.
    pub claimed_at: Timestamp,
}

/// It holds its job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What never changes after the claim.
    pub frozen: Frozen,
}

macro_rules! ended {
    ($($(#[$meta:meta])* $state:ident;)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $state {
            /// What never changed after the claim.
            pub frozen: Frozen,
            /// When it ended.
            pub ended_at: Timestamp,
        }
    )+};
}

ended! {
    /// It finished the job.
    Finished;
    /// The work failed.
    Failed;
    /// It was given back.
    GivenBack;
    /// Its lease ran out.
    Expired;
    /// It found nothing to do.
    Skipped;
    /// Its job was cancelled.
    Cancelled;
}

states! {
    Attempt { job, number }, AnyAttempt: Held, Finished, Failed, GivenBack, Expired, Skipped, Cancelled
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}

impl Attempt<Held> {
    /// The attempt that a claim makes, with what the claim froze; `host` is where its worktree will be.
    #[must_use]
    pub fn begun(claim: &job::Step<job::Queued, job::Claimed>, host: String, branch: Option<String>) -> Self {
        let job = claim.next();
        let (lease, brief) = (&job.state.lease, &job.state.brief);
        let frozen = Frozen {
            token: lease.token.clone(),
            worker: lease.worker.clone(),
            host,
            plan: brief.plan.clone(),
            policy: brief.policy,
            branch,
            claimed_at: brief.claimed_at,
        };
        Self { job: job.id.clone(), number: job.attempt, state: Held { frozen } }
    }
}
