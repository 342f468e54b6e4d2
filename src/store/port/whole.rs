//! A whole database within one transaction: every table, to be read from or written to.

use async_trait::async_trait;

use super::Tx;
use crate::store::{Cell, Moved, Numbers, StoreError, Table};

/// All tables of a database within one transaction. Dropping it without `commit` undoes what was written.
#[async_trait]
pub trait Whole: Send {
    /// The tables, by name, but the one in which migrations are noted.
    async fn tables(&mut self) -> Result<Vec<Table>, StoreError>;

    /// How the rows of its tables are numbered.
    async fn numbers(&mut self) -> Result<Vec<Numbers>, StoreError>;

    /// Rows behind the one with the key `after` (from the first where that is empty) in the order of their keys' bytes,
    /// at most `limit`. The outbox is given as if one transaction at a time had written it: in the order in which its
    /// consumers read it, and their places with it. Pages of a table are read one after another.
    async fn page(&mut self, moved: &Moved, after: &[Cell], limit: u32)
    -> Result<Vec<Vec<Cell>>, StoreError>;

    /// Lets rows in as they are: triggers and foreign keys stand aside, in this transaction only.
    async fn open_up(&mut self) -> Result<(), StoreError>;

    /// Adds rows.
    async fn put(&mut self, moved: &Moved, rows: Vec<Vec<Cell>>) -> Result<(), StoreError>;

    /// Numbers the rows of a table on from here.
    async fn count_on(&mut self, numbers: &Numbers) -> Result<(), StoreError>;

    /// Brings triggers and foreign keys back as they were, and looks whether every row has what it refers to.
    async fn close_up(&mut self) -> Result<(), StoreError>;

    /// The same transaction as others know one.
    fn tx(&mut self) -> &mut dyn Tx;

    /// Makes everything of this transaction last.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
