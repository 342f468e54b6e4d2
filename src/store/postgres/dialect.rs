//! What the shared statements call PostgreSQL by, and the words in which it differs.

use sqlx::postgres::{PgArguments, PgRow};

use super::statement::statements;

pub(super) type Db = sqlx::Postgres;
pub(super) type DbRow = PgRow;
pub(super) type DbArguments = PgArguments;

/// Nobody waits for a turn to write.
pub(super) type Turn = std::convert::Infallible;

statements! {
    // The whole transaction has one time: when it began, or when it had what it waited for.
    NOW = "SELECT CAST(floor(extract(epoch FROM now()) * 1000) AS bigint), CAST(pg_backend_pid() AS bigint)";
    // A number of its own for each schema: a key is the whole database's, and the tables of others are not meant.
    SWEEP_ALONE = "SELECT pg_try_advisory_xact_lock( \
        hashtextextended(CAST(current_schema() AS text), 7307497712646779))";
    // Whoever waits for it makes all writers wait, so that it waits a moment only.
    LEDGER_PATIENCE = "SET LOCAL lock_timeout = '100ms'";
    LEDGER_ALONE = "LOCK TABLE ledger IN SHARE ROW EXCLUSIVE MODE";
    SAY_ALL = "SELECT pg_notify('scrum4me_changes', m) FROM json_array_elements_text(CAST($1 AS json)) AS m";
    EVENTS_KEPT_BACK = "SELECT count(*) AS events, min(at) AS since FROM (SELECT at FROM outbox \
        WHERE (xid, seq) > ($1, $2) AND xid >= (SELECT base FROM outbox_base WHERE single) \
            + CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) \
        ORDER BY xid, seq LIMIT $3) AS kept";
    // A user without the right to see others' sessions sees that they are there, and not since when.
    OLDEST_OPEN = "SELECT since, who FROM (\
            SELECT xact_start AS since, concat('process ', pid, ' in database ', datname) AS who FROM pg_stat_activity \
            WHERE backend_xid = CAST(pg_snapshot_xmin(pg_current_snapshot()) AS xid) \
            UNION ALL SELECT prepared, concat('prepared transaction ', gid, ' in database ', database) \
            FROM pg_prepared_xacts WHERE transaction = CAST(pg_snapshot_xmin(pg_current_snapshot()) AS xid)) AS open \
        LIMIT 1";
    REQUEST_ALONE = "SELECT pg_advisory_xact_lock( \
        hashtextextended(concat(current_schema(), ' ', CAST($1 AS text)), 7307497712646781))";
    LANE_ALONE = "SELECT pg_advisory_xact_lock( \
        hashtextextended(concat(current_schema(), ' ', CAST($1 AS text)), 7307497712646782))";
}

/// The statements that PostgreSQL alone runs.
pub(super) const OWN: &[&[(&str, &str)]] =
    &[ALL, super::doubt::ALL, super::moved::ALL, super::open::ALL, super::waker::ALL];

/// The statement that reads the database's clock, in milliseconds since 1970, and the number of the process that serves
/// this connection.
pub(super) const CLOCK: &str = NOW;
/// The statement that says whether this transaction is the only one that sweeps.
pub(super) const ALONE: Option<&str> = Some(SWEEP_ALONE);
/// The statement that waits until no other transaction answers the same request.
pub(super) const ONE_ANSWER: Option<&str> = Some(REQUEST_ALONE);
/// The statement that waits until no other transaction holds the same lane of effects.
pub(super) const LANE_HELD: Option<&str> = Some(LANE_ALONE);
/// The statements that wait, a moment only, until no other transaction has rows of the ledger under way, and let none
/// begin.
pub(super) const NO_OTHER_ROWS: &[&str] = &[LEDGER_PATIENCE, LEDGER_ALONE];
/// The statement that says messages on the channel, the original's, to all who listen.
pub(super) const SAY: Option<&str> = Some(SAY_ALL);
/// The statements that say which events cannot be read yet, and because of whom.
pub(super) const KEPT_BACK: Option<(&str, &str)> = Some((EVENTS_KEPT_BACK, OLDEST_OPEN));
/// Whether there is only one transaction that writes.
pub(super) const ONE_WRITER: bool = false;

