//! What a check runs on: an empty database of its own.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use async_trait::async_trait;

use super::Failed;
use super::failed::there;
use crate::store::Store;

/// How a database spells what others spell otherwise.
#[derive(Debug, Clone, Copy)]
pub struct Spelling {
    /// A moment, by its milliseconds since 1970.
    pub time: fn(i64) -> String,
    /// There is a statement that puts a row in the place of another.
    pub replaces: bool,
}

/// An empty database of the check's own.
#[async_trait]
pub trait Bench: Send + Sync {
    /// Opens a store on it with connections of its own, as another process would.
    ///
    /// # Errors
    /// When it cannot be opened.
    async fn open(&self) -> Result<Arc<dyn Store>, Failed>;

    /// A connection past every layer of the program, to which the law and the ledger apply all the same.
    ///
    /// # Errors
    /// When there is none.
    async fn raw(&self) -> Result<Box<dyn Raw>, Failed>;

    /// The same without foreign keys, so that rows can be written that belong to nothing. They stay away.
    ///
    /// # Errors
    /// When there is none.
    async fn raw_without_keys(&self) -> Result<Box<dyn Raw>, Failed>;

    /// Waits until no transaction is open on it: what was begun lasts, or was undone.
    ///
    /// # Errors
    /// When one stays open.
    async fn quiet(&self) -> Result<(), Failed>;

    /// Waits until everything that was written can be read from the outbox.
    ///
    /// # Errors
    /// When a transaction of somebody else keeps it back.
    async fn settled(&self) -> Result<(), Failed>;

    /// Looks from now on whether transactions meet.
    ///
    /// # Errors
    /// When it cannot look.
    async fn watch(&self) -> Result<(), Failed>;

    /// How often transactions that write were seen to meet since then: one waited for another, or wrote in the middle of
    /// another. Never is an error: what is said to have raced did not.
    ///
    /// # Errors
    /// When none did; when it cannot be known.
    async fn met(&self) -> Result<u64, Failed>;

    /// The time that all its stores have.
    fn clock(&self) -> &Arc<AtomicI64>;

    /// Its spelling.
    fn spelling(&self) -> Spelling;

    /// A folder of the check's own, open to this user alone.
    fn folder(&self) -> &Path;

    /// Removes all of it.
    ///
    /// # Errors
    /// When something of it stays; the text says what.
    async fn remove(&self) -> Result<(), Failed>;
}

/// Somebody with a database tool.
#[async_trait]
pub trait Raw: Send {
    /// Runs statements and undoes them. What the database says when it refuses: the name of the constraint, or the
    /// words of the trigger.
    ///
    /// # Errors
    /// When it says anything else.
    async fn attempt(&mut self, sql: &str) -> Result<Result<(), String>, Failed>;

    /// Runs statements.
    ///
    /// # Errors
    /// When the database refuses.
    async fn run(&mut self, sql: &str) -> Result<(), Failed>;

    /// The rows of a query, each cell as text; a cell that is no text has to be cast to it.
    ///
    /// # Errors
    /// When the database refuses.
    async fn rows(&mut self, sql: &str) -> Result<Vec<Vec<Option<String>>>, Failed>;

    /// The first cell of a query's first row.
    ///
    /// # Errors
    /// When the database refuses, or there is none.
    async fn one(&mut self, sql: &str) -> Result<String, Failed> {
        there(sql, self.rows(sql).await?.into_iter().flatten().flatten().next())
    }

    /// Something that is another one when anything was written since, by somebody else. It may be another without.
    ///
    /// # Errors
    /// When the database refuses.
    async fn mark(&mut self) -> Result<String, Failed>;

    /// Every row of every table, each as a JSON object of its cells, in an order of their own.
    ///
    /// # Errors
    /// When the database refuses.
    async fn picture(&mut self) -> Result<Picture, Failed>;
}

/// Everything that a database keeps: the rows of its tables, by the name of the table.
pub type Picture = BTreeMap<String, Vec<String>>;

/// So many that met; none are too few.
pub(super) fn some(met: u64) -> Result<u64, Failed> {
    match met {
        0 => Err(Failed::otherwise("transactions that met", "some", "none: nothing raced")),
        met => Ok(met),
    }
}
