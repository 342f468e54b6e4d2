//! Notes what was kept of attempts before their worktrees went, so that it is found without looking through vaults.

use super::effects::sending;
use super::{FlowError, Sprintgate};
use crate::domain::actor::Actor;
use crate::domain::remote::RemoteUrl;
use crate::git::{Place, Salvaged};
use crate::store::{NewSalvage, SalvageKind, Stamp, StoreError, Tx};

impl Sprintgate {
    /// Notes what was kept of one attempt, before anything is removed. Of one that left for an archive meanwhile there is
    /// nothing to note.
    pub(super) async fn note_kept(
        &self,
        url: &RemoteUrl,
        place: &Place,
        kept: &Salvaged,
    ) -> Result<(), FlowError> {
        let note = || async {
            let mut tx = self.store.begin().await?;
            note_kept(&mut *tx, url, place, kept).await?;
            Ok(tx.commit().await?)
        };
        match self.again(note).await {
            // the attempt that a note refers to went while it was written; the second time it is not found
            Err(FlowError::Store(StoreError::Refused { .. })) => self.again(note).await,
            said => said,
        }
    }
}

/// Notes what was kept of one attempt, once, and has it sent where the product wants that. Of one that this database does not know there is nothing to note.
pub(super) async fn note_kept(
    tx: &mut dyn Tx,
    url: &RemoteUrl,
    place: &Place,
    kept: &Salvaged,
) -> Result<(), FlowError> {
    let known = tx.salvages_of(&place.job).await?;
    let is_known = |known: &NewSalvage| known.attempt == place.attempt && known.commit == kept.commit;
    if known.iter().any(|known| is_known(&known.kept)) {
        return Ok(());
    }
    let Some(attempt) = tx.attempt(&place.job, place.attempt).await? else { return Ok(()) };
    let kind = match (kept.paths > 0, kept.unpushed) {
        (true, true) => SalvageKind::Both,
        (true, false) => SalvageKind::Changes,
        (false, _) => SalvageKind::Commits,
    };
    let new = NewSalvage {
        job: place.job.clone(),
        attempt: place.attempt,
        repo_url: url.to_string(),
        reference: kept.reference.clone(),
        commit: kept.commit.clone(),
        kind,
        paths: u32::try_from(kept.paths).unwrap_or(u32::MAX),
    };
    tx.note_salvage(&new).await?;
    let Some(job) = tx.job(&place.job).await? else { return Ok(()) };
    if tx.product(&job.user, &job.product).await?.is_some_and(|product| product.push_salvage) {
        let effect = sending(&job, &attempt.row.frozen.host, &new, tx.now());
        tx.add_effect(&effect, &Stamp::of(Actor::System)).await?;
    }
    Ok(())
}
