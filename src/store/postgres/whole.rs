//! A whole database, read or written in one transaction.

use async_trait::async_trait;
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Row};

use super::cells::Cells;
use super::dialect::DbRow;
use super::error::store_error;
use super::opened::Opened;
use super::tx::{Bound, DbTx};
use crate::store::clock::Clock;
use crate::store::{Cell, Column, Kind, Moved, Numbers, StoreError, Table, Tx, Whole};

/// Of every table that other databases have too.
const COLUMNS: &str = "SELECT CAST(c.relname AS text) AS of, CAST(a.attname AS text) AS name, \
    format_type(a.atttypid, a.atttypmod) AS type, a.attgenerated <> '' AS generated, \
    CAST(coalesce(array_position(CAST(k.conkey AS smallint[]), a.attnum), 0) AS bigint) AS pk \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
    LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p' \
    WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r' \
        AND c.relname NOT IN ('_sqlx_migrations', 'outbox_base') ORDER BY c.relname COLLATE \"C\", a.attnum";
const NAMES: &str = "SELECT string_agg(quote_ident(relname), ', ' ORDER BY relname) FROM pg_class \
    WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = 'r'";
/// Tables whose rows are numbered, and the name of what numbers them.
const NUMBERED: &str = "SELECT CAST(c.relname AS text) AS of, CAST(a.attname AS text) AS name, \
    pg_get_serial_sequence(quote_ident(c.relname), a.attname) AS sequence \
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> '' \
    WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind = 'r' ORDER BY 1";
const KEYS: &str = "SELECT CAST(conrelid AS regclass) || '' AS of, quote_ident(conname) AS name, \
    pg_get_constraintdef(oid) AS text FROM pg_constraint \
    WHERE connamespace = CAST(current_schema() AS regnamespace) AND contype = 'f' ORDER BY conrelid, conname";

/// The outbox in the order in which it is read, numbered so that the number alone has that order.
const OUTBOX: &str = "(SELECT s.seq, CAST(0 AS bigint) AS xid, o.at, o.type, o.machine, o.entity, o.entity_seq, \
        o.event, o.from_status, o.to_status, o.user_id, o.product_id, o.payload \
    FROM (SELECT *, row_number() OVER (ORDER BY xid, seq) AS n FROM outbox) o \
    JOIN (SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM outbox) s ON s.n = o.n)";
/// The places of its consumers in that order: before the first event that they have not seen, else behind all.
const PLACES: &str = "(SELECT c.name, CAST(0 AS bigint) AS place_xid, \
        CASE WHEN c.place_xid = 0 AND NOT EXISTS (SELECT 1 FROM outbox WHERE xid <> 0) THEN c.place_seq \
        ELSE coalesce((SELECT s.seq - 1 FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS n FROM outbox) s \
                WHERE s.n = 1 + (SELECT count(*) FROM outbox o WHERE (o.xid, o.seq) <= (c.place_xid, c.place_seq))), \
            greatest(c.place_seq, (SELECT max(seq) FROM outbox))) END AS place_seq, c.seen_at, c.created_at \
    FROM outbox_consumers c)";

/// All tables of a database, in a transaction that nobody else writes beside.
pub(super) struct PostgresWhole {
    tx: DbTx,
    /// The tables whose triggers stand aside, and the foreign keys that do, as they were made.
    aside: (Vec<String>, Vec<(String, String, String)>),
    /// Whether the events are being read: their order is made once, not once a page.
    events: bool,
}

