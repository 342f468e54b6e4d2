//! What is true in each state of a job. Data that is true in one state only stands in that state only.

use super::words::{EndCause, Event, Kind, Status};
use crate::domain::commit::CommitId;
use crate::domain::gate::{Evidence, Grounds, Policy};
use crate::domain::id::{JobId, TokenId, WorkerId};
use crate::domain::machine::{self, To, states};
use crate::domain::time::{Millis, Timestamp};

/// How long a claim lasts without a sign of life (`original` 4.1).
pub const LEASE: Millis = Millis::minutes(5);
/// Claims that a job gets before it is FAILED (`original` 2.1: a first run and two more).
pub const ATTEMPTS_MAX: u32 = 3;

/// A job in state `S`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job<S> {
    /// Which job.
    pub id: JobId,
    /// What kind of work.
    pub kind: Kind,
    /// Claims so far; the number of the current or last attempt, 0 before the first.
    pub attempt: u32,
    /// What is true in this state.
    pub state: S,
}

/// A worker's temporary hold on a job. It keeps others away; the attempt number is what fences writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The token that claimed.
    pub token: TokenId,
    /// The process that claimed.
    pub worker: WorkerId,
    /// Until when, by the database's clock.
    pub until: Timestamp,
}

/// What an attempt was given and has shown: frozen at claim but for `base` and `evidence`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// When the attempt began.
    pub claimed_at: Timestamp,
    /// The plan it is judged by; empty when there is none.
    pub plan: String,
    /// What the gate demands.
    pub policy: Policy,
    /// The commit that work starts from; absent until the worktree is made.
    pub base: Option<CommitId>,
    /// The last verdict of this attempt.
    pub evidence: Option<Evidence>,
}

/// Waits for a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Not to be claimed before; the past when it can be claimed at once.
    pub not_before: Timestamp,
}

/// A worker holds it and prepares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The hold.
    pub lease: Lease,
    /// What the attempt was given.
    pub brief: Brief,
}

/// A worker works on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Running {
    /// The hold.
    pub lease: Lease,
    /// What the attempt was given.
    pub brief: Brief,
    /// When work began; set once an attempt.
    pub started_at: Timestamp,
}

/// Ended well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What the attempt was given and showed.
    pub brief: Brief,
    /// When work began; the claim's time when the worker never said.
    pub started_at: Timestamp,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Why the gate opened.
    pub grounds: Grounds,
    /// What was published; absent when there was nothing to publish, or a person waived it.
    pub publication: Option<Publication>,
    /// The worker's words.
    pub summary: Option<String>,
}

/// Ended badly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// What the last attempt was given and showed.
    pub brief: Brief,
    /// When work began, if it did.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Why.
    pub cause: EndCause,
    /// The error, in the words of who noticed it.
    pub error: String,
}

/// Ended without a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancelled {
    /// The last attempt's brief and start, if there was one when it was cancelled.
    pub held: Option<(Brief, Option<Timestamp>)>,
    /// When it ended.
    pub finished_at: Timestamp,
    /// Why.
    pub cause: EndCause,
    /// The job whose failure caused it, for a cascade.
    pub caused_by: Option<JobId>,
    /// The reason in words.
    pub reason: String,
}

/// A commit that people can see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The commit.
    pub commit: CommitId,
    /// When it was pushed.
    pub at: Timestamp,
}

states! {
    Job { id, kind, attempt }, AnyJob: Queued, Claimed, Running, Done, Failed, Cancelled
}

/// A state of this machine.
pub trait State: machine::State<Status = Status, Event = Event> {}
impl<S: machine::State<Status = Status, Event = Event>> State for S {}

/// The job has not ended. The supertrait is the table's: take the edge away and this does not compile.
pub trait Live: State + To<Cancelled> {
    /// What a held attempt was given and when it started; nothing while queued.
    fn into_held(self) -> Option<(Brief, Option<Timestamp>)>;
}

/// A worker holds the job.
pub trait Held: Live + To<Queued> + To<Done> + To<Failed> {
    /// The hold.
    fn lease(&self) -> &Lease;
    /// When work began, if it did.
    fn started_at(&self) -> Option<Timestamp>;
    /// What the attempt was given and has shown.
    fn brief(&self) -> &Brief;
    /// Takes the brief out.
    fn into_brief(self) -> Brief;
}

impl Live for Queued {
    fn into_held(self) -> Option<(Brief, Option<Timestamp>)> {
        None
    }
}

macro_rules! held {
    ($name:ident, $this:ident => $started:expr) => {
        impl Live for $name {
            fn into_held(self) -> Option<(Brief, Option<Timestamp>)> {
                let started = self.started_at();
                Some((self.brief, started))
            }
        }

        impl Held for $name {
            fn lease(&self) -> &Lease {
                &self.lease
            }
            fn started_at(&self) -> Option<Timestamp> {
                let $this = self;
                $started
            }
            fn brief(&self) -> &Brief {
                &self.brief
            }
            fn into_brief(self) -> Brief {
                self.brief
            }
        }
    };
}
held!(Claimed, _this => None);
held!(Running, this => Some(this.started_at));
