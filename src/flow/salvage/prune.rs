//! Lets go of salvaged work: of what a person names, or of what is old and was given back.

use std::collections::BTreeSet;

use super::list::{Found, place_of};
use crate::domain::time::{Millis, Timestamp};
use crate::flow::wire::{PrunedSalvages, StayingSalvage};
use crate::flow::{FlowError, Session, Sprintgate};
use crate::git::Dropped;
use crate::store::SalvageRecord;

/// Which salvaged work somebody is done with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PruneSalvages {
    /// Of this job; of all jobs, where it was restored, when none is named.
    pub job: Option<String>,
    /// Of this attempt of the job; of all its attempts when none is named.
    pub attempt: Option<u32>,
    /// Only what was kept longer ago than this.
    pub older_than: Millis,
}

/// What is done here, as a refusal says it.
const PRUNE: &str = "let go of salvaged work";
/// What stays that is named in the answer.
const KEPT_MAX: usize = 100;
/// Rows that are read at once.
const PAGE: u32 = 1000;

impl Sprintgate {
    /// Lets go of salvaged work that this machine's vaults have. What nobody named and nobody restored stays.
    ///
    /// # Errors
    /// `NOT_FOUND` for a job that is not the caller's; when the store or a vault fails. What was pruned before stays
    /// pruned.
    pub async fn prune_salvages(
        &self,
        session: &Session,
        ask: &PruneSalvages,
    ) -> Result<PrunedSalvages, FlowError> {
        let (all, now) = match &ask.job {
            Some(job) => self.named(session, job, ask.attempt).await?,
            None => self.old(session, ask.older_than).await?,
        };
        let mut answer = PrunedSalvages::default();
        for found in all {
            let salvage = self.view_salvage(&found, now);
            let why = match stays(&found.record, ask, now) {
                Some(why) => Some(why.to_owned()),
                None => self.let_go(&found).await?,
            };
            match why {
                None => answer.pruned.push(salvage),
                Some(why) => {
                    answer.kept_total += 1;
                    if answer.kept.len() < KEPT_MAX {
                        answer.kept.push(StayingSalvage { salvage, why });
                    }
                }
            }
        }
        Ok(answer)
    }

    /// What is kept of a job, or of one attempt of it.
    async fn named(
        &self,
        session: &Session,
        job: &str,
        attempt: Option<u32>,
    ) -> Result<(Vec<Found>, Timestamp), FlowError> {
        let mut tx = self.store.read().await?;
        self.caller(&mut *tx, session).await?.may(PRUNE)?;
        let id = self.own_job(&mut *tx, session, job).await?.row.id;
        let mut all = Vec::new();
        for record in tx.salvages_of(&id).await? {
            if attempt.is_none_or(|attempt| attempt == record.kept.attempt) {
                all.push(place_of(&mut *tx, record).await?);
            }
        }
        Ok((all, tx.now()))
    }

    /// What is kept of the caller's jobs for longer than that.
    async fn old(&self, session: &Session, older_than: Millis) -> Result<(Vec<Found>, Timestamp), FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        caller.may(PRUNE)?;
        let (mut all, mut seen, mut upto) = (Vec::new(), BTreeSet::new(), before(tx.now(), older_than));
        loop {
            let page = tx.kept_salvages(caller.user(), upto, PAGE).await?;
            let known = all.len();
            for record in page {
                upto = record.salvaged_at;
                if seen.insert((record.kept.job.clone(), record.kept.attempt)) {
                    all.push(place_of(&mut *tx, record).await?);
                }
            }
            if all.len() == known {
                return Ok((all, tx.now()));
            }
        }
    }

    /// Lets go of one, in the vault first: whoever dies in between lets go again. Why it stays all the same.
    async fn let_go(&self, found: &Found) -> Result<Option<String>, FlowError> {
        let kept = &found.record.kept;
        match self.git.drop_salvage(&found.url, &found.place, &kept.commit).await? {
            Dropped::Newer { found } => return Ok(Some(format!("more was kept since: {found}"))),
            Dropped::Gone if found.host.as_ref().is_some_and(|host| *host != self.settings.host) => {
                return Ok(Some("another machine's vault has it".to_owned()));
            }
            Dropped::Gone | Dropped::Dropped => {}
        }
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            tx.note_pruned(kept).await?;
            Ok(tx.commit().await?)
        })
        .await?;
        Ok(None)
    }
}

/// Why salvaged work stays that nobody may let go of yet.
fn stays(record: &SalvageRecord, ask: &PruneSalvages, now: Timestamp) -> Option<&'static str> {
    if record.salvaged_at > before(now, ask.older_than) {
        Some("it was kept more recently")
    } else if ask.job.is_none() && record.restored_at.is_none() {
        Some("nobody has restored it, and its job is not named")
    } else {
        None
    }
}

fn before(now: Timestamp, older_than: Millis) -> Timestamp {
    now + Millis(older_than.0.saturating_neg())
}
