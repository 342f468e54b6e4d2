//! What is not in its table: it left for an archive, or there never was such a thing.

use crate::domain::id::{EffectId, JobId, UserId};
use crate::flow::{FlowError, iso};
use crate::store::Tx;

/// Why a user has no such job. Only its own user is told that it left, and where it is.
pub(in crate::flow) async fn absent_job(tx: &mut dyn Tx, user: &UserId, job: &JobId) -> FlowError {
    match tx.archive_of_job(job, user).await {
        Ok(Some((archive, at))) => {
            FlowError::Archived { what: "job", id: job.to_string(), archive, at: iso(at) }
        }
        Ok(None) => FlowError::not_found("job", job.as_str()),
        Err(error) => error.into(),
    }
}

/// Whether an archive has an effect by now; then its ledger goes no further.
pub(in crate::flow) async fn effect_left(tx: &mut dyn Tx, effect: &EffectId) -> Result<(), FlowError> {
    let archived = archived(tx, "effect", effect.as_str()).await?;
    archived.map_or(Ok(()), |(archive, at)| {
        Err(FlowError::Archived { what: "effect", id: effect.to_string(), archive, at })
    })
}

/// Why there is no such job or other entity.
pub(in crate::flow) async fn absent(
    tx: &mut dyn Tx,
    what: &'static str,
    machine: &str,
    id: &str,
) -> FlowError {
    match archived(tx, machine, id).await {
        Ok(Some((archive, at))) => FlowError::Archived { what, id: id.to_owned(), archive, at },
        Ok(None) => FlowError::not_found(what, id),
        Err(error) => error,
    }
}

/// The name of the archive that has it, and when that was recorded.
async fn archived(tx: &mut dyn Tx, machine: &str, id: &str) -> Result<Option<(String, String)>, FlowError> {
    let seal = tx.archived_histories(machine, id, i64::MIN, 1).await?.pop().filter(|seal| seal.entity == id);
    let Some(seal) = seal else { return Ok(None) };
    let record = tx.archives(seal.archive.saturating_sub(1), 1).await?.pop();
    Ok(record.filter(|record| record.number == seal.archive).map(|record| (record.name, iso(record.at))))
}