impl PostgresWhole {
    /// From one snapshot, which begins when nobody else can write.
    pub(super) async fn reading(pool: &PgPool) -> Result<Self, StoreError> {
        Self::begin(pool, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SHARE").await
    }

    pub(super) async fn writing(pool: &PgPool) -> Result<Self, StoreError> {
        Self::begin(pool, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", "SHARE ROW EXCLUSIVE").await
    }

    async fn begin(pool: &PgPool, begin: &'static str, lock: &str) -> Result<Self, StoreError> {
        let names: Option<String> = sqlx::query_scalar(NAMES).fetch_one(pool).await.map_err(store_error)?;
        // A lock needs no snapshot; the clock that is read behind it does.
        let begin = match names {
            Some(names) => format!("{begin}; LOCK TABLE {names} IN {lock} MODE"),
            None => begin.to_owned(),
        };
        let tx = Opened::begin(pool, &begin).await.map_err(store_error)?;
        let tx = DbTx::start(tx, &Clock::Database, None, pool.clone(), None, false);
        Ok(Self { tx, aside: (Vec::new(), Vec::new()), events: false })
    }

    /// The next rows of a statement that began before, or begins now.
    async fn events(&mut self, text: String, begin: bool, limit: u32) -> Result<Vec<DbRow>, StoreError> {
        if begin {
            self.say(format!("DECLARE copied_events NO SCROLL CURSOR FOR {text}")).await?;
            self.events = true;
        }
        if !self.events {
            return Ok(Vec::new());
        }
        let fetch = sqlx::query(AssertSqlSafe(format!("FETCH {limit} FROM copied_events")));
        let rows = self.tx.all(fetch.persistent(false)).await?;
        if rows.len() < limit as usize {
            self.say("CLOSE copied_events".to_owned()).await?;
            self.events = false;
        }
        Ok(rows)
    }

    async fn say(&mut self, text: String) -> Result<(), StoreError> {
        self.tx.run(sqlx::query(AssertSqlSafe(text)).persistent(false)).await.map(drop)
    }
}

#[async_trait]
impl Whole for PostgresWhole {
    async fn tables(&mut self) -> Result<Vec<Table>, StoreError> {
        let mut tables: Vec<(Table, Vec<(i64, String)>)> = Vec::new();
        for row in self.tx.all(sqlx::query(COLUMNS)).await? {
            let cells = Cells(&row);
            let (of, name): (String, String) = (cells.get("of")?, cells.get("name")?);
            if tables.last().is_none_or(|(table, _)| table.name != of) {
                tables.push((Table { name: of, columns: Vec::new(), key: Vec::new() }, Vec::new()));
            }
            let Some((table, key)) = tables.last_mut() else { continue };
            let pk: i64 = cells.get("pk")?;
            if pk > 0 {
                key.push((pk, name.clone()));
            }
            let kind = match cells.get::<&str>("type")? {
                "bigint" | "integer" | "smallint" => Some(Kind::Integer),
                "double precision" | "numeric(12,6)" => Some(Kind::Real),
                "date" => Some(Kind::Date),
                "text" => Some(Kind::Text),
                "boolean" => Some(Kind::Boolean),
                "timestamp with time zone" => Some(Kind::Time),
                "json" => Some(Kind::Json),
                "jsonb" => Some(Kind::Document),
                _ => None,
            };
            table.columns.push(Column { name, kind, generated: cells.get("generated")? });
        }
        let keyed = |(mut table, mut key): (Table, Vec<(i64, String)>)| {
            key.sort_unstable();
            table.key = key.into_iter().map(|(_, name)| name).collect();
            table
        };
        Ok(tables.into_iter().map(keyed).collect())
    }

    async fn numbers(&mut self) -> Result<Vec<Numbers>, StoreError> {
        let mut numbers = Vec::new();
        for row in self.tx.all(sqlx::query(NUMBERED)).await? {
            let sequence: String = Cells(&row).get("sequence")?;
            let ask = format!("SELECT last_value + CAST(is_called AS integer) FROM {sequence}");
            let next = self.tx.scalar(sqlx::query(AssertSqlSafe(ask))).await?;
            numbers.push(Numbers { table: Cells(&row).get("of")?, next });
        }
        Ok(numbers)
    }

    async fn page(
        &mut self,
        moved: &Moved,
        after: &[Cell],
        limit: u32,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        let columns: Vec<String> = moved.columns.iter().map(|(name, kind)| given(name, *kind)).collect();
        let key: Vec<String> = moved
            .key
            .iter()
            .filter_map(|at| moved.columns.get(*at))
            .map(|(name, kind)| ordered(name, *kind))
            .collect();
        let key = key.join(", ");
        let places = (1..=after.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let behind = match after {
            [] => String::new(),
            _ => format!("WHERE ({key}) > ({places})"),
        };
        let columns = columns.join(", ");
        let of = match moved.table.as_str() {
            "outbox" => {
                let text = format!("SELECT {columns} FROM {OUTBOX} AS r ORDER BY {key}");
                let rows = self.events(text, after.is_empty(), limit).await?;
                return rows.iter().map(|row| cells(row, moved)).collect();
            }
            "outbox_consumers" => PLACES.to_owned(),
            other => quoted(other),
        };
        let text = format!("SELECT {columns} FROM {of} AS r {behind} ORDER BY {key} LIMIT {limit}");
        let mut query = sqlx::query(AssertSqlSafe(text));
        for cell in after {
            query = match cell {
                Cell::Integer(number) => query.bind(*number),
                Cell::Real(number) => query.bind(*number),
                Cell::Text(text) => query.bind(text.clone()),
                Cell::Null => query.bind(None::<String>),
            };
        }
        let rows = self.tx.all(query).await?;
        rows.iter().map(|row| cells(row, moved)).collect()
    }

    async fn open_up(&mut self) -> Result<(), StoreError> {
        for row in self.tx.all(sqlx::query(KEYS)).await? {
            let cells = Cells(&row);
            let (of, name): (String, String) = (cells.get("of")?, cells.get("name")?);
            self.say(format!("ALTER TABLE {of} DROP CONSTRAINT {name}")).await?;
            self.aside.1.push((of, name, cells.get("text")?));
        }
        for table in self.tables().await? {
            self.say(format!("ALTER TABLE {} DISABLE TRIGGER USER", quoted(&table.name))).await?;
            self.aside.0.push(table.name);
        }
        Ok(())
    }

    async fn put(&mut self, moved: &Moved, rows: Vec<Vec<Cell>>) -> Result<(), StoreError> {
        let names: Vec<String> = moved.columns.iter().map(|(name, _)| quoted(name)).collect();
        let (mut sent, mut taken) = (Vec::new(), Vec::new());
        for (n, (_, kind)) in (1..).zip(&moved.columns) {
            sent.push(format!("CAST(${n} AS {}[])", sent_as(*kind)));
            taken.push(taken_from(n, *kind));
        }
        let text = format!(
            "INSERT INTO {} ({}) SELECT {} FROM unnest({}) AS sent ({})",
            quoted(&moved.table),
            names.join(", "),
            taken.join(", "),
            sent.join(", "),
            (1..=names.len()).map(|n| format!("c{n}")).collect::<Vec<_>>().join(", ")
        );
        let mut columns: Vec<Vec<Cell>> =
            moved.columns.iter().map(|_| Vec::with_capacity(rows.len())).collect();
        for row in rows {
            columns.iter_mut().zip(row).for_each(|(column, cell)| column.push(cell));
        }
        let mut query = sqlx::query(AssertSqlSafe(text));
        for (column, (_, kind)) in columns.into_iter().zip(&moved.columns) {
            query = bound(query, column, *kind);
        }
        self.tx.run(query).await.map(drop)
    }

    async fn count_on(&mut self, numbers: &Numbers) -> Result<(), StoreError> {
        for row in self.tx.all(sqlx::query(NUMBERED)).await? {
            let cells = Cells(&row);
            if cells.get::<&str>("of")? == numbers.table {
                let (of, column): (&str, &str) = (cells.get("of")?, cells.get("name")?);
                let (of, column, next) = (quoted(of), quoted(column), numbers.next);
                self.say(format!("ALTER TABLE {of} ALTER COLUMN {column} RESTART WITH {next}")).await?;
            }
        }
        Ok(())
    }

    async fn close_up(&mut self) -> Result<(), StoreError> {
        let (tables, keys) = std::mem::take(&mut self.aside);
        for (of, name, text) in keys {
            self.say(format!("ALTER TABLE {of} ADD CONSTRAINT {name} {text}")).await?;
        }
        for table in tables {
            self.say(format!("ALTER TABLE {} ENABLE TRIGGER USER", quoted(&table))).await?;
            // So that the next statement, and the first claim, know how large it is.
            self.say(format!("ANALYZE {}", quoted(&table))).await?;
        }
        Ok(())
    }

    fn tx(&mut self) -> &mut dyn Tx {
        &mut self.tx
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        Box::new(self.tx).commit().await
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A column as it is read.
fn given(name: &str, kind: Kind) -> String {
    let name = quoted(name);
    match kind {
        Kind::Integer => format!("CAST({name} AS bigint)"),
        Kind::Boolean => format!("CAST(CAST({name} AS integer) AS bigint)"),
        Kind::Time => format!("CAST(floor(extract(epoch FROM {name}) * 1000) AS bigint)"),
        Kind::Real => format!("CAST({name} AS double precision)"),
        Kind::Text | Kind::Date | Kind::Json | Kind::Document => format!("CAST({name} AS text)"),
    }
}

/// A column of a key, in the order of its bytes.
fn ordered(name: &str, kind: Kind) -> String {
    let name = quoted(name);
    if kind == Kind::Text { format!("{name} COLLATE \"C\"") } else { name }
}

/// The type that a column's values are sent as.
fn sent_as(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer | Kind::Boolean | Kind::Time => "bigint",
        Kind::Real => "double precision",
        Kind::Text | Kind::Date | Kind::Json | Kind::Document => "text",
    }
}

/// A value of the `n`th column, as the table has it.
fn taken_from(n: usize, kind: Kind) -> String {
    match kind {
        Kind::Integer | Kind::Real | Kind::Text => format!("c{n}"),
        Kind::Boolean => format!("c{n} <> 0"),
        Kind::Time => format!("CAST('epoch' AS timestamptz) + c{n} * CAST('1 millisecond' AS interval)"),
        Kind::Date => format!("CAST(c{n} AS date)"),
        Kind::Json => format!("CAST(c{n} AS json)"),
        Kind::Document => format!("CAST(c{n} AS jsonb)"),
    }
}

fn bound<'q>(query: Bound<'q>, column: Vec<Cell>, kind: Kind) -> Bound<'q> {
    match sent_as(kind) {
        "bigint" => {
            query.bind(of_column(column, |cell| if let Cell::Integer(n) = cell { Some(n) } else { None }))
        }
        "text" => {
            query.bind(of_column(column, |cell| if let Cell::Text(text) = cell { Some(text) } else { None }))
        }
        _ => query.bind(of_column(column, |cell| if let Cell::Real(n) = cell { Some(n) } else { None })),
    }
}

fn of_column<T>(column: Vec<Cell>, value: impl Fn(Cell) -> Option<T>) -> Vec<Option<T>> {
    column.into_iter().map(value).collect()
}

fn cells(row: &DbRow, moved: &Moved) -> Result<Vec<Cell>, StoreError> {
    let cell = |(at, (_, kind)): (usize, &(String, Kind))| {
        let cell = match kind {
            Kind::Integer | Kind::Boolean | Kind::Time => {
                row.try_get(at).map(|n: Option<i64>| n.map(Cell::Integer))
            }
            Kind::Real => row.try_get(at).map(|n: Option<f64>| n.map(Cell::Real)),
            Kind::Text | Kind::Date | Kind::Json | Kind::Document => {
                row.try_get(at).map(|text: Option<String>| text.map(Cell::Text))
            }
        };
        Ok(cell.map_err(store_error)?.unwrap_or(Cell::Null).settled(*kind))
    };
    moved.columns.iter().enumerate().map(cell).collect()
}
