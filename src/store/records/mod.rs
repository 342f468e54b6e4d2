//! What rows look like to the layers above, one file a subject.

mod backlog;
mod job;
mod ledger;
mod run;
mod token;

pub use backlog::{
    CodeKind, NewPbi, NewProduct, NewSprint, NewStory, NewTask, Pbi, Product, Sprint, Story, Task,
};
pub use job::{
    AttemptRecord, Confirmation, JobFilter, JobRecord, NewJob, Remaining, StopOrder, Usage, Verification,
};
pub use ledger::{Current, LedgerEntry};
pub use run::{NewRun, RunRecord, ScopeTask};
pub use token::{Answered, NewToken, NewUser, TokenKind, TokenRecord, User};
