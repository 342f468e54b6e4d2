//! Lists salvaged work.

use crate::domain::machine::Word;
use crate::domain::remote::RemoteUrl;
use crate::domain::time::Timestamp;
use crate::flow::fresh::iso;
use crate::flow::wire::SalvageView;
use crate::flow::{FlowError, Session, Sprintgate};
use crate::git::Place;
use crate::store::{SalvageRecord, StoreError, Tx};

/// Salvaged work, with where it is.
pub(super) struct Found {
    pub(super) record: SalvageRecord,
    pub(super) url: RemoteUrl,
    pub(super) place: Place,
    /// The machine whose vault has it.
    pub(super) host: Option<String>,
}

impl Sprintgate {
    /// What is kept of the caller's jobs, newest first, at most `limit`; or of one job's attempts, first to last.
    ///
    /// # Errors
    /// `NOT_FOUND` for a job that is not the caller's.
    pub async fn list_salvages(
        &self,
        session: &Session,
        job: Option<&str>,
        limit: u32,
    ) -> Result<Vec<SalvageView>, FlowError> {
        let mut tx = self.store.read().await?;
        let records = match job {
            Some(job) => {
                let id = self.own_job(&mut *tx, session, job).await?.row.id;
                tx.salvages_of(&id).await?
            }
            None => {
                let caller = self.caller(&mut *tx, session).await?;
                caller.may_read()?;
                let now = tx.now();
                tx.kept_salvages(caller.user(), now, limit).await?
            }
        };
        let (mut found, now) = (Vec::new(), tx.now());
        for record in records {
            found.push(place_of(&mut *tx, record).await?);
        }
        drop(tx);
        Ok(found.iter().map(|one| self.view_salvage(one, now)).collect())
    }

    /// Salvaged work as people and programs see it.
    pub(super) fn view_salvage(&self, found: &Found, now: Timestamp) -> SalvageView {
        let Found { record, url, place, host } = found;
        let kept = &record.kept;
        let is_here = self.git.has_salvage(url, place, &kept.commit).unwrap_or_else(|error| {
            tracing::warn!(%error, reference = kept.reference, "could not look for salvaged work");
            false
        });
        SalvageView {
            job_id: kept.job.to_string(),
            attempt: kept.attempt,
            repo_url: kept.repo_url.clone(),
            reference: kept.reference.clone(),
            commit_sha: kept.commit.to_string(),
            kind: kept.kind.word().to_owned(),
            paths: kept.paths,
            salvaged_at: iso(record.salvaged_at),
            age_seconds: (now - record.salvaged_at).0.max(0) / 1000,
            restored_at: record.restored_at.map(iso),
            host: host.clone(),
            is_here,
        }
    }
}

/// Where salvaged work is.
pub(super) async fn place_of(tx: &mut dyn Tx, record: SalvageRecord) -> Result<Found, FlowError> {
    let kept = &record.kept;
    let odd = |bad| StoreError::Inconsistent { what: format!("salvage of job {}: {bad}", kept.job) };
    let url = RemoteUrl::new(kept.repo_url.clone()).map_err(odd)?;
    let place = Place { job: kept.job.clone(), attempt: kept.attempt };
    let host = tx.attempt(&kept.job, kept.attempt).await?.map(|attempt| attempt.row.frozen.host);
    Ok(Found { record, url, place, host })
}
