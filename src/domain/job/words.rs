//! The words of the job machine: states, events, kinds of work and causes of an end.

use crate::domain::machine::{legal, words};

words! {
    /// Where a job is in its life.
    pub enum Status: "job status" {
        /// Waits for a worker.
        Queued = "QUEUED",
        /// A worker has it and prepares.
        Claimed = "CLAIMED",
        /// A worker works on it.
        Running = "RUNNING",
        /// Ended well, with proof.
        Done = "DONE",
        /// Ended badly.
        Failed = "FAILED",
        /// Ended without a result.
        Cancelled = "CANCELLED",
    }
}

words! {
    /// What can happen to a job.
    pub enum Event: "job event" {
        /// A worker takes it; a new attempt begins.
        Claim = "claim",
        /// The worker begins to work.
        Start = "start",
        /// The attempt is given back, because something outside of the work was missing.
        Release = "release",
        /// The lease ran out.
        Expire = "expire",
        /// The work passed the gate.
        Finish = "finish",
        /// The work failed.
        Fail = "fail",
        /// The worker found nothing to do.
        Skip = "skip",
        /// A person, a cascade or the end of its run stops it.
        Cancel = "cancel",
    }
}

words! {
    /// What kind of work a job is.
    pub enum Kind: "job kind" {
        /// Questions an idea until it is clear.
        IdeaGrill = "IDEA_GRILL",
        /// Writes an idea's plan.
        IdeaMakePlan = "IDEA_MAKE_PLAN",
        /// Reviews an idea's plan.
        IdeaReviewPlan = "IDEA_REVIEW_PLAN",
        /// Answers a person's questions about a plan.
        PlanChat = "PLAN_CHAT",
        /// Implements one task.
        TaskImplementation = "TASK_IMPLEMENTATION",
        /// Implements the tasks of a sprint in one go.
        SprintImplementation = "SPRINT_IMPLEMENTATION",
    }
}

impl Kind {
    /// Whether the work is judged by its diff.
    #[must_use]
    pub fn changes_code(self) -> bool {
        matches!(self, Self::TaskImplementation | Self::SprintImplementation)
    }
}

words! {
    /// Why a job ended, kept beside its status.
    pub enum EndCause: "end cause" {
        /// The gate opened on evidence.
        Finished = "finished",
        /// The gate opened on a person's word.
        Waived = "waived",
        /// The worker reported a failure of the work.
        Reported = "reported",
        /// The last attempt's lease ran out.
        Expired = "expired",
        /// The last attempt was given back.
        GivenBack = "given_back",
        /// The branch could not be published.
        Push = "push",
        /// A person cancelled it.
        User = "user",
        /// Another job of the same product backlog item failed; `caused_by` names it.
        Cascade = "cascade",
        /// Its sprint run ended.
        Run = "run",
        /// There was nothing to do.
        Skipped = "skipped",
    }
}

impl Status {
    /// Whether nothing can happen to it any more.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// Whether a worker holds it.
    #[must_use]
    pub fn is_held(self) -> bool {
        matches!(self, Self::Claimed | Self::Running)
    }

    /// The events that are legal here, in the table's order, each once.
    #[must_use]
    pub fn legal_next(self) -> Vec<Event> {
        legal(super::TRANSITIONS, self)
    }
}

impl EndCause {
    /// Whether it is a failure of the surroundings and not of the work: such a failure starts no cascade
    /// unless the product asks for it.
    #[must_use]
    pub fn is_infrastructure(self) -> bool {
        matches!(self, Self::Expired | Self::GivenBack | Self::Push)
    }
}
