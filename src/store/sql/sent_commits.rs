//! What attempts set out to send to their branches, and who sent a commit.

use super::cells::Cells;
use super::statement::statements;
use super::tx::DbTx;
use crate::domain::commit::CommitId;
use crate::domain::id::JobId;
use crate::store::{Sender, StoreError};

statements! {
    NOTE_SENT = "INSERT INTO sent_commits (repo_url, branch, commit_sha, job_id, attempt, sent_at) \
        SELECT repo_url, branch, $3, id, attempt, $4 FROM claude_jobs \
        WHERE id = $1 AND attempt = $2 AND status IN ('CLAIMED', 'RUNNING') ON CONFLICT DO NOTHING";
    SENDERS = "SELECT s.job_id, s.attempt, a.status, a.published_sha FROM sent_commits s \
        JOIN attempts a ON a.job_id = s.job_id AND a.number = s.attempt \
        WHERE s.repo_url = $1 AND s.branch = $2 AND s.commit_sha = $3 \
        ORDER BY s.job_id, s.attempt LIMIT $4";
}

pub(super) async fn note(
    tx: &mut DbTx,
    job: &JobId,
    attempt: u32,
    commit: &CommitId,
) -> Result<(), StoreError> {
    let now = tx.time();
    let bound =
        sqlx::query(NOTE_SENT).bind(job.as_str()).bind(i64::from(attempt)).bind(commit.as_str()).bind(now);
    tx.run(bound).await.map(drop)
}

pub(super) async fn senders(
    tx: &mut DbTx,
    repo_url: &str,
    branch: &str,
    commit: &CommitId,
    limit: u32,
) -> Result<Vec<Sender>, StoreError> {
    let bound = sqlx::query(SENDERS).bind(repo_url).bind(branch).bind(commit.as_str()).bind(i64::from(limit));
    let rows = tx.all(bound).await?;
    let sender = |row| {
        let cells = Cells(row);
        Ok(Sender {
            job: cells.id("job_id")?,
            attempt: cells.number("attempt")?,
            status: cells.word("status")?,
            start: cells.id_if("published_sha")?,
        })
    };
    rows.iter().map(sender).collect()
}
