//! Removes the worktrees of ended attempts of this host, after salvaging what they hold. A live attempt's is never
//! touched, and what is not ours is only reported.

use super::{FlowError, Sprintgate};
use crate::domain::attempt::Status as AttemptStatus;
use crate::domain::id::JobId;
use crate::domain::job::EndCause;
use crate::domain::time::{Millis, Timestamp};
use crate::git::{Found, Place, Salvaged};
use crate::store::{AttemptRecord, Confirmation, JobRecord};

/// What a tidy did, each with its reason.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tidied {
    /// Folders that were removed, and what was salvaged.
    pub removed: Vec<String>,
    /// Folders that stay, and why.
    pub kept: Vec<String>,
    /// Folders that are not ours.
    pub skipped: Vec<String>,
}

/// What becomes of one folder.
pub(super) enum Fate {
    /// It is gone, and this was kept of it.
    Removed(Option<Salvaged>),
    /// It stays.
    Kept {
        /// Why.
        why: String,
        /// How long from now it does at least.
        wait: Option<Millis>,
    },
    /// It is not ours; why.
    Foreign(&'static str),
}

impl Sprintgate {
    /// Tidies every worktree under the root.
    ///
    /// # Errors
    /// When the store or the root cannot be read. A folder that cannot be removed is kept, with the reason.
    pub async fn tidy(&self) -> Result<Tidied, FlowError> {
        let mut tidied = Tidied::default();
        for found in self.git.places()? {
            match found {
                Found::Ours(place) => self.tidy_place(&place, false, &mut tidied).await?,
                Found::Unknown(name) => tidied.skipped.push(format!("{name}: not a worktree of ours")),
            }
        }
        Ok(tidied)
    }

    /// Tidies the worktree of one attempt whose agent is known to be gone.
    ///
    /// # Errors
    /// As [`Sprintgate::tidy`].
    pub async fn tidy_attempt(&self, job: &JobId, attempt: u32) -> Result<Tidied, FlowError> {
        let mut tidied = Tidied::default();
        let place = Place { job: job.clone(), attempt };
        if self.git.knows(&place) {
            self.tidy_place(&place, true, &mut tidied).await?;
        }
        Ok(tidied)
    }

    async fn tidy_place(
        &self,
        place: &Place,
        agent_gone: bool,
        tidied: &mut Tidied,
    ) -> Result<(), FlowError> {
        let folder = place.folder();
        match self.clear_place(place, agent_gone).await? {
            Fate::Removed(salvaged) => {
                let kept = salvaged.map(|saved| format!(", its work kept: {saved:?}")).unwrap_or_default();
                tidied.removed.push(format!("{folder}{kept}"));
            }
            Fate::Kept { why, .. } => tidied.kept.push(format!("{folder}: {why}")),
            Fate::Foreign(why) => tidied.skipped.push(format!("{folder}: {why}")),
        }
        Ok(())
    }

    /// Removes the worktree of an attempt if it can go.
    pub(super) async fn clear_place(&self, place: &Place, agent_gone: bool) -> Result<Fate, FlowError> {
        let (found, now) = {
            let mut tx = self.store.read().await?;
            (tx.job_and_attempt(&place.job, Some(place.attempt)).await?, tx.now())
        };
        let Some((job, Some(attempt))) = found else {
            return Ok(Fate::Foreign("no such attempt in this database"));
        };
        if let Some(why) = self.stays(&job, &attempt, agent_gone, now).await? {
            let grace = attempt.row.ended_at.map(|end| end + self.settings.lease - now);
            let wait = grace.map(|left| Millis(left.0.saturating_add(1))).filter(|left| left.0 > 0);
            return Ok(Fate::Kept { why: why.to_owned(), wait });
        }
        Ok(match self.remove(&job, place).await {
            Ok(salvaged) => Fate::Removed(salvaged),
            Err(error) => Fate::Kept { why: error.to_string(), wait: None },
        })
    }

    /// Removes a worktree; what was kept of it. It is noted first: whoever dies in between removes again, and notes again.
    async fn remove(&self, job: &JobRecord, place: &Place) -> Result<Option<Salvaged>, FlowError> {
        let site = self.site(job)?;
        let kept = self.git.salvage(&site.url, place).await?;
        if let Some(kept) = &kept {
            self.note_kept(&site.url, place, kept).await?;
        }
        let removed = self.git.remove_worktree(&site.url, place).await?;
        // Unless somebody wrote there all the same, what is found again is what was kept.
        let late =
            removed.salvaged.filter(|late| kept.as_ref().is_none_or(|kept| kept.commit != late.commit));
        if let Some(late) = &late {
            self.note_kept(&site.url, place, late).await?;
        }
        Ok(late.or(kept))
    }

    /// Why a worktree stays; nothing when it can go.
    async fn stays(
        &self,
        job: &JobRecord,
        attempt: &AttemptRecord,
        agent_gone: bool,
        now: Timestamp,
    ) -> Result<Option<&'static str>, FlowError> {
        if attempt.row.status == AttemptStatus::Held {
            return Ok(Some("its attempt holds the job"));
        }
        if attempt.row.frozen.host != self.settings.host {
            return Ok(Some("another host claimed it"));
        }
        let last = attempt.row.number == job.row.attempt;
        if last && job.row.end_cause == Some(EndCause::Push) {
            return Ok(Some("its branch could not be pushed; it stays for a look"));
        }
        if agent_gone {
            return Ok(None);
        }
        // Whoever worked there may not have noticed the end yet; after a lease without a word it is gone.
        let grace_over = attempt.row.ended_at.is_none_or(|end| end + self.settings.lease < now);
        let confirmed = job.stop.as_ref().is_some_and(|stop| stop.confirmed.is_some());
        if attempt.row.status != AttemptStatus::Cancelled || confirmed {
            return Ok(if grace_over || confirmed { None } else { Some("its attempt has only just ended") });
        }
        if !grace_over {
            return Ok(Some("its worker was told to stop and has not confirmed"));
        }
        let mut tx = self.store.begin().await?;
        tx.confirm_stop(&job.row.id, attempt.row.number, Confirmation::Unconfirmed).await?;
        tx.commit().await?;
        Ok(None)
    }
}
