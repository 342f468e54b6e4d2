//! A whole file, read or written in one transaction.

use async_trait::async_trait;
use sqlx::{AssertSqlSafe, Row};

use super::cells::Cells;
use super::dialect::DbRow;
use super::error::store_error;
use super::tx::DbTx;
use crate::store::{Cell, Column, Kind, Moved, Numbers, StoreError, Table, Tx, Whole};

/// `hidden` is 2 or 3 for a column that is computed.
const COLUMNS: &str = "SELECT m.name AS of, x.name AS name, upper(x.type) AS type, x.pk AS pk, x.hidden AS hidden \
    FROM sqlite_schema m, pragma_table_xinfo(m.name) x \
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND m.name NOT IN ('_sqlx_migrations', 'outbox_base') \
    ORDER BY m.name, x.cid";
const NUMBERS: &str = "SELECT name, seq + 1 AS next FROM sqlite_sequence ORDER BY name";
const TRIGGERS: &str = "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid";
const COUNT_ON: &str = "UPDATE sqlite_sequence SET seq = $2 WHERE name = $1";
const COUNT: &str = "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)";

/// All tables of a file, in a transaction that nobody else writes beside.
pub(super) struct SqliteWhole {
    tx: DbTx,
    /// The triggers that stand aside, as they were made.
    aside: Vec<String>,
}

impl SqliteWhole {
    pub(super) fn new(tx: DbTx) -> Self {
        Self { tx, aside: Vec::new() }
    }
}

#[async_trait]
impl Whole for SqliteWhole {
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
                "INTEGER" | "INT" => Some(Kind::Integer),
                "REAL" => Some(Kind::Real),
                "TEXT" => Some(Kind::Text),
                _ => None,
            };
            table.columns.push(Column { name, kind, generated: cells.get::<i64>("hidden")? > 1 });
        }
        let keyed = |(mut table, mut key): (Table, Vec<(i64, String)>)| {
            key.sort_unstable();
            table.key = key.into_iter().map(|(_, name)| name).collect();
            table
        };
        Ok(tables.into_iter().map(keyed).collect())
    }

    async fn numbers(&mut self) -> Result<Vec<Numbers>, StoreError> {
        let rows = self.tx.all(sqlx::query(NUMBERS)).await?;
        rows.iter()
            .map(|row| Ok(Numbers { table: Cells(row).get("name")?, next: Cells(row).get("next")? }))
            .collect()
    }

    async fn page(
        &mut self,
        moved: &Moved,
        after: &[Cell],
        limit: u32,
    ) -> Result<Vec<Vec<Cell>>, StoreError> {
        let columns: Vec<String> = moved.columns.iter().map(|(name, _)| quoted(name)).collect();
        let key: Vec<&str> = moved.key.iter().filter_map(|at| columns.get(*at)).map(String::as_str).collect();
        let places = (1..=after.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let behind = match after {
            [] => String::new(),
            _ => format!("WHERE ({}) > ({places})", key.join(", ")),
        };
        let text = format!(
            "SELECT {} FROM {} {behind} ORDER BY {} LIMIT {limit}",
            columns.join(", "),
            quoted(&moved.table),
            key.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for cell in after {
            query = bound(query, cell.clone());
        }
        let rows = self.tx.all(query).await?;
        rows.iter().map(|row| cells(row, moved)).collect()
    }

    async fn open_up(&mut self) -> Result<(), StoreError> {
        self.tx.run(sqlx::query("PRAGMA defer_foreign_keys = ON")).await?;
        for row in self.tx.all(sqlx::query(TRIGGERS)).await? {
            let (name, text): (String, String) = (Cells(&row).get("name")?, Cells(&row).get("sql")?);
            self.tx.run(sqlx::query(AssertSqlSafe(format!("DROP TRIGGER {}", quoted(&name))))).await?;
            self.aside.push(text);
        }
        Ok(())
    }

    async fn put(&mut self, moved: &Moved, rows: Vec<Vec<Cell>>) -> Result<(), StoreError> {
        let columns: Vec<String> = moved.columns.iter().map(|(name, _)| quoted(name)).collect();
        let places = (1..=columns.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let text = format!("INSERT INTO {} ({}) VALUES ({places})", quoted(&moved.table), columns.join(", "));
        for row in rows {
            let query = row.into_iter().fold(sqlx::query(AssertSqlSafe(text.clone())), bound);
            self.tx.run(query).await?;
        }
        Ok(())
    }

    async fn count_on(&mut self, numbers: &Numbers) -> Result<(), StoreError> {
        let last = numbers.next.saturating_sub(1);
        let counted = self.tx.run(sqlx::query(COUNT_ON).bind(&numbers.table).bind(last)).await?;
        if counted == 0 {
            self.tx.run(sqlx::query(COUNT).bind(&numbers.table).bind(last)).await?;
        }
        Ok(())
    }

    async fn close_up(&mut self) -> Result<(), StoreError> {
        for text in std::mem::take(&mut self.aside) {
            self.tx.run(sqlx::query(AssertSqlSafe(text))).await?;
        }
        let lost = self.tx.all(sqlx::query("PRAGMA foreign_key_check")).await?;
        match lost.first() {
            None => Ok(()),
            Some(row) => {
                let table: String = row.try_get(0).map_err(store_error)?;
                let other: String = row.try_get(2).map_err(store_error)?;
                Err(StoreError::Inconsistent {
                    what: format!("a row of {table} refers to nothing in {other}"),
                })
            }
        }
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

fn bound<'q>(query: super::tx::Bound<'q>, cell: Cell) -> super::tx::Bound<'q> {
    match cell {
        Cell::Null => query.bind(None::<i64>),
        Cell::Integer(number) => query.bind(number),
        Cell::Real(number) => query.bind(number),
        Cell::Text(text) => query.bind(text),
    }
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
