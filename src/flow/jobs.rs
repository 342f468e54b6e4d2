//! Jobs for people: lists, and one job with its attempts and history.

use super::archive::absent_job;
use super::fresh::iso;
use super::publish::publication_of;
use super::trace_cascade::trace_of;
use super::wire::{AttemptView, HistoryLine, JobDetail, JobLine, KeptView};
use super::{FlowError, Session, Sprintgate, text};
use crate::domain::id::JobId;
use crate::domain::machine::Word;
use crate::store::{AttemptRecord, JobFilter, JobRecord, LedgerEntry, SalvageRecord, Task, Tx};

/// Ledger rows of a job that are shown.
const HISTORY_MAX: u32 = 500;

impl Sprintgate {
    /// The caller's jobs, newest first.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`.
    pub async fn list_jobs(&self, session: &Session, filter: JobFilter) -> Result<Vec<JobLine>, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        caller.may_read()?;
        let mut lines = Vec::new();
        for record in tx.jobs(caller.user(), &filter).await? {
            lines.push(line(&mut *tx, record).await?);
        }
        Ok(lines)
    }

    /// One job with its attempts and history.
    ///
    /// # Errors
    /// `NOT_FOUND` for a job that is not the caller's; `ARCHIVED` for one of the caller's that an archive has.
    pub async fn show_job(&self, session: &Session, job: &str) -> Result<JobDetail, FlowError> {
        let mut tx = self.store.read().await?;
        let record = self.own_job(&mut *tx, session, job).await?;
        let id = record.row.id.clone();
        let kept = tx.salvages_of(&id).await?;
        let cascade = trace_of(&mut *tx, &record).await?;
        let publication = publication_of(&mut *tx, &record).await?;
        let attempts = tx.attempts(&id).await?.into_iter().map(|record| attempt(record, &kept)).collect();
        let history = tx.history("job", id.as_str(), HISTORY_MAX).await?.into_iter().map(history).collect();
        let (summary, verify_reasoning) = (record.row.summary.clone(), record.verify_reasoning.clone());
        let legal_next =
            record.row.status.legal_next().into_iter().map(|event| event.word().to_owned()).collect();
        Ok(JobDetail {
            job: line(&mut *tx, record).await?,
            summary,
            verify_reasoning,
            cascade,
            publication,
            attempts,
            history,
            legal_next,
        })
    }

    /// A job of the caller's.
    pub(super) async fn own_job(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        job: &str,
    ) -> Result<JobRecord, FlowError> {
        let caller = self.caller(tx, session).await?;
        caller.may_read()?;
        let id: JobId = text::id("job_id", job)?;
        match tx.job(&id).await? {
            Some(record) if &record.user == caller.user() => Ok(record),
            Some(_) => Err(FlowError::not_found("job", job)),
            None => Err(absent_job(tx, caller.user(), &id).await),
        }
    }
}

/// A job for a list.
pub(super) async fn line(tx: &mut dyn Tx, record: JobRecord) -> Result<JobLine, FlowError> {
    let task = match &record.task {
        Some(id) => tx.task(&record.user, id).await?,
        None => None,
    };
    Ok(line_of(record, task.as_ref()))
}

/// A job with its task for a list.
pub(super) fn line_of(record: JobRecord, task: Option<&Task>) -> JobLine {
    let row = record.row;
    JobLine {
        job_id: row.id.to_string(),
        status: row.status.word().to_owned(),
        end_cause: row.end_cause.map(|cause| cause.word().to_owned()),
        kind: row.kind.word().to_owned(),
        attempt: row.attempt,
        task_code: task.map(|task| task.code.clone()),
        title: task.map(|task| task.title.clone()),
        branch: record.branch,
        verify_result: row.evidence.map(|seen| seen.result.word().to_owned()),
        head_sha: row.publication.map(|published| published.commit.to_string()),
        error: row.error,
        lease_until: row.lease_until.map(iso),
        created_at: iso(record.created_at),
        finished_at: row.finished_at.map(iso),
    }
}

fn attempt(record: AttemptRecord, salvaged: &[SalvageRecord]) -> AttemptView {
    let row = record.row;
    let of_it = salvaged.iter().find(|salvage| salvage.kept.attempt == row.number);
    AttemptView {
        attempt: row.number,
        status: row.status.word().to_owned(),
        worker: row.frozen.worker.to_string(),
        verify_result: record.evidence.map(|seen| seen.result.word().to_owned()),
        base_sha: record.base.map(|base| base.to_string()),
        claimed_at: iso(row.frozen.claimed_at),
        ended_at: row.ended_at.map(iso),
        kept: of_it.map(|salvage| KeptView {
            reference: salvage.kept.reference.clone(),
            commit: salvage.kept.commit.to_string(),
            kind: salvage.kept.kind.word().to_owned(),
            paths: salvage.kept.paths,
            at: iso(salvage.salvaged_at),
        }),
    }
}

/// A ledger row for people.
pub(super) fn history(entry: LedgerEntry) -> HistoryLine {
    HistoryLine {
        at: iso(entry.at),
        from: entry.from,
        event: entry.event,
        to: entry.to,
        actor: entry.actor_kind,
        attempt: entry.attempt,
        facts: entry.facts,
    }
}
