//! What rows look like to the layers above, one file a subject.

mod backlog;
mod checkpoint;
mod effect;
mod idea;
mod job;
mod ledger;
mod outbox;
mod pull_request;
mod question;
mod run;
mod token;
mod worker;
mod worktree;

pub use backlog::{
    CodeKind, NewPbi, NewProduct, NewSprint, NewStory, NewTask, Pbi, Product, Sprint, Story, Task,
};
pub use checkpoint::{Checkpoint, Seal, Unbound};
pub use effect::{EffectRecord, NewEffect};
pub use idea::{IdeaRecord, NewIdea};
pub use job::{
    AttemptRecord, Confirmation, JobFilter, JobRecord, NewJob, Remaining, Sender, StopOrder, Usage,
    Verification,
};
pub use ledger::{Current, LedgerEntry};
pub use outbox::{ConsumerRecord, EventRecord, OldestOpen, Place, Unseen};
pub use pull_request::{NewPullRequest, PullRequestRecord};
pub use question::{About, NewQuestion, QuestionRecord};
pub use run::{NewRun, RunRecord, ScopeTask};
pub use token::{Answered, NewToken, NewUser, TokenKind, TokenRecord, User};
pub use worker::{NewWorker, WorkerRecord};
pub use worktree::LockHolder;
