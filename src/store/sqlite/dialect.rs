//! What the shared statements call SQLite by.

use sqlx::sqlite::{SqliteArguments, SqliteRow};

use super::statement::statements;

pub(super) type Db = sqlx::Sqlite;
pub(super) type DbRow = SqliteRow;
pub(super) type DbArguments = SqliteArguments;

/// The turn to write.
pub(super) type Turn = super::turns::Turn;

statements! {
    NOW = "SELECT CAST(round(unixepoch('subsec') * 1000) AS INTEGER), 0";
}

/// How the outbox is written and read in order. One transaction writes at a time, so that events have their numbers in
/// the order of commits, and whoever sees one sees all before it. A place is $1 (always 0 here) and $2.
macro_rules! outbox_order {
    (writer) => {
        "0"
    };
    (after) => {
        "seq > $2 AND xid >= $1"
    };
    (up_to) => {
        "seq <= $2 AND xid <= $1"
    };
    (forward) => {
        "seq"
    };
    (backward) => {
        "seq DESC"
    };
}

/// One row with a document of rows, each an array of its cells, in order.
macro_rules! json_rows {
    (cells $cells:expr, of $rows:expr, by $order:literal) => {
        concat!("SELECT json_group_array(json_array(", $cells, ")) AS page FROM (", $rows, ")")
    };
}

/// The database's clock, read anew, as milliseconds since 1970.
macro_rules! clock {
    () => {
        "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)"
    };
}

/// A time as its number of milliseconds since 1970.
macro_rules! millis {
    ($column:literal) => {
        $column
    };
}

/// The last number that a row of the ledger was given.
macro_rules! last_number {
    () => {
        "(SELECT seq FROM sqlite_sequence WHERE name = 'ledger')"
    };
}

/// The statements that SQLite alone runs.
pub(super) const OWN: &[&[(&str, &str)]] = &[ALL, super::open::ALL];

/// The statement that says whether this transaction is the only one that sweeps: it is, as the only one that writes.
pub(super) const ALONE: Option<&str> = None;
/// The statement that waits until no other transaction answers the same request.
pub(super) const ONE_ANSWER: Option<&str> = None;
/// The statement that waits until no other transaction holds the same lane of effects.
pub(super) const LANE_HELD: Option<&str> = None;
/// The statements that wait, a moment only, until no other transaction has rows of the ledger under way, and let none
/// begin.
pub(super) const NO_OTHER_ROWS: &[&str] = &[];
/// The statement that says messages on the channel to all who listen: there is none.
pub(super) const SAY: Option<&str> = None;
/// The statements that say which events cannot be read yet, and because of whom: what lasts can be read.
pub(super) const KEPT_BACK: Option<(&str, &str)> = None;
/// Whether there is only one transaction that writes.
pub(super) const ONE_WRITER: bool = true;

/// Ends a statement whose row is read to decide on it.
macro_rules! lock {
    ($table:literal) => {
        ""
    };
}

/// Ends a statement whose row is to be removed: nobody begins to refer to it either.
macro_rules! lock_to_remove {
    ($table:literal) => {
        ""
    };
}

/// Ends a statement that takes what nobody else is taking.
macro_rules! skip_locked {
    () => {
        ""
    };
}

/// Is one of these few: they are looked up one by one, as SQLite does anyway.
macro_rules! among {
    ($rows:expr) => {
        concat!("IN (", $rows, ")")
    };
}

/// The rows of the document that is $1, as w: an array of objects, whose fields have these names. A boolean is a number.
macro_rules! given {
    ($first:ident $kind:ident $(, $column:ident $of:ident)*) => {
        concat!(
            "(SELECT value ->> '$.", stringify!($first), "' AS ", stringify!($first),
            $(", value ->> '$.", stringify!($column), "' AS ", stringify!($column),)*
            " FROM json_each($1)) AS w"
        )
    };
}

/// Is one of the texts that an array lists, which is a document.
macro_rules! listed {
    ($document:literal) => {
        concat!("IN (SELECT value FROM json_each(", $document, "))")
    };
}

/// Ends a statement whose rows are read to decide on them.
macro_rules! lock_in_order {
    ($table:literal) => {
        ""
    };
}

/// A time, from its number of milliseconds since 1970.
macro_rules! moment {
    ($millis:literal) => {
        $millis
    };
}

/// A document, from its text.
macro_rules! document {
    ($text:literal) => {
        $text
    };
}

pub(super) use {
    among, clock, document, given, json_rows, last_number, listed, lock, lock_in_order, lock_to_remove,
    millis, moment, outbox_order, skip_locked,
};

/// The statement that reads the database's clock, in milliseconds since 1970. No other process serves a connection.
pub(super) const CLOCK: &str = NOW;
