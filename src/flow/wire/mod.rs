//! Arguments and answers of the use cases, with the field names that agents' prompts use (`original` 3). Only
//! shapes: what they mean is decided by the verbs beside this folder.

mod archive;
mod audit;
mod backlog;
mod board;
mod cascade;
mod effects;
mod events;
mod job;
mod pbi;
mod queue;
mod resumed;
mod salvage;
mod upkeep;
mod worktrees;

pub use crate::reading::{
    CheckQueueEmpty, CreatePbi, CreateStory, CreateTask, GetClaudeContext, JobHeartbeat, ListProducts,
    MarkPbiPrMerged, ReportStatus, SetPbiPr, UpdateJobStatus, UpdateTaskPlan, UpdateTaskStatus, VerifyTask,
    WaitForJob,
};
pub use crate::store::{Check, Current, LedgerEntry, Migration, Saved, Schema, Setting, TableExtent};
pub use archive::{ArchiveReport, Archived};
pub use audit::{ArchiveLine, AuditReport, CheckpointLine, Checkpointed, Exported, Replayed};
pub use backlog::{
    ClaudeContext, ContextStory, ContextTask, Created, ProductView, Products, SprintView, TaskAnswer,
};
pub use board::{
    AttemptView, Board, Explanation, HistoryLine, JobDetail, JobLine, KeptView, PublicationView, RunLine,
    StoryLine, TaskLine,
};
pub use cascade::{CascadePlan, CascadeStep, StepEffect};
pub use effects::{EffectDetail, EffectTally, EffectView, Effects, EffectsHealth, RetriedEffects};
pub use events::{ConsumerView, Consumers, EventView, Holder};
pub use job::{
    Config, Heartbeat, JobAnswer, Notice, PbiBrief, ProductBrief, Reported, SprintBrief, StoryBrief,
    TaskBrief, Verified,
};
pub use pbi::{PbiPr, PbiPrMerged};
pub use queue::{Health, QueueAnswer};
pub use resumed::{ResumedPr, RunResumed};
pub use salvage::{
    PrunedSalvages, RestoredSalvage, SalvageDetail, SalvageView, SalvagedCommit, SalvagedFile, StayingSalvage,
};
pub use upkeep::{Checked, DatabaseStatus, StatusCount};
pub use worktrees::{
    Cleaned, CleanupMyWorktrees, ProductTree, RootView, SalvagedView, TenantView, VaultView, WorktreeView,
    Worktrees,
};
