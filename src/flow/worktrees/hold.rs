//! The locks under which an attempt works in the worktrees of products: all or none, and waited for up to a minute. No
//! transaction is open while it waits.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::error::TreesError;
use super::release::{apply, of_attempt, typed};
use crate::domain::id::{JobId, ProductId, UserId};
use crate::domain::time::Timestamp;
use crate::domain::worktree::{
    AcquiringLock, AnyWorktree, Idle, LOCK_WAIT, Lock, Locks, Places, Refusal, Status, Worktree, locks_of,
};
use crate::flow::holding::Holding;
use crate::flow::{Caller, FlowError, Session, Sprintgate, iso};
use crate::store::{Of, Product, StoreError, Tx};

/// How long to sleep at most before looking again.
const POLL: Duration = Duration::from_secs(1);
/// How long to sleep at least: most of what changes frees no lock.
const PAUSE: Duration = Duration::from_millis(20);

/// Who wants the worktrees of which products.
pub(super) struct Wish<'a> {
    pub(super) session: &'a Session,
    pub(super) job: &'a JobId,
    pub(super) attempt: u32,
    /// In the caller's order.
    pub(super) products: &'a [ProductId],
}

/// What an attempt holds.
pub(super) struct Hold {
    /// In the caller's order, each once.
    pub(super) products: Vec<Product>,
    /// An earlier call brought them to where work starts, and the attempt may be at work in them.
    pub(super) is_ready: bool,
}

/// What came of one try.
enum Tried {
    Held(Hold),
    /// Somebody else has one of the locks, perhaps since this very moment, in which case nobody knows who.
    Waits(Option<InTheWay>),
    GaveUp(InTheWay),
}

/// Who holds a lock that somebody waits for.
struct InTheWay {
    /// Who waits.
    waits: UserId,
    lock: Lock,
    job: JobId,
    attempt: u32,
    until: Timestamp,
    /// Its time is over, so that anybody may free it.
    is_stale: bool,
}

impl Sprintgate {
    /// Takes the locks of all products at once, as soon as all are free. Each try is a sign of life of the attempt.
    pub(super) async fn hold_products(&self, wish: &Wish<'_>) -> Result<Hold, FlowError> {
        // Listening comes before looking: whatever is freed after the look wakes the wait below.
        let mut changes = self.store.changes();
        loop {
            changes.mark_unchanged();
            match self.again(|| self.try_to_hold(wish)).await? {
                Tried::Held(hold) => return Ok(hold),
                Tried::GaveUp(way) => return Err(self.locked(way).await?.into()),
                Tried::Waits(way) => {
                    if way.is_some_and(|way| way.is_stale) && self.free_stale_locks().await? > 0 {
                        continue;
                    }
                }
            }
            sleep(PAUSE).await;
            // The poll goes on when the store's watcher has ended, and no faster.
            if let Ok(Err(_)) = timeout(POLL, changes.changed()).await {
                sleep(POLL).await;
            }
        }
    }

    async fn try_to_hold(&self, wish: &Wish<'_>) -> Result<Tried, FlowError> {
        let mut tx = self.store.begin().await?;
        let caller = self.caller(&mut *tx, wish.session).await?;
        tx.hold(Of::Job(wish.job), Some(caller.user())).await?;
        let number = Some(i64::from(wish.attempt));
        let held = Holding::find(&mut *tx, wish.session, &caller, wish.job.as_str(), number).await?.live()?;
        let products = seen(&mut *tx, &caller, wish.products).await?;
        let places = Places { products: wish.products.to_vec(), ..Places::default() };
        let Some(wants) = locks_of(held.job.row.kind, places).locks else {
            return Err(FlowError::invalid("job_id", "works on code, and in no worktree of a product"));
        };
        if !held.renew(&mut *tx, self.settings.lease).await? {
            return Err(self.gone(&mut *tx, &held, wish).await?);
        }
        let waiting = match tx.worktree(wish.job, wish.attempt).await?.map(typed).transpose()? {
            None => self.ask(&mut *tx, wish, wants, true).await?,
            Some(AnyWorktree::Idle(_)) => self.ask(&mut *tx, wish, wants, false).await?,
            Some(AnyWorktree::AcquiringLock(it)) if it.state.wants == wants => it,
            Some(AnyWorktree::CreatingOrReusing(it)) if it.state.hold.locks == wants => {
                return held_now(tx, products, false).await;
            }
            Some(AnyWorktree::Syncing(it)) if it.state.hold.locks == wants => {
                return held_now(tx, products, false).await;
            }
            Some(AnyWorktree::Ready(it)) if it.state.hold.locks == wants => {
                return held_now(tx, products, true).await;
            }
            Some(AnyWorktree::LockTimeout(_)) => return Err(over(wish, Status::LockTimeout)),
            Some(AnyWorktree::SyncFailed(_)) => return Err(over(wish, Status::SyncFailed)),
            Some(AnyWorktree::Released(_)) => return Err(over(wish, Status::Released)),
            Some(AnyWorktree::StaleReleased(_)) => return Err(over(wish, Status::StaleReleased)),
            Some(AnyWorktree::Releasing(_)) => return Err(over(wish, Status::Releasing)),
            Some(_) => {
                return Err(FlowError::invalid("products", "are not those that the attempt asked for"));
            }
        };
        self.acquire(tx, wish, caller.user(), waiting, products).await
    }

