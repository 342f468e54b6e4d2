//! What our workers do with a job: through the store's port, move by move as the use cases do it, or by the use cases
//! themselves where they need no repository.

use sprintgate::domain::attempt::Attempt;
use sprintgate::domain::eligibility::{self, Facts};
use sprintgate::domain::gate::{self, Policy};
use sprintgate::domain::id::{JobId, UserId};
use sprintgate::domain::job::{AnyJob, Claim, LEASE};
use sprintgate::domain::run::{self, AnyRun};
use sprintgate::flow::wire::{ReportStatus, UpdateJobStatus};
use sprintgate::flow::{Session, Sprintgate};
use sprintgate::store::*;

use crate::Result;
use crate::rows::{TOKEN, stamp};

async fn read(tx: &mut dyn Tx, job: &JobId) -> Result<AnyJob> {
    Ok(AnyJob::try_from(tx.job(job).await?.ok_or("no such job")?.row)?)
}

/// Claims the first job there is.
pub(crate) async fn claim(store: &dyn Store, user: &UserId) -> Result<Option<JobId>> {
    let mut tx = store.begin().await?;
    let Some(id) = tx.first_claimable(user, None).await? else { return Ok(None) };
    let AnyJob::Queued(job) = read(&mut *tx, &id).await? else { return Err("not queued".into()) };
    let (token, worker, plan) = ("t".parse()?, "w".parse()?, "change `a.rs`".to_owned());
    let step = job.claim(Claim { token, worker, plan, policy: Policy::default() }, tx.now(), LEASE)?;
    let attempt = Attempt::begun(&step, "here".into(), None);
    tx.claim(step.into(), &attempt, &stamp()).await?;
    tx.commit().await?;
    Ok(Some(id))
}

/// Three moves and nothing else: claim, running, done, a transaction each; false when the queue is empty.
pub(crate) async fn moves(store: &dyn Store, user: &UserId) -> Result<bool> {
    let Some(id) = claim(store, user).await? else { return Ok(false) };

    let mut tx = store.begin().await?;
    let AnyJob::Claimed(job) = read(&mut *tx, &id).await? else { return Err("not claimed".into()) };
    tx.apply(Change::Job(job.start(1, tx.now(), LEASE)?.into()), &stamp()).await?;
    tx.commit().await?;

    let mut tx = store.begin().await?;
    let AnyJob::Running(job) = read(&mut *tx, &id).await? else { return Err("not running".into()) };
    let proof = gate::exempt(&id, 1, job.kind)?;
    let step = job.finish(1, proof, None, Some("all of it".into()), tx.now())?;
    tx.apply(Change::Job(step.into()), &stamp()).await?;
    tx.commit().await?;
    Ok(true)
}

/// A worker that calls the use cases.
pub(crate) struct Worker {
    pub(crate) app: Sprintgate,
    pub(crate) session: Session,
}

impl Worker {
    pub(crate) fn new(app: &Sprintgate, number: u32) -> Result<Self> {
        let secret = Secret::shown(TOKEN);
        let session = Session::worker(Some(&secret), format!("w{number}").parse()?);
        Ok(Self { app: app.clone(), session })
    }

    /// Claims as the use case does (token, guards, run), because that one goes on to make a worktree; then `running` and
    /// `done` by the use cases, with token, fence, task, story, item, sprint and run; false when the queue is empty.
    pub(crate) async fn life(&self, store: &dyn Store) -> Result<bool> {
        let Some(id) = self.claim(store).await? else { return Ok(false) };
        self.session.remember(&id, 1);
        for status in [ReportStatus::Running, ReportStatus::Done] {
            self.report(&id, status).await?;
        }
        Ok(true)
    }

    /// Claims as `wait_for_job` does.
    pub(crate) async fn claim(&self, store: &dyn Store) -> Result<Option<JobId>> {
        let hash = Secret::shown(TOKEN).hash();
        let mut tx = store.begin().await?;
        let token = tx.token_by_hash(&hash).await?.ok_or("no token")?;
        let user = &token.user.id;
        let Some(id) = tx.first_claimable(user, None).await? else { return Ok(None) };
        let job = tx.job(&id).await?.ok_or("no such job")?;
        let read = tx.claim_facts(&job, user).await?;
        let facts = Facts {
            yours: &job.user == user,
            product: job.product.clone(),
            scope: None,
            product_seen: read.product_seen,
            has_context: true,
            status: job.row.status,
            kind: job.row.kind,
            run: read.run,
            ahead: read.ahead,
            branch_held_by: read.branch_held_by,
            not_before: job.row.not_before,
            now: tx.now(),
        };
        eligibility::check(&facts).map_err(|why| format!("job {id}: {why}"))?;
        let plan = read.plan.unwrap_or_default();
        let AnyJob::Queued(queued) = AnyJob::try_from(job.row.clone())? else {
            return Err("not queued".into());
        };
        let (worker, policy) = (self.session.worker_id().clone(), Policy::default());
        let step = queued.claim(Claim { token: token.id.clone(), worker, plan, policy }, tx.now(), LEASE)?;
        let attempt = Attempt::begun(&step, "here".into(), job.branch.clone());
        tx.claim(step.into(), &attempt, &stamp()).await?;
        if read.run == Some(run::Status::Queued)
            && let Some(run) = &job.run
            && let Some(record) = tx.run(run).await?
            && let AnyRun::Queued(run) = AnyRun::try_from(record.row)?
        {
            tx.apply(Change::Run(run.claim_first(tx.now()).into()), &stamp()).await?;
        }
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Reports on the first attempt of a job.
    pub(crate) async fn report(&self, job: &JobId, status: ReportStatus) -> Result<()> {
        let ask = UpdateJobStatus {
            job_id: job.to_string(),
            attempt: Some(1),
            status,
            branch: None,
            summary: (status == ReportStatus::Done).then(|| "all of it".to_owned()),
            error: (status == ReportStatus::Failed).then(|| "it does not compile".to_owned()),
            model_id: None,
            input_tokens: None,
            output_tokens: None,
            cache_read_tokens: None,
            cache_write_tokens: None,
            request_id: None,
        };
        self.app.update_job_status(&self.session, ask).await?;
        Ok(())
    }
}
