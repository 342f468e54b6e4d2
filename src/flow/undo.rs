//! What a failure undoes besides its cancellations, as effects: pull requests are closed or reverted where a forge of
//! their repository is configured here, and branches on which something was published are deleted by git alone. Each has
//! the key of its step, so that whoever plans it, and however often, it is done once.

use std::collections::BTreeSet;

use serde_json::json;

use super::FlowError;
use super::cascade::pbi_of;
use super::cascade_rows::CascadeRows;
use super::follow::because;
use super::fresh;
use crate::domain::actor::Actor;
use crate::domain::branch::BranchName;
use crate::domain::cascade::{self, Planned, Step};
use crate::domain::effect::{Effect, Kind, Pending, TRIES_MAX};
use crate::domain::forge::PrUrl;
use crate::domain::id::{JobId, PbiId};
use crate::domain::job::Status;
use crate::domain::remote::RemoteUrl;
use crate::domain::time::Timestamp;
use crate::forge::Forges;
use crate::store::{EffectRecord, JobRecord, NewEffect, PullRequestRecord, Stamp, Tx};

/// The longest key that an effect can have.
const KEY_MAX: usize = 400;
/// Effects of one job that are looked at.
const EFFECTS_MAX: u32 = 1000;

/// Adds the effects of what the failure of a job undoes, those that are not there yet. A step whose forge is not
/// configured here is left to a person, and so is every step that has to wait for it. The transaction holds the product.
pub(super) async fn replan(
    forges: &Forges,
    tx: &mut dyn Tx,
    failed: &JobRecord,
    pbi: &PbiId,
    at: Timestamp,
) -> Result<(), FlowError> {
    let rows = CascadeRows::read(tx, failed, pbi, Some(at)).await?;
    if !rows.complete {
        tracing::warn!(job = %failed.row.id, "too many jobs for their pull requests to be undone; a person has to");
        return Ok(());
    }
    let stamp = because(failed, "cascade");
    for (planned, undoing) in carried_out(forges, &rows, failed, tx.now()) {
        // What is published by work that began since is not this failure's to undo.
        if let Undoing::By(new) = undoing
            && !rows.is_taken_up(&planned.step)
        {
            tx.add_effect(&new, &stamp).await?;
        }
    }
    Ok(())
}

/// The plan of a failure, each step with who carries it out. What waits for a person's step is that person's, too.
pub(super) fn carried_out(
    forges: &Forges,
    rows: &CascadeRows,
    failed: &JobRecord,
    now: Timestamp,
) -> Vec<(Planned, Undoing)> {
    let mut left = BTreeSet::new();
    let mut steps = Vec::new();
    for planned in rows.plan(failed) {
        let waits = planned.after.iter().any(|key| left.contains(key));
        let undoing = if waits { Undoing::Person } else { effect_of(forges, rows, failed, &planned, now) };
        if matches!(undoing, Undoing::Person) {
            left.insert(planned.key.clone());
        }
        steps.push((planned, undoing));
    }
    steps
}

/// The same after something became known that the plan did not know of: nothing when the job's failure did not cascade.
/// Of a job that a cascade cancelled, what the failure of the other one undoes. Which job failed.
pub(super) async fn replan_job(
    forges: &Forges,
    tx: &mut dyn Tx,
    job: &JobId,
) -> Result<Option<JobId>, FlowError> {
    let Some(mut failed) = tx.job(job).await? else { return Ok(None) };
    if let (Status::Cancelled, Some(cause)) = (failed.row.status, failed.row.caused_by.clone()) {
        let Some(other) = tx.job(&cause).await? else { return Ok(None) };
        failed = other;
    }
    let Some(at) = cascaded_at(tx, &failed).await? else { return Ok(None) };
    let Some(pbi) = pbi_of(tx, &failed).await? else { return Ok(None) };
    replan(forges, tx, &failed, &pbi, at).await?;
    Ok(Some(failed.row.id))
}

/// Has the branch of a pull request that was closed just now deleted after all, where its deletion was passed over
/// because the pull request was open: one that was opened while the failure was written.
pub(super) async fn redelete(
    tx: &mut dyn Tx,
    failed: &JobId,
    closed: &EffectRecord,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let of_job = tx.effects_of_jobs(std::slice::from_ref(failed), EFFECTS_MAX).await?;
    let passed_over = of_job.into_iter().filter(|one| one.effect.row.kind == Kind::DeleteBranch);
    let mut passed_over = passed_over.filter(|one| one.effect.lane == closed.lane);
    let Some(one) = passed_over.find(|one| one.learned.get("passed_over").is_some()) else { return Ok(()) };
    let new = NewEffect {
        effect: pending(Kind::DeleteBranch, tx.now()),
        product: one.effect.product,
        job: one.effect.job,
        payload: one.effect.payload,
        host: None,
        lane: one.effect.lane,
        key: Some(format!("delete/after/{}", closed.row.id)),
    };
    tx.add_effect(&new, stamp).await?;
    Ok(())
}

