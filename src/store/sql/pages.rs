//! Pages of rows that leave the database as one JSON document: cell by cell takes several times as long. Those who look
//! whether somebody changed the rows read them, so that every row is read, whatever its cells hold.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::cells::Cells;
use super::dialect::DbRow;
use super::values::Page;
use crate::store::StoreError;

/// Stands for a text that is none; no id, word or hash has brackets.
const NO_TEXT: &str = "(null)";

/// A row that can be read of anything. What does not fit becomes what no writer writes, so that its hash is another.
pub(super) trait Rough: DeserializeOwned {
    fn of(cells: &mut Anything) -> Self;
}

/// The cells of a row, in order.
pub(super) struct Anything(std::vec::IntoIter<Value>);

impl Anything {
    /// What was not read yet, as it is.
    pub(super) fn rest(&mut self) -> Vec<Value> {
        self.0.by_ref().collect()
    }

    pub(super) fn text(&mut self) -> String {
        self.text_if().unwrap_or_else(|| NO_TEXT.to_owned())
    }

    pub(super) fn text_if(&mut self) -> Option<String> {
        match self.0.next()? {
            Value::Null => None,
            Value::String(text) => Some(text),
            other => Some(other.to_string()),
        }
    }

    pub(super) fn number(&mut self) -> i64 {
        self.number_if().unwrap_or(i64::MIN)
    }

    pub(super) fn number_if(&mut self) -> Option<i64> {
        match self.0.next()? {
            Value::Null => None,
            other => Some(other.as_i64().unwrap_or(i64::MIN)),
        }
    }
}

/// The rows of a page.
pub(super) fn page<R: Rough>(page: Option<DbRow>) -> Result<Vec<R>, StoreError> {
    let Some(row) = page else { return Ok(Vec::new()) };
    let Some(page) = Cells(&row).get::<Option<Page>>("page")? else { return Ok(Vec::new()) };
    if let Ok(rows) = serde_json::from_str(&page.0) {
        return Ok(rows);
    }
    let rows: Vec<Vec<Value>> = serde_json::from_str(&page.0)
        .map_err(|error| StoreError::Inconsistent { what: format!("a page of rows: {error}") })?;
    Ok(rows.into_iter().map(|cells| R::of(&mut Anything(cells.into_iter()))).collect())
}
