//! What comes in as text and is read before anybody acts on it: plans, agents' transcripts, the arguments of tools.
//!
//! It imports `domain`, parses, and does nothing else. It is a layer of its own so that a fuzzer can build it in seconds.
//!
//! The promise: whatever the bytes are, they are read with every rule kept, or refused as [`Unfit`] by the name of what
//! does not fit, on one short line. A transcript is never refused: lines that are none are counted.
//!
//! ```
//! use sprintgate::reading::{VerifyTask, read_arguments};
//!
//! let mistyped = [("task_ID".to_owned(), "task-1".into())].into_iter().collect();
//! let refused = read_arguments::<VerifyTask>(mistyped).unwrap_err();
//! assert_eq!(refused.field, "task_ID");
//! ```

mod arguments;
mod asked;
mod plan;
mod transcript;
mod unfit;

pub use arguments::{ARGUMENTS_MAX, read_arguments};
pub use asked::{
    CheckQueueEmpty, CreatePbi, CreateStory, CreateTask, GetClaudeContext, JobHeartbeat, ListProducts,
    MarkPbiPrMerged, ReportStatus, SetPbiPr, UpdateJobStatus, UpdateTaskPlan, UpdateTaskStatus, VerifyTask,
    WaitForJob,
};
pub use plan::{DOCUMENT_MAX, read_plan};
pub use transcript::{LINE_MAX, read_usage};
pub use unfit::Unfit;
