//! The question machine: what an agent asks a person, from open to answered, cancelled, expired or closed
//! (`original` 2.8).
#![doc = include_str!("../../../docs/transitions/question.md")]

mod asked;
mod clauses;
mod moves;
mod refusal;
mod row;
mod state;
mod table;
mod words;

pub use asked::{Asked, BadOptions, OPTIONS_MAX, Options, TTL, TTL_MERGE_CONFLICT};
pub use clauses::CLAUSES;
pub use moves::ANSWER_MAX;
pub use refusal::Refusal;
pub use row::{Change, Row};
pub use state::{Answered, AnyQuestion, Cancelled, Closed, Expired, Open, Question, State, Step};
pub use table::{BORN, TRANSITIONS};
pub use words::{Event, Purpose, Status};