/// Ends a statement whose row is read to decide on it.
macro_rules! lock {
    ($table:literal) => {
        concat!(" FOR NO KEY UPDATE OF ", $table)
    };
}

/// Ends a statement whose row is to be removed: nobody begins to refer to it either.
macro_rules! lock_to_remove {
    ($table:literal) => {
        concat!(" FOR UPDATE OF ", $table)
    };
}

/// Ends a statement that takes what nobody else is taking.
macro_rules! skip_locked {
    () => {
        " FOR NO KEY UPDATE SKIP LOCKED"
    };
}

/// How the outbox is written and read in order, by transactions that are over: what one that is still open writes has
/// its number at least, which is not below the oldest of them. One that began before another may move an entity after
/// it. Whoever moved it before was over when this statement began, so that no event of the entity has a higher number than
/// the last transaction that was over by then: this one has it at least. All are counted from the base that opening the
/// database sets. A place is $1 and $2.
macro_rules! outbox_order {
    (writer) => {
        "(SELECT base FROM outbox_base WHERE single) \
        + greatest(CAST(CAST(pg_current_xact_id() AS text) AS bigint), \
            CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint) - 1)"
    };
    (after) => {
        "(xid, seq) > ($1, $2) \
        AND xid < (SELECT base FROM outbox_base WHERE single) \
            + CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"
    };
    (up_to) => {
        "(xid, seq) <= ($1, $2) \
        AND xid < (SELECT base FROM outbox_base WHERE single) \
            + CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"
    };
    (forward) => {
        "xid, seq"
    };
    (backward) => {
        "xid DESC, seq DESC"
    };
}

/// One row with a document of rows, each an array of its cells, in order.
macro_rules! json_rows {
    (cells $cells:expr, of $rows:expr, by $order:literal) => {
        concat!(
            "SELECT json_agg(json_build_array(",
            $cells,
            ") ORDER BY ",
            $order,
            ") AS page FROM (",
            $rows,
            ") AS r"
        )
    };
}

/// The database's clock, read anew, as milliseconds since 1970.
macro_rules! clock {
    () => {
        "CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)"
    };
}

/// A time as its number of milliseconds since 1970: a whole one, unless somebody wrote the time past this program.
macro_rules! millis {
    ($column:literal) => {
        concat!("trim_scale(extract(epoch FROM ", $column, ") * 1000)")
    };
}

/// The last number that a row of the ledger was given.
macro_rules! last_number {
    () => {
        "(SELECT last_value FROM ledger_seq_seq)"
    };
}

/// Is one of these few: they are looked up one by one, however many the planner takes them for.
macro_rules! among {
    ($rows:expr) => {
        concat!("= ANY (ARRAY(", $rows, "))")
    };
}

/// The rows of the document that is $1, as w: an array of objects, whose fields have these names and kinds.
macro_rules! given {
    ($first:ident $kind:ident $(, $column:ident $of:ident)*) => {
        concat!(
            "json_to_recordset(CAST($1 AS json)) AS w(",
            stringify!($first), super::dialect::given!(@ $kind),
            $(", ", stringify!($column), super::dialect::given!(@ $of),)*
            ")"
        )
    };
    (@ text) => { " text" };
    (@ number) => { " bigint" };
    (@ truth) => { " boolean" };
}

/// Is one of the texts that an array lists, which is a document.
macro_rules! listed {
    ($document:literal) => {
        concat!("= ANY (ARRAY(SELECT json_array_elements_text(CAST(", $document, " AS json))))")
    };
}

/// Ends a statement whose rows are read to decide on them, in the order in which all lock them.
macro_rules! lock_in_order {
    ($table:literal) => {
        concat!(" ORDER BY ", $table, ".id FOR NO KEY UPDATE OF ", $table)
    };
}

/// A time, from its number of milliseconds since 1970.
macro_rules! moment {
    ($millis:literal) => {
        concat!("to_timestamp(CAST(", $millis, " AS double precision) / 1000)")
    };
}

/// A document, from its text.
macro_rules! document {
    ($text:literal) => {
        concat!("CAST(", $text, " AS json)")
    };
}

pub(super) use {
    among, clock, document, given, json_rows, last_number, listed, lock, lock_in_order, lock_to_remove,
    millis, moment, outbox_order, skip_locked,
};
