//! Records of archives and the seals of the rows that they have.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::{json_rows, millis};
use super::pages::{Anything, Rough, page};
use super::statement::statements;
use super::tx::DbTx;
use super::values::At;
use crate::domain::id::{JobId, UserId};
use crate::domain::time::Timestamp;
use crate::store::{ArchiveRecord, ArchivedRow, Archives, NewArchive, StoreError};

macro_rules! archives {
    ($rest:literal) => {
        json_rows!(
            cells concat!("number, ", millis!("at"), ", name, manifest, jobs, effects, row_count, seals, prev_hash, hash"),
            of concat!("SELECT * FROM ledger_archives WHERE ", $rest),
            by "number"
        )
    };
}

macro_rules! archived {
    ($rest:literal, by $order:literal) => {
        json_rows!(
            cells "seq, machine, entity, entity_seq, hash, archive",
            of concat!("SELECT * FROM ledger_seals WHERE ", $rest),
            by $order
        )
    };
}

statements! {
    LAST_ARCHIVE = archives!("number > 0 ORDER BY number DESC LIMIT 1");
    ARCHIVES = archives!("number > $1 ORDER BY number LIMIT $2");
    ADD_ARCHIVE = "INSERT INTO ledger_archives (number, at, name, manifest, jobs, effects, row_count, seals, prev_hash, \
        hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SEAL = "INSERT INTO ledger_seals (seq, machine, entity, entity_seq, hash, archive, owner) \
        SELECT l.seq, l.machine, l.entity, l.entity_seq, l.hash, $4, \
            CASE WHEN l.machine = 'job' THEN (SELECT j.user_id FROM claude_jobs j WHERE j.id = l.entity) END \
        FROM ledger l WHERE l.machine = $1 AND l.entity = $2 AND l.entity_seq <= $3";
    ARCHIVE_OF_JOB = "SELECT a.name, a.at FROM ledger_seals s JOIN ledger_archives a ON a.number = s.archive \
        WHERE s.machine = 'job' AND s.entity = $1 AND s.entity_seq = 1 AND s.owner = $2";
    ARCHIVED_ROWS = archived!("seq > $1 ORDER BY seq LIMIT $2", by "seq");
    ARCHIVED_HISTORIES = archived!(
        "machine = $1 AND (entity, entity_seq) > ($2, $3) ORDER BY entity, entity_seq LIMIT $4",
        by "entity, entity_seq"
    );
}

#[async_trait]
impl Archives for DbTx {
    async fn last_archive(&mut self) -> Result<Option<ArchiveRecord>, StoreError> {
        Ok(page(self.one(sqlx::query(LAST_ARCHIVE)).await?)?.pop())
    }

    async fn archives(&mut self, after: i64, limit: u32) -> Result<Vec<ArchiveRecord>, StoreError> {
        page(self.one(sqlx::query(ARCHIVES).bind(after).bind(i64::from(limit))).await?)
    }

    async fn add_archive(&mut self, after: i64, new: NewArchive) -> Result<ArchiveRecord, StoreError> {
        let before = self.last_archive().await?;
        if before.as_ref().map_or(0, |before| before.number) != after {
            return Err(StoreError::Lost { machine: "archive", entity: new.name, expected: "the next" });
        }
        let made = ArchiveRecord::after(before.as_ref(), self.time().0, new);
        let bound = sqlx::query(ADD_ARCHIVE)
            .bind(made.number)
            .bind(At(made.at))
            .bind(&made.name)
            .bind(&made.manifest)
            .bind(made.jobs)
            .bind(made.effects)
            .bind(made.rows)
            .bind(&made.seals)
            .bind(&made.prev_hash)
            .bind(&made.hash);
        self.run(bound).await?;
        Ok(made)
    }

    async fn seal(
        &mut self,
        machine: &str,
        entity: &str,
        rows: i64,
        archive: i64,
    ) -> Result<u64, StoreError> {
        self.run(sqlx::query(SEAL).bind(machine).bind(entity).bind(rows).bind(archive)).await
    }

    async fn archive_of_job(
        &mut self,
        job: &JobId,
        user: &UserId,
    ) -> Result<Option<(String, Timestamp)>, StoreError> {
        let bound = sqlx::query(ARCHIVE_OF_JOB).bind(job.as_str()).bind(user.as_str());
        let Some(row) = self.one(bound).await? else { return Ok(None) };
        Ok(Some((Cells(&row).get("name")?, Cells(&row).time("at")?)))
    }

    async fn archived_rows(&mut self, seq: i64, limit: u32) -> Result<Vec<ArchivedRow>, StoreError> {
        page(self.one(sqlx::query(ARCHIVED_ROWS).bind(seq).bind(i64::from(limit))).await?)
    }

    async fn archived_histories(
        &mut self,
        machine: &str,
        entity: &str,
        after: i64,
        limit: u32,
    ) -> Result<Vec<ArchivedRow>, StoreError> {
        let bound = sqlx::query(ARCHIVED_HISTORIES).bind(machine).bind(entity).bind(after);
        page(self.one(bound.bind(i64::from(limit))).await?)
    }
}

impl Rough for ArchiveRecord {
    fn of(cells: &mut Anything) -> Self {
        Self {
            number: cells.number(),
            at: Timestamp(cells.number()),
            name: cells.text(),
            manifest: cells.text(),
            jobs: cells.number(),
            effects: cells.number(),
            rows: cells.number(),
            seals: cells.text(),
            prev_hash: cells.text(),
            hash: cells.text(),
        }
    }
}

impl Rough for ArchivedRow {
    fn of(cells: &mut Anything) -> Self {
        Self {
            seq: cells.number(),
            machine: cells.text(),
            entity: cells.text(),
            entity_seq: cells.number(),
            hash: cells.text(),
            archive: cells.number(),
        }
    }
}
