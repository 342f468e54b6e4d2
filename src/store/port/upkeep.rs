//! A database as something that a person keeps: looked at, brought up to date, saved, checked.

use std::path::Path;

use async_trait::async_trait;

use super::{Tx, Whole};
use crate::store::{Check, Extent, Rule, Saved, Schema, StoreError};

/// A database that is kept. Unlike [`Store`](super::Store) it is reached without its schema being changed.
#[async_trait]
pub trait Upkeep: Send + Sync + 'static {
    /// What kind of database it is, in a word.
    fn kind(&self) -> &'static str;

    /// Where it is, without secrets.
    fn place(&self) -> String;

    /// Which version of the schema it has.
    async fn schema(&self) -> Result<Schema, StoreError>;

    /// Brings the schema up to date, under the lock that everybody takes who does; which version it had.
    async fn migrate(&self) -> Result<i64, StoreError>;

    /// Its sizes and settings.
    async fn extent(&self) -> Result<Extent, StoreError>;

    /// Begins a transaction that only reads, from one snapshot. The schema has to be up to date.
    async fn read(&self) -> Result<Box<dyn Tx>, StoreError>;

    /// Writes a copy of it to a file that is not there yet, while others go on writing; the copy is on the disk and
    /// was read again. Nothing where only the database's own tools can do that.
    async fn save(&self, file: &Path) -> Result<Option<Saved>, StoreError>;

    /// Whether its files, constraints, tables and triggers are sound and as the migrations make them.
    async fn check(&self) -> Result<Vec<Check>, StoreError>;

    /// All of it, to be read. Nobody else can write until it is dropped.
    async fn whole(&self) -> Result<Box<dyn Whole>, StoreError>;

    /// All of it, to be written in one transaction. Nobody else can write until that is over.
    async fn blank(&self) -> Result<Box<dyn Whole>, StoreError>;
}

/// What stands in the rows that those who keep a database ask for.
#[async_trait]
pub trait Standing {
    /// The law as the database has it.
    async fn rules(&mut self) -> Result<Vec<Rule>, StoreError>;
}
