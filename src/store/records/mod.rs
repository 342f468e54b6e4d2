//! What rows look like to the layers above, one file a subject.

mod archive;
mod backlog;
mod brief;
mod checkpoint;
mod effect;
mod idea;
mod job;
mod ledger;
mod lineage;
mod many;
mod moving;
mod outbox;
mod price;
mod pull_request;
mod question;
mod run;
mod salvage;
mod term;
mod token;
mod upkeep;
mod worker;
mod worktree;

pub use archive::{ArchiveRecord, ArchivedRow, Leaving, LeftRow, NewArchive};
pub use backlog::{
    CodeKind, NewPbi, NewProduct, NewSprint, NewStory, NewTask, Pbi, Product, Sprint, Story, Task,
};
pub use brief::Brief;
pub use checkpoint::{Checkpoint, Seal, Unbound};
pub use effect::{Added, EffectCount, EffectRecord, NewEffect};
pub use idea::{IdeaRecord, NewIdea};
pub use job::{
    AttemptRecord, ClaimFacts, Confirmation, JobFilter, JobRecord, NewJob, Remaining, Sender, StopOrder,
    Usage, Verification,
};
pub use ledger::{Current, LedgerEntry};
pub use lineage::Lineage;
pub use many::{LeaseRecord, RunBranch, TaskOfJob};
pub use moving::{Cell, Column, Content, Kind, Moved, Numbers, Table};
pub use outbox::{ConsumerRecord, EventRecord, OldestOpen, Place, Unseen};
pub use price::PriceRecord;
pub use pull_request::{EndedJob, NewPullRequest, PublicationFacts, PullRequestRecord};
pub use question::{About, NewQuestion, QuestionRecord};
pub use run::{NewRun, RunRecord, ScopeTask};
pub use salvage::{NewSalvage, SalvageKind, SalvageRecord};
pub use term::Term;
pub use token::{Answered, NewToken, NewUser, TokenKind, TokenRecord, User};
pub use upkeep::{Check, Extent, Migration, Rule, Saved, Schema, Setting, TableExtent};
pub use worker::{NewWorker, WorkerRecord};
pub use worktree::LockHolder;
