//! How the agent of a job is run: what the task demands, what the job asks for, what its product prefers, and what
//! its kind is run with otherwise (`original` 10).

mod defaults;
mod resolve;
mod tools;
mod words;

pub use defaults::{OPUS, SONNET, of};
pub use resolve::{JobConfig, Wishes, resolve};
pub use tools::{Tool, allowed_tools};
pub use words::{Effort, PermissionMode};
