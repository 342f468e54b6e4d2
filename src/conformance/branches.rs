//! The jobs of a branch, as the ledger tells of them: one after the other, and one held at a time.

use std::collections::BTreeMap;

use super::failed::same;
use super::{Failed, Raw};

/// What the ledger tells of the jobs of branches.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) claims: usize,
    pub(super) ends: usize,
    pub(super) given_back: usize,
}

/// A branch: its jobs in their order, how many have ended, and which is held.
#[derive(Default)]
struct Branch {
    ended: usize,
    held: Option<String>,
}

/// Follows the ledger. `places` has the branch of each job and its place there, from 0; of other jobs nothing may be
/// told but that they were queued.
pub(super) async fn follow(
    raw: &mut dyn Raw,
    places: &BTreeMap<String, (usize, usize)>,
) -> Result<Told, Failed> {
    let sql = "SELECT entity, event FROM ledger WHERE machine = 'job' AND event <> 'create' ORDER BY seq";
    let mut told = Told::default();
    let mut branches: BTreeMap<usize, Branch> = BTreeMap::new();
    for row in raw.rows(sql).await? {
        let [Some(job), Some(event)] = row.as_slice() else { continue };
        let Some((branch, place)) = places.get(job) else {
            return Err(Failed::otherwise(format!("job {job}"), "that it waits", event.clone()));
        };
        let branch = branches.entry(*branch).or_default();
        match event.as_str() {
            "claim" => {
                same(format!("who holds the branch when job {job} is claimed"), branch.held.take(), None)?;
                same(format!("the place of job {job}, which is claimed"), *place, branch.ended)?;
                branch.held = Some(job.clone());
                told.claims += 1;
            }
            "start" => same("who starts", Some(job), branch.held.as_ref())?,
            event => {
                same(
                    format!("who holds the branch at the {event} of job {job}"),
                    branch.held.take().as_ref(),
                    Some(job),
                )?;
                match event {
                    "release" => told.given_back += 1,
                    _ => {
                        told.ends += 1;
                        branch.ended += 1;
                    }
                }
            }
        }
    }
    Ok(told)
}
