//! What an agent used, counted from the lines of its transcript, and what that costs (`original` 12).
//!
//! A transcript repeats itself: a message of several blocks stands on several lines, each with the usage of
//! the whole. Here it counts once.
//!
//! ```
//! use sprintgate::domain::usage::{
//!     Entry, Line, Message, MicroUnits, ModelId, Price, Tally, Tokens, cost,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let message = Message {
//!     id: Some("message-1".into()),
//!     role: Some("assistant".into()),
//!     model: Some("claude-sonnet-4-6".into()),
//!     usage: Some(Tokens { input: 1_000, output: 200, ..Tokens::default() }),
//!     content: None,
//! };
//! let line = Line { kind: Some("assistant".into()), message: Some(message), ..Line::default() };
//!
//! let mut tally = Tally::default();
//! let line = Entry::Line(Box::new(line));
//! for entry in [line.clone(), Entry::Malformed, line] {
//!     tally.add(entry);
//! }
//! let usage = tally.usage();
//! assert_eq!((usage.reading.lines, usage.reading.malformed), (3, 1));
//! assert_eq!(usage.own.total().output, 200);
//!
//! // Three units for a million tokens read, fifteen for a million written.
//! let (input, output) = (MicroUnits(3_000_000), MicroUnits(15_000_000));
//! let price = Price { input, output, ..Price::default() };
//! let prices = [(ModelId::new("claude-sonnet-4-6")?, price)].into();
//! assert_eq!(cost(&usage.own, &prices), Some(MicroUnits(6_000)));
//!
//! // Without a price of every model that was used there is no sum.
//! assert_eq!(cost(&usage.own, &[].into()), None);
//! # Ok(())
//! # }
//! ```

mod count;
mod line;
mod model;
mod price;
mod tally;
mod tokens;

pub use line::{Block, Content, Line, Message};
pub use model::{BadModelId, ModelId};
pub use price::{MicroUnits, Price, cost};
pub use tally::{Entry, Reading, Spent, Tally, Usage};
pub use tokens::Tokens;
