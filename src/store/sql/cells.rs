//! From a row's cells to the words, ids and times of the domain; what does not fit is an inconsistency.

use sqlx::{ColumnIndex, Decode, Row, Type};

use super::dialect::{Db, DbRow};
use super::error::store_error;
use super::values::{At, Document};
use crate::domain::machine::Word;
use crate::domain::time::Timestamp;
use crate::store::StoreError;

/// A row, read by column name.
pub(super) struct Cells<'r>(pub(super) &'r DbRow);

impl<'r> Cells<'r> {
    pub(super) fn get<T>(&self, column: &str) -> Result<T, StoreError>
    where
        T: Decode<'r, Db> + Type<Db>,
        for<'a> &'a str: ColumnIndex<DbRow>,
    {
        self.0.try_get(column).map_err(store_error)
    }

    pub(super) fn word<W: Word>(&self, column: &str) -> Result<W, StoreError> {
        Ok(W::parse(self.get::<&str>(column)?)?)
    }

    pub(super) fn word_if<W: Word>(&self, column: &str) -> Result<Option<W>, StoreError> {
        Ok(self.get::<Option<&str>>(column)?.map(W::parse).transpose()?)
    }

    /// An id or a commit: text of a known form.
    pub(super) fn id<I: TryFrom<String>>(&self, column: &str) -> Result<I, StoreError> {
        let text: String = self.get(column)?;
        I::try_from(text).map_err(|_| malformed(column))
    }

    pub(super) fn id_if<I: TryFrom<String>>(&self, column: &str) -> Result<Option<I>, StoreError> {
        let text: Option<String> = self.get(column)?;
        text.map(|text| I::try_from(text).map_err(|_| malformed(column))).transpose()
    }

    pub(super) fn time(&self, column: &str) -> Result<Timestamp, StoreError> {
        Ok(self.get::<At>(column)?.0)
    }

    pub(super) fn time_if(&self, column: &str) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.get::<Option<At>>(column)?.map(|at| at.0))
    }

    pub(super) fn json<D: serde::de::DeserializeOwned>(&self, column: &str) -> Result<D, StoreError> {
        self.json_if(column)?.ok_or_else(|| malformed(column))
    }

    /// A document.
    pub(super) fn json_if<D: serde::de::DeserializeOwned>(
        &self,
        column: &str,
    ) -> Result<Option<D>, StoreError> {
        let kept: Option<Document> = self.get(column)?;
        kept.map(|kept| serde_json::from_str(&kept.0).map_err(|_| malformed(column))).transpose()
    }

    /// A number that is kept wider than it is.
    pub(super) fn number<N: TryFrom<i64>>(&self, column: &str) -> Result<N, StoreError> {
        let number: i64 = self.get(column)?;
        N::try_from(number).map_err(|_| malformed(column))
    }

    pub(super) fn number_if<N: TryFrom<i64>>(&self, column: &str) -> Result<Option<N>, StoreError> {
        let number: Option<i64> = self.get(column)?;
        number.map(|number| N::try_from(number).map_err(|_| malformed(column))).transpose()
    }
}

fn malformed(column: &str) -> StoreError {
    StoreError::Inconsistent { what: format!("column {column} is malformed") }
}
