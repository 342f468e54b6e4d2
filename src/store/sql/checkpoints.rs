//! Checkpoints of the ledger, written and read.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::{NO_OTHER_ROWS, json_rows, last_number, millis};
use super::pages::{Anything, Rough, page};
use super::statement::statements;
use super::tx::DbTx;
use super::values::At;
use crate::domain::time::Timestamp;
use crate::store::{Checkpoint, Checkpoints, Seal, StoreError, Unbound};

macro_rules! checkpoints {
    ($rest:literal, by $order:literal) => {
        json_rows!(
            cells concat!("number, ", millis!("at"), ", upto_seq, row_count, root, marks, prev_hash, hash"),
            of concat!("SELECT * FROM ledger_checkpoints WHERE ", $rest),
            by $order
        )
    };
}

statements! {
    UNBOUND = concat!("SELECT seq, at, (SELECT max(seq) FROM ledger WHERE seq <= ", last_number!(), ") AS newest \
        FROM ledger WHERE seq > coalesce((SELECT max(upto_seq) FROM ledger_checkpoints), 0) \
            AND seq <= ", last_number!(), " ORDER BY seq LIMIT 1");
    LAST_NUMBER = concat!("SELECT coalesce(", last_number!(), ", 0) AS number");
    LAST_CHECKPOINT = checkpoints!("number > 0 ORDER BY number DESC LIMIT 1", by "number");
    CHECKPOINTS = checkpoints!("number > $1 ORDER BY number LIMIT $2", by "number");
    /// A row and its seal are one; where they differ, both are there. Of each a page is read, and the two are merged.
    SEALS = json_rows!(
        cells "seq, hash",
        of "SELECT seq, hash FROM (SELECT seq, hash FROM ledger \
                WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3) AS present \
            UNION ALL SELECT seq, hash FROM (SELECT seq, hash FROM ledger_seals AS s WHERE seq > $1 AND seq <= $2 \
                AND NOT EXISTS (SELECT 1 FROM ledger AS l WHERE l.seq = s.seq AND l.hash = s.hash) \
                ORDER BY seq LIMIT $3) AS archived \
            ORDER BY seq LIMIT $3",
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
        // A number that was never given is not bound: every row after it would be before it.
        let upto = self.last_number().await?;
        let rows = self.seals(after, upto, limit).await?;
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
        Ok(page(self.one(sqlx::query(LAST_CHECKPOINT)).await?)?.pop())
    }

    async fn last_number(&mut self) -> Result<i64, StoreError> {
        self.scalar(sqlx::query(LAST_NUMBER)).await
    }

    async fn checkpoints(&mut self, after: i64, limit: u32) -> Result<Vec<Checkpoint>, StoreError> {
        page(self.one(sqlx::query(CHECKPOINTS).bind(after).bind(i64::from(limit))).await?)
    }

    async fn seals(&mut self, after: i64, upto: i64, limit: u32) -> Result<Vec<Seal>, StoreError> {
        page(self.one(sqlx::query(SEALS).bind(after).bind(upto).bind(i64::from(limit))).await?)
    }
}

impl Rough for Checkpoint {
    fn of(cells: &mut Anything) -> Self {
        Self {
            number: cells.number(),
            at: Timestamp(cells.number()),
            upto_seq: cells.number(),
            rows: cells.number(),
            root: cells.text(),
            marks: cells.text(),
            prev_hash: cells.text(),
            hash: cells.text(),
        }
    }
}

impl Rough for Seal {
    fn of(cells: &mut Anything) -> Self {
        Self { seq: cells.number(), hash: cells.text() }
    }
}
