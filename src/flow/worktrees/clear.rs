//! Removes the worktree of an attempt that can go: what it holds is kept and noted first. Whoever dies in between is
//! followed by somebody who does it all again, and comes to the same end.

use super::judge::{Judged, Verdict, Whose, held_by};
use crate::domain::id::ProductId;
use crate::domain::time::Millis;
use crate::domain::worktree::{Leave, Lock};
use crate::flow::{FlowError, Sprintgate};
use crate::git::{Found, Place, Salvaged};
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
        if let (Verdict::Goes(_), Found::Product(product)) = (&judged.verdict, &judged.found) {
            let product = product.clone();
            judged.verdict = self.remove_tree(&product).await?;
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

    /// Removes a product's worktree that nobody holds. Whoever gets its lock after the look waits for the folder until it
    /// is gone, and makes it anew.
    async fn remove_tree(&self, product: &ProductId) -> Result<Verdict, FlowError> {
        let held = self.git.hold_product(product).await?;
        let holder = self.store.read().await?.lock_holder(&Lock::Product(product.clone())).await?;
        if let Some(holder) = &holder {
            return Ok(held_by(holder));
        }
        let removed = self.git.remove_product_tree(product, &held).await;
        Ok(removed.map_or_else(|error| resists(&error.into()), |_| Verdict::Goes(Leave::Free)))
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

fn resists(error: &FlowError) -> Verdict {
    let because = format!("It could not be removed: {error}");
    Verdict::Stays { why: "failed", because, until: None }
}