    /// Begins to wait.
    async fn ask(
        &self,
        tx: &mut dyn Tx,
        wish: &Wish<'_>,
        wants: Locks,
        is_new: bool,
    ) -> Result<Worktree<AcquiringLock>, FlowError> {
        let idle = Worktree { job: wish.job.clone(), attempt: wish.attempt, state: Idle };
        let stamp = of_attempt(wish.attempt);
        if is_new {
            tx.add_worktree(&idle, &stamp).await?;
        }
        let step = idle.ask(wants, tx.now(), self.settings.lease);
        let waiting = step.next().clone();
        apply(tx, step.into(), &stamp).await?;
        Ok(waiting)
    }

    /// Takes all locks, or none. Whoever holds one is looked at before any is taken, and the locks are taken in their
    /// order, so that nobody waits in a circle.
    async fn acquire(
        &self,
        mut tx: Box<dyn Tx>,
        wish: &Wish<'_>,
        user: &UserId,
        waiting: Worktree<AcquiringLock>,
        products: Vec<Product>,
    ) -> Result<Tried, FlowError> {
        let (now, stamp) = (tx.now(), of_attempt(wish.attempt));
        let (mut others, mut ends) = (Vec::new(), Vec::new());
        for lock in waiting.state.wants.as_slice() {
            let Some(holder) = tx.lock_holder(lock).await? else { continue };
            if let Some(row) = tx.worktree(&holder.job, holder.attempt).await? {
                others.push(typed(row)?);
                ends.push((lock.clone(), holder.expires_at));
            }
        }
        let (lock, job, attempt) = match waiting.clone().acquire(&others, now) {
            Ok(step) => {
                return match apply(&mut *tx, step.into(), &stamp).await {
                    Ok(()) => held_now(tx, products, false).await,
                    Err(FlowError::Store(StoreError::Duplicate { .. })) => Ok(Tried::Waits(None)),
                    Err(error) => Err(error),
                };
            }
            Err(Refusal::Held { lock, job, attempt }) => (lock, job, attempt),
            Err(_) => return Err(over(wish, Status::AcquiringLock)),
        };
        let until = ends.into_iter().find(|(held, _)| *held == lock).map_or(now, |(_, until)| until);
        let is_stale = until < now;
        let way = InTheWay { waits: user.clone(), lock: lock.clone(), job, attempt, until, is_stale };
        if !is_stale && now >= waiting.state.since + LOCK_WAIT {
            let step = waiting.time_out(lock, now).map_err(|why| inconsistent(&why))?;
            apply(&mut *tx, step.into(), &stamp).await?;
            tx.commit().await?;
            return Ok(Tried::GaveUp(way));
        }
        tx.commit().await?;
        Ok(Tried::Waits(Some(way)))
    }

    /// What is told of whoever is in the way: of another user's job nothing but that it is there.
    async fn locked(&self, way: InTheWay) -> Result<TreesError, FlowError> {
        let mut tx = self.store.read().await?;
        let is_yours = tx.job(&way.job).await?.is_some_and(|job| job.user == way.waits);
        let product = match way.lock {
            Lock::Product(product) => product.to_string(),
            branch @ Lock::Branch { .. } => branch.to_string(),
        };
        let holder = is_yours.then(|| (way.job.to_string(), way.attempt));
        Ok(TreesError::Locked { product, holder, until: iso(way.until) })
    }
}

/// The products, each once, if the caller sees all of them.
async fn seen(tx: &mut dyn Tx, caller: &Caller, ids: &[ProductId]) -> Result<Vec<Product>, FlowError> {
    let mut products: Vec<Product> = Vec::with_capacity(ids.len());
    for id in ids {
        if products.iter().any(|known| known.id == *id) {
            continue;
        }
        let product = tx.product(caller.user(), id).await?;
        products.push(product.ok_or_else(|| FlowError::not_found("product", id.as_str()))?);
    }
    Ok(products)
}

async fn held_now(tx: Box<dyn Tx>, products: Vec<Product>, is_ready: bool) -> Result<Tried, FlowError> {
    tx.commit().await?;
    Ok(Tried::Held(Hold { products, is_ready }))
}

/// The refusal of an attempt whose worktrees are in that state.
pub(super) fn over(wish: &Wish<'_>, status: Status) -> FlowError {
    TreesError::Over { job: wish.job.to_string(), attempt: wish.attempt, status }.into()
}

fn inconsistent(why: &Refusal) -> FlowError {
    StoreError::Inconsistent { what: why.to_string() }.into()
}
