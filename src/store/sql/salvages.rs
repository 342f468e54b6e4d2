//! What was kept of attempts before their worktrees went.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::DbRow;
use super::statement::statements;
use super::tx::DbTx;
use super::values::At;
use crate::domain::id::{JobId, UserId};
use crate::domain::machine::Word;
use crate::domain::time::Timestamp;
use crate::store::{NewSalvage, SalvageRecord, Salvages, StoreError};

statements! {
    NOTE_SALVAGE = "INSERT INTO salvages (job_id, attempt, repo_url, ref, commit_sha, kind, paths, salvaged_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
        ON CONFLICT (job_id, attempt) DO UPDATE SET repo_url = excluded.repo_url, ref = excluded.ref, \
        commit_sha = excluded.commit_sha, kind = excluded.kind, paths = excluded.paths, \
        salvaged_at = excluded.salvaged_at, restored_at = NULL, pruned_at = NULL";
    // SQLite reads what is kept first, which is little, and not all jobs of the user, when it is called a CROSS JOIN.
    KEPT_SALVAGES = "SELECT s.job_id, s.attempt, s.repo_url, s.ref, s.commit_sha, s.kind, s.paths, s.salvaged_at, \
        s.restored_at FROM salvages s CROSS JOIN claude_jobs j \
        WHERE s.pruned_at IS NULL AND s.salvaged_at <= $2 AND j.id = s.job_id AND j.user_id = $1 \
        ORDER BY s.salvaged_at DESC, s.job_id DESC, s.attempt DESC LIMIT $3";
    SALVAGES_OF_JOB = "SELECT job_id, attempt, repo_url, ref, commit_sha, kind, paths, salvaged_at, restored_at \
        FROM salvages WHERE job_id = $1 AND pruned_at IS NULL ORDER BY attempt";
    NOTE_RESTORED = "UPDATE salvages SET restored_at = $4 \
        WHERE job_id = $1 AND attempt = $2 AND commit_sha = $3 AND pruned_at IS NULL";
    NOTE_PRUNED = "UPDATE salvages SET pruned_at = $4 \
        WHERE job_id = $1 AND attempt = $2 AND commit_sha = $3 AND pruned_at IS NULL";
}

#[async_trait]
impl Salvages for DbTx {
    async fn note_salvage(&mut self, new: &NewSalvage) -> Result<(), StoreError> {
        let bound = sqlx::query(NOTE_SALVAGE)
            .bind(new.job.as_str())
            .bind(i64::from(new.attempt))
            .bind(&new.repo_url)
            .bind(&new.reference)
            .bind(new.commit.as_str())
            .bind(new.kind.word())
            .bind(i64::from(new.paths))
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn kept_salvages(
        &mut self,
        user: &UserId,
        upto: Timestamp,
        limit: u32,
    ) -> Result<Vec<SalvageRecord>, StoreError> {
        let bound = sqlx::query(KEPT_SALVAGES).bind(user.as_str()).bind(At(upto)).bind(i64::from(limit));
        self.all(bound).await?.iter().map(salvage).collect()
    }

    async fn salvages_of(&mut self, job: &JobId) -> Result<Vec<SalvageRecord>, StoreError> {
        self.all(sqlx::query(SALVAGES_OF_JOB).bind(job.as_str())).await?.iter().map(salvage).collect()
    }

    async fn note_restored(&mut self, kept: &NewSalvage) -> Result<bool, StoreError> {
        noted(self, NOTE_RESTORED, kept).await
    }

    async fn note_pruned(&mut self, kept: &NewSalvage) -> Result<bool, StoreError> {
        noted(self, NOTE_PRUNED, kept).await
    }
}

async fn noted(tx: &mut DbTx, text: &'static str, kept: &NewSalvage) -> Result<bool, StoreError> {
    let now = tx.time();
    let bound = sqlx::query(text).bind(kept.job.as_str()).bind(i64::from(kept.attempt));
    Ok(tx.run(bound.bind(kept.commit.as_str()).bind(now)).await? > 0)
}

fn salvage(row: &DbRow) -> Result<SalvageRecord, StoreError> {
    let cells = Cells(row);
    Ok(SalvageRecord {
        kept: NewSalvage {
            job: cells.id("job_id")?,
            attempt: cells.number("attempt")?,
            repo_url: cells.get("repo_url")?,
            reference: cells.get("ref")?,
            commit: cells.id("commit_sha")?,
            kind: cells.word("kind")?,
            paths: cells.number("paths")?,
        },
        salvaged_at: cells.time("salvaged_at")?,
        restored_at: cells.time_if("restored_at")?,
    })
}
