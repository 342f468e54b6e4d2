//! Removes the worktree of an attempt that can go: what it holds is kept and noted first. Whoever dies in between is
//! followed by somebody who does it all again, and comes to the same end.

use super::judge::{Judged, Verdict, Whose};
use crate::domain::time::Millis;
use crate::domain::worktree::Leave;
use crate::flow::{FlowError, Sprintgate};
use crate::git::{Found, GitError, Place, ProductPlace, Salvaged};
use crate::store::{Confirmation, JobRecord};

/// What was done about a worktree.
pub(in crate::flow) enum Cleared {
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
    Foreign(String),
}

impl Sprintgate {
    /// Removes the worktree of an attempt if it can go. What is left of it is none any more when it is gone.
    pub(in crate::flow) async fn clear_place(&self, place: &Place) -> Result<Cleared, FlowError> {
        let Some(found) = self.git.found_of(place)? else { return Ok(Cleared::Removed(None)) };
        let judged = {
            let mut tx = self.store.read().await?;
            self.judge(&mut *tx, found, None, false).await?
        };
        match judged {
            Some(mut judged) => {
                let kept = self.carry_out(&mut judged).await?;
                Ok(match judged.verdict {
                    Verdict::Goes(_) => Cleared::Removed(kept),
                    Verdict::Stays { because, until, .. } => {
                        Cleared::Kept { why: because, wait: until.map(|until| until - judged.at) }
                    }
                    Verdict::Foreign { because, .. } => Cleared::Foreign(because),
                })
            }
            None => Ok(Cleared::Removed(None)),
        }
    }

    /// Removes what can go, and hands back what was kept of it. What resists stays, and its verdict says why.
    pub(super) async fn carry_out(&self, judged: &mut Judged) -> Result<Option<Salvaged>, FlowError> {
        if let (Verdict::Goes(_), Found::Product(place)) = (&judged.verdict, &judged.found) {
            let place = place.clone();
            judged.verdict = self.remove_tree(&place).await?;
            return Ok(None);
        }
        let (Verdict::Goes(leave), Whose::Attempt(both)) = (&judged.verdict, &judged.whose) else {
            return Ok(None);
        };
        let (Found::Ours(place) | Found::Notes(place)) = &judged.found else { return Ok(None) };
        if *leave == Leave::Silent {
            self.note_silence(place).await?;
        }
        match self.remove(&both.0, place).await {
            Ok(kept) => Ok(kept),
            Err(error) => {
                judged.verdict = resists(&error);
                Ok(None)
            }
        }
    }

    /// Removes a product's worktree if it can still go. Whoever gets the product's lock after the look waits for the folder
    /// until it is gone; whoever makes one at this moment is not waited for.
    async fn remove_tree(&self, place: &ProductPlace) -> Result<Verdict, FlowError> {
        let held = match self.git.hold_product_now(&place.product).await {
            Ok(held) => held,
            Err(GitError::Busy { .. }) => return Ok(busy()),
            Err(error) => return Ok(resists(&error.into())),
        };
        let judged = {
            let mut tx = self.store.read().await?;
            self.judge(&mut *tx, Found::Product(place.clone()), None, false).await?
        };
        match judged.map(|judged| judged.verdict) {
            Some(Verdict::Goes(why)) => {
                let removed = self.git.remove_product_tree(place, &held).await;
                Ok(removed.map_or_else(|error| resists(&error.into()), |_| Verdict::Goes(why)))
            }
            Some(stays) => Ok(stays),
            None => Ok(busy()),
        }
    }

    /// Notes that nobody said that the worker of a cancelled attempt has stopped.
    async fn note_silence(&self, place: &Place) -> Result<(), FlowError> {
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            tx.confirm_stop(&place.job, place.attempt, Confirmation::Unconfirmed).await?;
            Ok(tx.commit().await?)
        })
        .await
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
}

fn busy() -> Verdict {
    let because = "Somebody makes, resets or removes a worktree of the product at this moment.".to_owned();
    Verdict::Stays { why: "busy", because, until: None }
}

fn resists(error: &FlowError) -> Verdict {
    let because = format!("It could not be removed: {error}");
    Verdict::Stays { why: "failed", because, until: None }
}
