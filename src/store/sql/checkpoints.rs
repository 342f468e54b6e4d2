//! Checkpoints of the ledger, written and read.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::{DbRow, NO_OTHER_ROWS, json_rows};
use super::ledger::packed;
use super::statement::statements;
use super::tx::DbTx;
use super::values::At;
use crate::store::{Checkpoint, Checkpoints, Seal, StoreError, Unbound};

macro_rules! checkpoints {
    ($rest:literal) => {
        concat!(
            "SELECT number, at, upto_seq, row_count, root, marks, prev_hash, hash FROM ledger_checkpoints ",
            $rest
        )
    };
}

statements! {
    UNBOUND = "SELECT seq, at, (SELECT max(seq) FROM ledger) AS newest FROM ledger \
        WHERE seq > coalesce((SELECT max(upto_seq) FROM ledger_checkpoints), 0) ORDER BY seq LIMIT 1";
    LAST_CHECKPOINT = checkpoints!("WHERE number > 0 ORDER BY number DESC LIMIT 1");
    CHECKPOINTS = checkpoints!("WHERE number > $1 ORDER BY number LIMIT $2");
    SEALS = json_rows!(
        cells "seq, hash",
        of "SELECT seq, hash FROM ledger WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3",
        by "seq"
    );
    ADD_CHECKPOINT = "INSERT INTO ledger_checkpoints (number, at, upto_seq, row_count, root, marks, prev_hash, hash) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
}

#[async_trait]
impl Checkpoints for DbTx {
    async fn unbound(&mut self) -> Result<Option<Unbound>, StoreError> {
        let Some(row) = self.one(sqlx::query(UNBOUND)).await? else { return Ok(None) };
        let cells = Cells(&row);
        let (oldest, newest): (i64, i64) = (cells.get("seq")?, cells.get("newest")?);
        Ok(Some(Unbound { rows: newest.abs_diff(oldest).saturating_add(1), since: cells.time("at")? }))
    }

    async fn still(&mut self) -> Result<(), StoreError> {
        // Where several transactions write, a row under way may have a smaller number than one that lasts already.
        for wait in NO_OTHER_ROWS.iter().copied() {
            self.run(sqlx::query(wait)).await?;
        }
        Ok(())
    }

    async fn add_checkpoint(&mut self, limit: u32) -> Result<Option<Checkpoint>, StoreError> {
        self.still().await?;
        let before = self.last_checkpoint().await?;
        let after = before.as_ref().map_or(0, |before| before.upto_seq);
        let rows = self.seals(after, i64::MAX, limit).await?;
        let Some(made) = Checkpoint::over(before.as_ref(), self.time().0, &rows) else {
            return Ok(None);
        };
        let bound = sqlx::query(ADD_CHECKPOINT)
            .bind(made.number)
            .bind(At(made.at))
            .bind(made.upto_seq)
            .bind(made.rows)
            .bind(&made.root)
            .bind(&made.marks)
            .bind(&made.prev_hash)
            .bind(&made.hash);
        self.run(bound).await?;
        Ok(Some(made))
    }

    async fn last_checkpoint(&mut self) -> Result<Option<Checkpoint>, StoreError> {
        let row = self.one(sqlx::query(LAST_CHECKPOINT)).await?;
        row.as_ref().map(checkpoint).transpose()
    }

    async fn checkpoints(&mut self, after: i64, limit: u32) -> Result<Vec<Checkpoint>, StoreError> {
        let rows = self.all(sqlx::query(CHECKPOINTS).bind(after).bind(i64::from(limit))).await?;
        rows.iter().map(checkpoint).collect()
    }

    async fn seals(&mut self, after: i64, upto: i64, limit: u32) -> Result<Vec<Seal>, StoreError> {
        let page = self.one(sqlx::query(SEALS).bind(after).bind(upto).bind(i64::from(limit))).await?;
        packed(page)
    }
}

fn checkpoint(row: &DbRow) -> Result<Checkpoint, StoreError> {
    let cells = Cells(row);
    Ok(Checkpoint {
        number: cells.get("number")?,
        at: cells.time("at")?,
        upto_seq: cells.get("upto_seq")?,
        rows: cells.get("row_count")?,
        root: cells.get("root")?,
        marks: cells.get("marks")?,
        prev_hash: cells.get("prev_hash")?,
        hash: cells.get("hash")?,
    })
}
