//! One try to claim a job: decided and written in one transaction.

use serde_json::json;

use super::follow::any;
use super::request::Request;
use super::trailers::plan_digest;
use super::{FlowError, Session, Sprintgate, context, text};
use crate::domain::attempt::Attempt;
use crate::domain::eligibility::{self, Facts, Guard};
use crate::domain::id::{JobId, ProductId, UserId};
use crate::domain::job::{AnyJob, Claim};
use crate::domain::publication::CommitTrailers;
use crate::domain::run::{self, AnyRun};
use crate::domain::time::{Millis, Timestamp};
use crate::store::{Change, ClaimFacts, JobRecord, Stamp, StoreError, Tx};

/// Rows that turn out not to be claimable which one try steps over.
const STEPS: usize = 16;

/// What a look without locks found.
pub(super) struct Look {
    pub(super) user: UserId,
    /// Whether a try can find a job, or the answer of an earlier one.
    pub(super) worth: bool,
    /// How long until a job that was given back may be claimed.
    pub(super) due: Option<Millis>,
    /// Whether a worker gave no sign of life, when that was asked.
    pub(super) stale: bool,
}

/// What a claim has to know of its call.
pub(super) struct Wish<'a> {
    pub(super) session: &'a Session,
    pub(super) product: Option<&'a str>,
    pub(super) request: &'a Request,
}

/// A claim that is written.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Taken {
    pub(crate) job: JobId,
    pub(crate) attempt: u32,
    /// It was claimed and perhaps handed out before: somebody may be at work on it.
    #[serde(skip)]
    pub(super) replayed: bool,
    /// The job, when it was claimed just now.
    #[serde(skip)]
    pub(super) record: Option<Box<JobRecord>>,
    /// What its commits are to say, when it was claimed just now.
    #[serde(skip)]
    pub(super) trailers: Option<CommitTrailers>,
}

impl Sprintgate {
    /// Claims the first job there is, if there is one. A repeated request gets the claim it made before.
    pub(super) async fn claim_once(&self, wish: &Wish<'_>) -> Result<Option<Taken>, FlowError> {
        let mut tx = self.store.begin().await?;
        let caller = self.caller(&mut *tx, wish.session).await?;
        caller.may("claim jobs")?;
        if let Some(taken) = wish.request.answer::<Taken>(&mut *tx, &caller).await? {
            wish.session.remember(&taken.job, taken.attempt);
            return Ok(Some(Taken { replayed: true, ..taken }));
        }
        let product = self.scope(&mut *tx, caller.user(), wish.product).await?;
        for _ in 0..STEPS {
            let Some(id) = tx.first_claimable(caller.user(), product.as_ref()).await? else { break };
            let Some(job) = tx.job(&id).await? else { break };
            let facts = tx.claim_facts(&job, caller.user()).await?;
            if let Err(why) = check(&job, caller.user(), product.as_ref(), &facts, tx.now()) {
                if why.guard() == Guard::BranchIsFree {
                    // It is ready all the same, and nobody else marks it so when the branch is free.
                    break;
                }
                tracing::warn!(job = %id, %why, "a job that is not claimable was marked ready; unmarking it");
                tx.set_ready(&id, false).await?;
                continue;
            }
            let stamp = Stamp { attempt: Some(job.row.attempt + 1), ..Stamp::of(caller.actor()) };
            let record = Some(Box::new(job.clone()));
            let said = facts.trailers.then(|| plan_digest(facts.plan.as_deref()));
            let attempt = self.take(&mut *tx, wish.session, &caller, job, facts, stamp).await?;
            let trailers = said.map(|plan| CommitTrailers::new(&id, attempt, plan.as_deref()));
            let taken = Taken { job: id, attempt, replayed: false, record, trailers };
            wish.request.keep(&mut *tx, &caller, &taken).await?;
            tx.commit().await?;
            wish.session.remember(&taken.job, attempt);
            return Ok(Some(taken));
        }
        tx.commit().await?;
        Ok(None)
    }

    /// Looks without locking anything: the token, the scope, and whether a try can find a job. `thorough` also looks for
    /// workers that gave no sign of life.
    pub(super) async fn look(&self, wish: &Wish<'_>, thorough: bool) -> Result<Look, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, wish.session).await?;
        caller.may("claim jobs")?;
        let mut look = Look { user: caller.user().clone(), worth: true, due: None, stale: false };
        if wish.request.answer::<Taken>(&mut *tx, &caller).await?.is_some() {
            return Ok(look);
        }
        let now = tx.now();
        look.stale = thorough && !tx.stale(now, 1).await?.is_empty();
        let product = self.scope(&mut *tx, caller.user(), wish.product).await?;
        look.worth = tx.first_claimable(caller.user(), product.as_ref()).await?.is_some();
        if !look.worth {
            look.due = tx.next_due(caller.user(), product.as_ref()).await?.map(|at| at - now);
        }
        Ok(look)
    }

    async fn scope(
        &self,
        tx: &mut dyn Tx,
        user: &UserId,
        product: Option<&str>,
    ) -> Result<Option<ProductId>, FlowError> {
        let Some(given) = product else { return Ok(None) };
        let id: ProductId = text::id("product_id", given)?;
        let seen = tx.product(user, &id).await?;
        seen.map(|product| Some(product.id)).ok_or_else(|| FlowError::not_found("product", given))
    }

    async fn take(
        &self,
        tx: &mut dyn Tx,
        session: &Session,
        caller: &super::Caller,
        job: JobRecord,
        facts: ClaimFacts,
        stamp: Stamp,
    ) -> Result<u32, FlowError> {
        let now = tx.now();
        let (plan, policy) = (facts.plan.unwrap_or_default(), facts.policy.unwrap_or_default());
        let AnyJob::Queued(queued) = any(&job)? else {
            return Err(StoreError::Inconsistent { what: format!("job {} is not QUEUED", job.row.id) }.into());
        };
        let claim =
            Claim { token: caller.token_id().clone(), worker: session.worker_id().clone(), plan, policy };
        let step = queued.claim(claim, now, self.settings.lease)?;
        let attempt = Attempt::begun(&step, self.settings.host.clone(), job.branch.clone());
        tx.claim(step.into(), &attempt, &stamp).await?;
        if facts.run == Some(run::Status::Queued)
            && let Some(run) = &job.run
            && let Some(record) = tx.run(run).await?
        {
            let parsed = AnyRun::try_from(record.row)
                .map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })?;
            if let AnyRun::Queued(run) = parsed {
                let stamp = Stamp { facts: json!({ "job": job.row.id }), ..stamp };
                tx.apply(Change::Run(run.claim_first(now).into()), &stamp).await?;
            }
        }
        Ok(attempt.number)
    }
}

/// Every guard of a claim by that user, who may have asked for one product, by what was read from the rows themselves.
/// The `ready` mark only finds the candidate.
pub(super) fn check(
    job: &JobRecord,
    user: &UserId,
    scope: Option<&ProductId>,
    facts: &ClaimFacts,
    now: Timestamp,
) -> Result<(), eligibility::NotClaimable> {
    eligibility::check(&Facts {
        yours: job.user == *user,
        product: job.product.clone(),
        scope: scope.cloned(),
        product_seen: facts.product_seen,
        has_context: context::is_built(job.row.kind),
        status: job.row.status,
        kind: job.row.kind,
        run: facts.run,
        ahead: facts.ahead.clone(),
        branch_held_by: facts.branch_held_by.clone(),
        not_before: job.row.not_before,
        now,
    })
}
