//! What can be done with a sprint run, in order of its life.

use super::pause::Pause;
use super::refusal::Refusal;
use super::state::{Cancelled, Done, Failed, Live, Paused, Queued, Run, Running, Step};
use super::words::{Event, PauseReason, PrStrategy};
use crate::domain::branch::BranchName;
use crate::domain::id::{RunId, TaskId};
use crate::domain::time::Timestamp;

/// Characters of a failure's reason that are kept (`original` 2.5).
pub const REASON_MAX: usize = 500;

/// What a new run takes over from the one it follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    /// The run that it follows; `previous_run_id` of the new one.
    pub previous: RunId,
    /// The branch that it goes on with, if one was made.
    pub branch: Option<BranchName>,
    /// The place from which work is left, from 0.
    pub from_order: u32,
}

impl Run<Queued> {
    /// Notes that the first job was claimed.
    pub fn claim_first(self, now: Timestamp) -> Step<Queued, Running> {
        self.step(Event::ClaimFirst, |Queued| Running { started_at: now })
    }
}

impl Run<Running> {
    /// Stops handing out jobs until a person resumes.
    pub fn pause(self, pause: Pause) -> Step<Running, Paused> {
        self.step(Event::Pause, |Running { started_at }| Paused { started_at, pause })
    }
}

impl Run<Paused> {
    /// Hands out jobs again.
    pub fn resume(self) -> Step<Paused, Running> {
        self.step(Event::Resume, |Paused { started_at, .. }| Running { started_at })
    }

    /// Ends the run in favour of a new one, which takes over its branch and what is left of its work: how a batch
    /// goes on after its quota (`original` 2.5).
    ///
    /// # Errors
    /// [`Refusal::ResumesInPlace`] for any other run and pause.
    pub fn supersede(
        self,
        strategy: PrStrategy,
        branch: Option<BranchName>,
        now: Timestamp,
    ) -> Result<(Step<Paused, Cancelled>, Continuation), Refusal> {
        let Pause::QuotaDepleted { last_completed, .. } = &self.state.pause else {
            return Err(Refusal::ResumesInPlace { strategy, reason: self.state.pause.reason() });
        };
        if strategy != PrStrategy::SprintBatch {
            return Err(Refusal::ResumesInPlace { strategy, reason: PauseReason::QuotaDepleted });
        }
        let from_order = last_completed.as_ref().map_or(0, |last| last.order.saturating_add(1));
        let next = Continuation { previous: self.id.clone(), branch, from_order };
        let step = self.step(Event::Supersede, |Paused { started_at, .. }| Cancelled {
            started_at: Some(started_at),
            finished_at: now,
        });
        Ok((step, next))
    }
}

impl<S: Live> Run<S> {
    /// Ends the run well.
    pub fn complete(self, now: Timestamp) -> Step<S, Done> {
        self.step(Event::Complete, |live| Done { started_at: live.started_at(), finished_at: now })
    }

    /// Ends the run badly.
    pub fn fail(self, reason: &str, failed_task: Option<TaskId>, now: Timestamp) -> Step<S, Failed> {
        let reason: String = reason.chars().take(REASON_MAX).collect();
        self.step(Event::Fail, |live| Failed {
            started_at: live.started_at(),
            finished_at: now,
            reason,
            failed_task,
        })
    }

    /// Ends the run without a result.
    pub fn cancel(self, now: Timestamp) -> Step<S, Cancelled> {
        self.step(Event::Cancel, |live| Cancelled { started_at: live.started_at(), finished_at: now })
    }
}
