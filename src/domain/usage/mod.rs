//! What an agent used, counted from the lines of its transcript, and what that costs (`original` 12).

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
