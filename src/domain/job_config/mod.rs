//! How the agent of a job is run: what the task demands, what the job asks for, what its product prefers, and
//! what its kind is run with otherwise (`original` 10).
//!
//! ```
//! use sprintgate::domain::job::Kind;
//! use sprintgate::domain::job_config::{Effort, OPUS, SONNET, Wishes, resolve};
//!
//! let job = Wishes { thinking_budget: Some(20_000), ..Wishes::default() };
//! let product = Wishes { thinking_budget: Some(0), ..Wishes::default() };
//! let config = resolve(Kind::TaskImplementation, false, &job, &product);
//! assert_eq!((config.model.as_str(), config.effort()), (SONNET, Effort::XHigh));
//!
//! // What a task demands it gets, whatever anybody wishes.
//! let config = resolve(Kind::TaskImplementation, true, &job, &product);
//! assert_eq!(config.model, OPUS);
//! ```

mod defaults;
mod resolve;
mod tools;
mod words;

pub use defaults::{OPUS, SONNET, of};
pub use resolve::{JobConfig, Wishes, resolve};
pub use tools::{Tool, allowed_tools};
pub use words::{Effort, PermissionMode};
