//! Shows what salvaged work consists of.

use super::list::{Found, place_of};
use crate::flow::fresh::iso;
use crate::flow::wire::{SalvageDetail, SalvagedCommit, SalvagedFile};
use crate::flow::{FlowError, Session, Sprintgate};
use crate::store::Tx;

impl Sprintgate {
    /// What is kept of one attempt, the last one of which anything is when none is named, and what that consists of
    /// where this machine has it.
    ///
    /// # Errors
    /// `NOT_FOUND` for a job that is not the caller's, and when nothing is kept of it.
    pub async fn show_salvage(
        &self,
        session: &Session,
        job: &str,
        attempt: Option<u32>,
    ) -> Result<SalvageDetail, FlowError> {
        let (found, now) = {
            let mut tx = self.store.read().await?;
            (self.find_salvage(&mut *tx, session, job, attempt).await?, tx.now())
        };
        let salvage = self.view_salvage(&found, now);
        if !salvage.is_here {
            return Ok(SalvageDetail { salvage, ..SalvageDetail::default() });
        }
        let contents = self.git.contents(&found.url, &found.record.kept.commit).await?;
        let commits = contents.commits.into_iter().map(|one| SalvagedCommit {
            commit_sha: one.commit.to_string(),
            title: one.title,
            author: one.author,
            at: iso(one.at),
        });
        let files = contents
            .files
            .into_iter()
            .map(|file| SalvagedFile { path: file.path, change: file.change.to_owned() });
        Ok(SalvageDetail {
            salvage,
            commits: commits.collect(),
            files: files.collect(),
            is_more: contents.is_more,
        })
    }

    /// What is kept of an attempt of a job of the caller's.
    pub(super) async fn find_salvage(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        job: &str,
        attempt: Option<u32>,
    ) -> Result<Found, FlowError> {
        let id = self.own_job(tx, session, job).await?.row.id;
        let kept = tx.salvages_of(&id).await?;
        let wanted = |number: u32| attempt.is_none_or(|attempt| attempt == number);
        let record = kept.into_iter().rfind(|record| wanted(record.kept.attempt)).ok_or_else(|| {
            let number = attempt.map(|attempt| format!(", attempt {attempt}")).unwrap_or_default();
            FlowError::not_found("salvage", &format!("{job}{number}"))
        })?;
        place_of(tx, record).await
    }
}
