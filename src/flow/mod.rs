//! The use cases, a verb a file: the only place where rules, store and git meet.

mod error;
mod fresh;
mod session;
mod sprintgate;
mod stubs;
pub mod wire;

pub use error::{Blocker, FlowError, Retry};
pub use fresh::iso;
pub use session::{Caller, Session};
pub use sprintgate::{Settings, Sprintgate};
pub use stubs::*;
