//! Gives salvaged work back to a person.

use std::path::Path;

use crate::flow::wire::RestoredSalvage;
use crate::flow::{FlowError, Session, Sprintgate};
use crate::git::{GitError, RestoreAsk};

impl Sprintgate {
    /// Makes a repository of what is kept of an attempt, in a folder that is empty or not there.
    ///
    /// # Errors
    /// `NOT_FOUND` when nothing is kept of it; `KEPT_ELSEWHERE` when another machine's vault has it;
    /// `VALIDATION_ERROR` for a folder that has anything.
    pub async fn restore_salvage(
        &self,
        session: &Session,
        job: &str,
        attempt: Option<u32>,
        into: &Path,
    ) -> Result<RestoredSalvage, FlowError> {
        let found = {
            let mut tx = self.store.read().await?;
            self.caller(&mut *tx, session).await?.may("restore salvaged work")?;
            self.find_salvage(&mut *tx, session, job, attempt).await?
        };
        let kept = &found.record.kept;
        let ask = RestoreAsk { url: &found.url, place: &found.place, commit: &kept.commit, into };
        let restored = self.git.restore(ask).await.map_err(|error| match (error, &found.host) {
            (GitError::BadTarget { why, .. }, _) => FlowError::invalid("folder", why),
            (GitError::NotInVault { .. }, Some(host)) if *host != self.settings.host => {
                FlowError::KeptElsewhere {
                    job: kept.job.to_string(),
                    attempt: kept.attempt,
                    host: host.clone(),
                }
            }
            (error, _) => error.into(),
        })?;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            tx.note_restored(kept).await?;
            Ok(tx.commit().await?)
        })
        .await?;
        Ok(RestoredSalvage {
            job_id: kept.job.to_string(),
            attempt: kept.attempt,
            commit_sha: kept.commit.to_string(),
            folder: restored.folder.display().to_string(),
            branch: restored.branch,
        })
    }
}
