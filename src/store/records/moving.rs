//! Rows on their way from one database to another, in a form that both understand.

use super::super::digest;

/// What the values of a column are. A time is milliseconds since 1970, a boolean 0 or 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole number.
    Integer,
    /// A number.
    Real,
    /// Text.
    Text,
    /// A day of the calendar, as text.
    Date,
    /// Yes or no.
    Boolean,
    /// A time.
    Time,
    /// JSON whose text is kept letter by letter.
    Json,
    /// JSON of which only the meaning is kept.
    Document,
}

impl Kind {
    /// What a column is that one database calls this and another one that; nothing when they cannot be the same.
    #[must_use]
    pub fn with(self, other: Self) -> Option<Self> {
        use Kind::{Boolean, Date, Document, Integer, Json, Text, Time};
        match (self, other) {
            (one, same) if one == same => Some(one),
            (Integer, richer @ (Boolean | Time)) | (richer @ (Boolean | Time), Integer) => Some(richer),
            (Text, richer @ (Date | Json | Document)) | (richer @ (Date | Json | Document), Text) => {
                Some(richer)
            }
            _ => None,
        }
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// None.
    Null,
    /// A whole number, a time or a boolean.
    Integer(i64),
    /// A number.
    Real(f64),
    /// Text or JSON.
    Text(String),
}

impl Cell {
    /// The value in the one form that all databases give it back in.
    #[must_use]
    pub fn settled(self, kind: Kind) -> Self {
        match (kind, self) {
            (Kind::Document, Self::Text(text)) => {
                let document = serde_json::from_str::<serde_json::Value>(&text);
                Self::Text(document.map_or(text, |document| document.to_string()))
            }
            (_, cell) => cell,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let (tag, text) = match self {
            Self::Null => return out.extend_from_slice(b"-\n"),
            Self::Integer(number) => ('i', number.to_string()),
            // Its bits: what is written in decimal may be another number.
            Self::Real(number) => ('r', format!("{:016x}", number.to_bits())),
            Self::Text(text) => ('t', text.clone()),
        };
        out.extend_from_slice(format!("{tag}{}:{text}\n", text.len()).as_bytes());
    }
}

/// A table's columns as a database has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// The columns of its primary key.
    pub key: Vec<String>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds; nothing for a type that no table of this program has.
    pub kind: Option<Kind>,
    /// The database computes it.
    pub generated: bool,
}

/// What is read of a table and written to its like: columns in an order, and by which the rows are sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// The table.
    pub table: String,
    /// The columns with what they hold.
    pub columns: Vec<(String, Kind)>,
    /// Which of these columns are the key.
    pub key: Vec<usize>,
}

impl Moved {
    /// The key of a row.
    #[must_use]
    pub fn key_of(&self, row: &[Cell]) -> Vec<Cell> {
        self.key.iter().filter_map(|at| row.get(*at).cloned()).collect()
    }
}

/// The numbers that a table's rows are given: each once, also when the row is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Numbers {
    /// The table.
    pub table: String,
    /// The next one.
    pub next: i64,
}

/// How many rows there were, and what stood in them, whichever database they were read from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Content {
    rows: u64,
    hash: String,
}

impl Content {
    /// Takes the next row.
    pub fn add(&mut self, row: &[Cell]) {
        let mut bytes = self.hash.clone().into_bytes();
        row.iter().for_each(|cell| cell.write(&mut bytes));
        self.hash = digest(&bytes);
        self.rows += 1;
    }

    /// How many rows were taken.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// SHA-256 over the rows in their order; empty when there were none.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(rows: &[&[Cell]]) -> Content {
        let mut content = Content::default();
        rows.iter().for_each(|row| content.add(row));
        content
    }

    #[test]
    fn other_rows_have_another_hash() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let rows: [&[&[Cell]]; 9] = [
            &[],
            &[&[Cell::Null]],
            &[&[Cell::Integer(1)]],
            &[&[Cell::Real(1.0)]],
            &[&[text("1")]],
            &[&[text("1"), Cell::Null]],
            &[&[text("1")], &[Cell::Null]],
            &[&[Cell::Null], &[text("1")]],
            &[&[text("1\n-")]],
        ];
        for (n, one) in rows.iter().enumerate() {
            for (m, other) in rows.iter().enumerate() {
                assert_eq!(content(one) == content(other), n == m, "{one:?} {other:?}");
            }
        }
        assert_eq!(content(&[&[Cell::Null], &[Cell::Null]]).rows(), 2);
    }

    #[test]
    fn only_what_can_be_the_same_is() {
        use Kind::{Boolean, Date, Document, Integer, Json, Real, Text, Time};
        let kinds = [Integer, Real, Text, Date, Boolean, Time, Json, Document];
        for one in kinds {
            for other in kinds {
                let expected = match (one, other) {
                    _ if one == other => Some(one),
                    (Integer, Time) | (Time, Integer) => Some(Time),
                    (Integer, Boolean) | (Boolean, Integer) => Some(Boolean),
                    (Text, Date) | (Date, Text) => Some(Date),
                    (Text, Json) | (Json, Text) => Some(Json),
                    (Text, Document) | (Document, Text) => Some(Document),
                    _ => None,
                };
                assert_eq!(one.with(other), expected, "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_document_keeps_its_meaning_and_other_json_its_letters() {
        let text = Cell::Text("{\"b\": [1, 2], \"a\":null}".to_owned());
        let settled = Cell::Text("{\"a\":null,\"b\":[1,2]}".to_owned());
        assert_eq!(text.clone().settled(Kind::Document), settled);
        assert_eq!(text.clone().settled(Kind::Json), text);
        assert_eq!(Cell::Null.settled(Kind::Document), Cell::Null);
    }
}
