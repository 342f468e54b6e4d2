//! Leases of one process that are renewed together: the first at once, those that follow within a moment in one
//! transaction. Only what can be granted is; everything else is asked again alone, and refused or granted there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

use super::fresh::iso;
use super::holding::holds;
use super::session::good;
use super::wire::{Heartbeat, JobHeartbeat};
use super::{FlowError, Session, Sprintgate, legal};
use crate::domain::id::JobId;
use crate::domain::machine::Word;
use crate::domain::time::Timestamp;
use crate::store::{LeaseRecord, TokenHash, TokenRecord};

/// How long those who follow are gathered: nothing beside a lease.
const GATHERED: Duration = Duration::from_millis(100);
/// Renewals of one transaction at most.
const MOST: usize = 500;

/// Who wants a lease renewed.
struct Ask {
    token: TokenHash,
    job: JobId,
    /// The attempt that is named, and the one that the session claimed.
    given: Option<u32>,
    claimed: Option<u32>,
}

/// One that waits for its answer.
struct Waiting {
    ask: Ask,
    answer: oneshot::Sender<Heartbeat>,
}

/// The renewals of this process that wait for each other.
#[derive(Default)]
pub(super) struct Renewals {
    line: Mutex<Line>,
    full: Notify,
}

#[derive(Default)]
struct Line {
    waiting: Vec<Waiting>,
    /// A task is at it.
    served: bool,
}

impl Renewals {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stands in the line; whether nobody serves it yet.
    fn join(&self, one: Waiting) -> bool {
        let mut line = self.line();
        line.waiting.push(one);
        if line.waiting.len() >= MOST {
            self.full.notify_one();
        }
        !std::mem::replace(&mut line.served, true)
    }

    /// The next that go together; none ends the service.
    fn next(&self) -> Vec<Waiting> {
        let mut line = self.line();
        line.served = !line.waiting.is_empty();
        let many = line.waiting.len().min(MOST);
        line.waiting.drain(..many).collect()
    }

    /// Until so many have come that they can go, or as long as they are gathered.
    async fn gather(&self) {
        if self.line().waiting.len() < MOST {
            let _late = tokio::time::timeout(GATHERED, self.full.notified()).await;
        }
    }
}

/// Whoever serves the line; when it ends in its middle, everybody in it goes on alone.
struct Serving(Option<Arc<Renewals>>);

impl Drop for Serving {
    fn drop(&mut self) {
        if let Some(renewals) = self.0.take() {
            *renewals.line() = Line::default();
        }
    }
}

impl Sprintgate {
    /// Renews a lease together with others of this process; nothing when it has to be asked for alone.
    pub(super) async fn renew_together(&self, session: &Session, ask: &JobHeartbeat) -> Option<Heartbeat> {
        let job: JobId = ask.job_id.parse().ok()?;
        let given = ask.attempt.map(u32::try_from).transpose().ok()?;
        let (answer, answered) = oneshot::channel();
        let token = session.token()?.clone();
        let ask = Ask { token, claimed: session.claimed(&job), job, given };
        if self.renewals.join(Waiting { ask, answer }) {
            // A task of its own, so that none of those who wait takes the others with it when it stops waiting.
            let (app, serving) = (self.clone(), Serving(Some(Arc::clone(&self.renewals))));
            drop(tokio::spawn(async move { app.serve(serving).await }));
        }
        answered.await.ok()
    }

    async fn serve(&self, mut serving: Serving) {
        loop {
            let group = self.renewals.next();
            if group.is_empty() {
                serving.0 = None;
                return;
            }
            // One alone is no group: it hears at once that nobody answers here.
            if group.len() < 2 {
                drop(group);
            } else if let Err(error) = self.renew_group(group).await {
                tracing::debug!(%error, "leases are renewed one by one");
            }
            self.renewals.gather().await;
        }
    }

    /// Renews what can be, in one transaction, and says so once it lasts. Whoever gets no answer asks alone.
    async fn renew_group(&self, group: Vec<Waiting>) -> Result<(), FlowError> {
        let mut tx = self.store.begin().await?;
        let hashes: BTreeMap<&str, &TokenHash> =
            group.iter().map(|one| (one.ask.token.as_str(), &one.ask.token)).collect();
        let tokens = tx.tokens_by_hash(&hashes.into_values().cloned().collect::<Vec<_>>()).await?;
        let jobs: BTreeSet<&JobId> = group.iter().map(|one| &one.ask.job).collect();
        let leases = tx.leases(&jobs.into_iter().cloned().collect::<Vec<_>>()).await?;
        let leases: BTreeMap<&JobId, &LeaseRecord> = leases.iter().map(|lease| (&lease.job, lease)).collect();
        let now = tx.now();
        let may = |ask: &Ask| {
            let token = tokens.get(ask.token.as_str())?;
            leases.get(&ask.job).copied().filter(|lease| may_renew(ask, token, lease, now))
        };
        let granted: Vec<(Waiting, &LeaseRecord)> =
            group.into_iter().filter_map(|one| may(&one.ask).map(|lease| (one, lease))).collect();
        if granted.is_empty() {
            return Ok(());
        }
        let held: BTreeSet<(JobId, u32)> =
            granted.iter().map(|(_, lease)| (lease.job.clone(), lease.attempt)).collect();
        let renewed = tx.renew_all(&Vec::from_iter(held), self.settings.lease).await?;
        tx.commit().await?;
        let until = iso(now + self.settings.lease);
        for (Waiting { answer, .. }, lease) in granted {
            if renewed.contains(&lease.job) {
                // Whoever stopped waiting has its lease all the same.
                let _gone = answer.send(renewal(lease, until.clone()));
            }
        }
        Ok(())
    }
}

/// Whether whoever shows that token speaks for the attempt that holds the job, as [`Holding`](super::holding::Holding)
/// finds out of one. What holds worktrees of products renews their lease as well, alone.
fn may_renew(ask: &Ask, token: &TokenRecord, lease: &LeaseRecord, now: Timestamp) -> bool {
    let Ok(token) = good(Some(token.clone()), now) else { return false };
    let number = match &token.scope {
        Some((job, minted)) if job == &ask.job && ask.given.is_none_or(|given| given == *minted) => *minted,
        Some(_) => return false,
        None if lease.token != token.id => return false,
        None => ask.given.or(ask.claimed).unwrap_or(lease.attempt),
    };
    !token.user.is_demo
        && lease.user == token.user.id
        && lease.kind.changes_code()
        && holds(lease.status, lease.attempt, lease.attempt_status, number)
}

/// What is answered of a lease that was renewed.
fn renewal(lease: &LeaseRecord, until: String) -> Heartbeat {
    let (run, pause) = lease.run.as_ref().map(|(status, pause)| (status, pause.as_ref())).unzip();
    Heartbeat {
        ok: true,
        job_id: lease.job.to_string(),
        attempt: i64::from(lease.attempt),
        lease_until: until,
        sprint_run_status: run.map(|status| status.word().to_owned()),
        sprint_run_pause_reason: pause.flatten().map(|pause| pause.reason().word().to_owned()),
        legal_next: legal::next(lease.status),
    }
}
