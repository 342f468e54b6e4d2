//! The question machine: what an agent asks a person, from open to answered, cancelled, expired or closed
//! (`original` 2.8).
//!
#![doc = include_str!("../../../docs/transitions/question.md")]
//!
//! # What is known in which state
//!
//! What was [`Asked`] is frozen and true in all of them: by whom, with which answers to choose from, until
//! when. [`Answered`] has the answer, who gave it and when; the other ends have nothing more.
//!
//! # A life
//!
//! ```
//! use sprintgate::domain::actor::{Actor, ActorKind};
//! use sprintgate::domain::question::{Asked, Open, Options, Purpose, Question, Refusal, Status};
//! use sprintgate::domain::time::Timestamp;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let now = Timestamp(0);
//! let options = Options::new(vec!["cents".into(), "euros".into()])?;
//! let asked = Asked::at(now, "ann".parse()?, options, Purpose::Work);
//! let question = Question { id: "question-1".parse()?, asked, state: Open };
//!
//! // No agent answers its own question, and no answer is made up.
//! let (agent, ann) = (Actor::Agent("token-1".parse()?), Actor::Human("ann".parse()?));
//! let refused = question.clone().answer(&agent, "cents", now);
//! assert_eq!(refused, Err(Refusal::NotAPerson { kind: ActorKind::Agent }));
//! let refused = question.clone().answer(&ann, "dollars", now);
//! assert!(matches!(refused, Err(Refusal::NotAnOption { .. })));
//!
//! assert_eq!(question.answer(&ann, "cents", now)?.edge().to, Status::Answered);
//! # Ok(())
//! # }
//! ```

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
