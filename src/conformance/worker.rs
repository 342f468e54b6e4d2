//! What a worker does with the store: it claims, works, and ends what it claimed.

use super::Failed;
use super::failed::{refused, there};
use super::ground::stamp;
use crate::domain::commit::CommitId;
use crate::domain::gate::{self, Evidence, Head, Policy};
use crate::domain::id::JobId;
use crate::domain::job::{AnyJob, Change as JobChange, Failure, LEASE, Publication};
use crate::domain::verify::VerifyResult;
use crate::flow::{Session, Sprintgate};
use crate::store::{Change, JobRecord, Store, StoreError, Tx, Verification};

/// An attempt that holds a job.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Held {
    pub(super) job: JobId,
    pub(super) attempt: u32,
}

/// How a worker ends its attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Done,
    Failed,
    GivenBack,
}

/// Claims the first job there is, by the use case that workers call.
pub(super) async fn claim_next(app: &Sprintgate, session: &Session) -> Result<Option<Held>, Failed> {
    Ok(app.take_job(session, None).await?.map(|taken| Held { job: taken.job, attempt: taken.attempt }))
}

/// Begins the work and ends it, and lets the next job of its branch go on.
pub(super) async fn end(store: &dyn Store, held: &Held, how: End) -> Result<(), Failed> {
    let mut patience = Patience::default();
    loop {
        match end_once(store, held, how).await {
            Err(error) if patience.lasts(&error) => {}
            other => return other,
        }
    }
}

async fn end_once(store: &dyn Store, held: &Held, how: End) -> Result<(), Failed> {
    let mut tx = store.begin().await?;
    let record = job(tx.as_mut(), held).await?;
    let AnyJob::Claimed(claimed) = AnyJob::try_from(record.row.clone()).map_err(refused)? else {
        let what = format!("job {} of attempt {}", held.job, held.attempt);
        return Err(Failed::otherwise(what, "CLAIMED", record.row.status.to_string()));
    };
    let started = claimed.start(held.attempt, tx.now(), LEASE).map_err(refused)?;
    tx.apply(Change::Job(started.into()), &stamp()).await?;
    let change = ending(tx.as_mut(), held, how).await?;
    let ended = change.row().status.is_terminal();
    tx.apply(Change::Job(change), &stamp()).await?;
    if let (true, Some(run), Some(repo), Some(branch)) =
        (ended, &record.run, &record.repo_url, &record.branch)
    {
        tx.ready_next(run, repo, branch).await?;
    }
    Ok(tx.commit().await?)
}

async fn job(tx: &mut dyn Tx, held: &Held) -> Result<JobRecord, Failed> {
    there(format!("job {}", held.job), tx.job(&held.job).await?)
}

async fn ending(tx: &mut dyn Tx, held: &Held, how: End) -> Result<JobChange, Failed> {
    let (now, attempt) = (tx.now(), held.attempt);
    let commit = CommitId::new("a".repeat(40)).map_err(refused)?;
    let evidence = Evidence { result: VerifyResult::Aligned, commit: commit.clone(), at: now };
    if how == End::Done {
        let noted = Verification { evidence: evidence.clone(), reasoning: "all of it".to_owned() };
        tx.note_verdict(&held.job, attempt, &noted).await?;
    }
    let row = job(tx, held).await?.row;
    let AnyJob::Running(running) = AnyJob::try_from(row).map_err(refused)? else {
        return Err(Failed::otherwise(format!("job {}", held.job), "RUNNING", "another status"));
    };
    Ok(match how {
        End::Failed => {
            running.fail(attempt, Failure::Reported("no".to_owned()), now).map_err(refused)?.into()
        }
        End::GivenBack => running.release(attempt, "no repository", now).map_err(refused)?.into(),
        End::Done => {
            let head = Head { commit: commit.clone(), dirty: 0 };
            let passed = gate::judge(&held.job, attempt, Some(&evidence), Policy::default(), None, &head);
            let published = Publication { commit, at: now };
            let passed = passed.map_err(refused)?;
            running.finish(attempt, passed, Some(published), None, now).map_err(refused)?.into()
        }
    })
}

/// What the store says may succeed a moment later is tried again, so often; nothing of it was written.
struct Patience(u32);

impl Default for Patience {
    fn default() -> Self {
        Self(50)
    }
}

impl Patience {
    fn lasts(&mut self, error: &Failed) -> bool {
        self.0 = self.0.saturating_sub(1);
        self.0 > 0 && matches!(error, Failed::Store(StoreError::Busy(_)))
    }
}
