//! When a branch gets its pull request and when that is merged, and in which words (`original` 9.3 to 9.6). What the
//! machine of [`pull_request`](super::pull_request) allows, this asks for.
//!
//! # When
//!
//! A [`Scene`] is everything that matters, as it is now; [`due`] names the one thing to do. It is asked after every change
//! that can matter, and nothing depends on which of them came first:
//!
//! ```
//! use sprintgate::domain::backlog::story;
//! use sprintgate::domain::publication::{Due, Scene, Work, due};
//! use sprintgate::domain::{commit::CommitId, pull_request::Status, run::PrStrategy};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let head = CommitId::new("a".repeat(40))?;
//! // One of two jobs of a story is done, and its branch is pushed.
//! let first = Scene {
//!     status: Status::BranchPushed,
//!     strategy: PrStrategy::Story,
//!     head: Some(head.clone()),
//!     auto_pr: true,
//!     forge: true,
//!     story: Some(story::Status::InSprint),
//!     run: None,
//!     work: Work { open: 1, done: true, last_published: Some(head.clone()) },
//!     protected: false,
//!     undone: false,
//! };
//! assert_eq!(due(&first), Due::Open { draft: false });
//!
//! // The second changed nothing, and the story was done before the forge had answered: nothing is missed.
//! let story = Some(story::Status::Done);
//! let done = Scene { story, work: Work { open: 0, ..first.work.clone() }, ..first };
//! let opened = Scene { status: Status::PrOpened, ..done };
//! assert_eq!(due(&opened), Due::CompleteStory { head: head.clone() });
//!
//! // A branch that changes what checks run is for people.
//! let protected = Scene { protected: true, ..opened.clone() };
//! assert_eq!(due(&protected), Due::HandOver { head });
//!
//! // A commit that was not verified is not merged.
//! let moved = Scene { head: Some(CommitId::new("b".repeat(40))?), ..opened };
//! assert_eq!(due(&moved), Due::Nothing);
//! # Ok(())
//! # }
//! ```
//!
//! # In which words
//!
//! Titles ([`story_title`], [`sprint_title`], [`revert_title`]), the text ([`body`], [`revert_body`]), the commit that
//! merges it ([`squash`]) and a comment ([`held_back`]). Whatever an agent wrote goes through [`quote`].

mod body;
mod defused;
mod due;
mod protected;
mod quote;
mod scene;
mod titles;
mod trailers;
mod visible;

pub use body::{Reverted, Whose, body, marked, marker, revert_body, squash};
pub use due::{Due, due, still_merges};
pub use protected::{Protected, held_back, held_back_marker, protects};
pub use quote::{QUOTE_MAX, quote, quote_line};
pub use scene::{Scene, Work, WorkOf};
pub use titles::{TITLE_MAX, revert_title, sprint_title, story_title};
pub use trailers::{CommitTrailers, Trailers};