/// When the job's failure cascaded; none when it has not failed, or failed alone.
pub(super) async fn cascaded_at(tx: &mut dyn Tx, job: &JobRecord) -> Result<Option<Timestamp>, FlowError> {
    let (Status::Failed, Some(cause)) = (job.row.status, job.row.end_cause) else { return Ok(None) };
    let product = tx.product(&job.user, &job.product).await?;
    let cascades = cascade::starts(cause, product.is_some_and(|p| p.cascade_on_infrastructure));
    Ok(job.row.finished_at.filter(|_| cascades))
}

/// Has the branch of a publication whose pull request was merged deleted, once nobody works on it.
pub(super) async fn add_deletion(
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
    stamp: &Stamp,
) -> Result<(), FlowError> {
    let Ok(repo) = RemoteUrl::new(&record.repo_url) else { return Ok(()) };
    let branch = &record.row.branch;
    let new = NewEffect {
        effect: pending(Kind::DeleteBranch, tx.now()),
        product: record.product.clone(),
        job: None,
        payload: json!({ "repo": repo, "branch": branch }),
        host: None,
        lane: Some(lane(&repo, branch)),
        key: Some(format!("merged/{}", record.row.id)),
    };
    let stamp = Stamp { facts: stamp.facts.clone(), ..Stamp::of(Actor::System) };
    tx.add_effect(&new, &stamp).await?;
    Ok(())
}

/// Everything that touches one branch at its forge is done in the order of this lane.
pub(super) fn lane(repo: &RemoteUrl, branch: &BranchName) -> String {
    format!("branch/{}#{branch}", repo.key())
}

/// Who carries out a step besides the failure itself.
pub(super) enum Undoing {
    /// This effect.
    By(Box<NewEffect>),
    /// A person: no forge of its repository is configured here, or it cannot be named.
    Person,
    /// Others, who know of it without being told: the failure, a worker, the removal of worktrees. Or there is nothing
    /// to be done.
    Other,
}

/// The effect of a step.
fn effect_of(
    forges: &Forges,
    rows: &CascadeRows,
    failed: &JobRecord,
    planned: &Planned,
    now: Timestamp,
) -> Undoing {
    let (kind, payload, lane) = match &planned.step {
        Step::Cancel { .. } | Step::Stop { .. } | Step::RemoveWorktree { .. } => return Undoing::Other,
        Step::DeleteBranch { .. } if !rows.deletes_something(&planned.step) => return Undoing::Other,
        Step::DeleteBranch { repo, branch } => {
            (Kind::DeleteBranch, json!({ "repo": repo, "branch": branch }), lane(repo, branch))
        }
        Step::LookAtPullRequest { .. } => return Undoing::Person,
        Step::ClosePullRequest { url, .. } => match known(forges, rows, url) {
            Some((repo, record)) => {
                let payload = json!({ "publication": record.row.id, "url": url });
                (Kind::ClosePr, payload, lane(&repo, &record.row.branch))
            }
            None => return Undoing::Person,
        },
        Step::RevertPullRequest { url } => match known(forges, rows, url) {
            Some((repo, record)) => {
                let payload = json!({ "publication": record.row.id, "url": url, "repo": repo });
                (Kind::RevertPr, payload, format!("revert/{url}"))
            }
            None => return Undoing::Person,
        },
    };
    if planned.key.as_str().chars().count() > KEY_MAX {
        return Undoing::Person;
    }
    Undoing::By(Box::new(NewEffect {
        effect: pending(kind, now),
        product: failed.product.clone(),
        job: Some(failed.row.id.clone()),
        payload,
        host: None,
        lane: Some(lane),
        key: Some(planned.key.as_str().to_owned()),
    }))
}

/// The repository and publication of a pull request whose forge is configured here.
fn known<'a>(
    forges: &Forges,
    rows: &'a CascadeRows,
    url: &str,
) -> Option<(RemoteUrl, &'a PullRequestRecord)> {
    forges.at(&url.parse::<PrUrl>().ok()?).ok()?;
    let record = rows.publication(url)?;
    Some((RemoteUrl::new(&record.repo_url).ok()?, record))
}

fn pending(kind: Kind, now: Timestamp) -> Effect<Pending> {
    Effect { id: fresh::id(), kind, tries: 0, tries_max: TRIES_MAX, state: Pending { due_at: now } }
}
