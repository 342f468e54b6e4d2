//! Whom a commit wakes: those of this process at once, and those of others by a NOTIFY that follows right after.
//!
//! A NOTIFY inside of a transaction makes all commits of the server wait for each other. So a task of the process sends
//! one for all the commits that came since its last one, and another task listens, for all who wait in this process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use sqlx::{AssertSqlSafe, PgConnection, Row};
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::statement::statements;
use super::tx::News;

const CHANNEL: &str = "sprintgate_commits";
/// Stands at the end of what a process says that tells of an opening.
const OPENING: &str = " opening";
/// Stands in what a process says that tells of an effect.
const EFFECT: &str = " effect";
/// The shortest time between two messages of a process: the first commit is told at once, those that follow it closely
/// gather.
const GATHER: Duration = Duration::from_millis(2);
/// How long a connection that failed is left alone.
const PAUSE: Duration = Duration::from_millis(500);
/// How long a message may take to be sent.
const SENT: Duration = Duration::from_secs(10);
/// How often those who wait look for themselves when nobody can be heard.
const POLL: Duration = Duration::from_millis(500);

/// How often a connection is asked again which one of the server's it is.
const LOOKS: usize = 3;

statements! {
    BACKEND = "SELECT pg_backend_pid()";
    SCHEMA_NUMBER = "SELECT coalesce( \
        (SELECT CAST(oid AS text) FROM pg_namespace WHERE nspname = current_schema()), '')";
}

/// Three numbers: one moves when something was told, one when a job may have become claimable, one when an effect was
/// written.
pub(super) struct Waker {
    changes: watch::Sender<u64>,
    openings: watch::Sender<u64>,
    effects: watch::Sender<u64>,
    untold: Notify,
    opened: AtomicBool,
    stirred: AtomicBool,
}

impl Waker {
    fn new() -> Self {
        let number = || watch::Sender::new(0);
        let told = || AtomicBool::new(false);
        let (changes, openings, effects) = (number(), number(), number());
        Self { changes, openings, effects, untold: Notify::new(), opened: told(), stirred: told() }
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(super) fn openings(&self) -> watch::Receiver<u64> {
        self.openings.subscribe()
    }

    pub(super) fn effects(&self) -> watch::Receiver<u64> {
        self.effects.subscribe()
    }

    /// A transaction of this process lasts that wrote an effect. It is told with what else it is.
    pub(super) fn stirred(&self) {
        bump(&self.effects);
        self.stirred.store(true, Ordering::SeqCst);
    }

    /// A transaction of this process lasts.
    pub(super) fn committed(&self, news: News) {
        if news == News::Nothing {
            return;
        }
        self.bump(news);
        self.opened.fetch_or(news >= News::Opening, Ordering::SeqCst);
        self.untold.notify_one();
    }

    /// Somebody may have committed anything.
    fn bump_all(&self) {
        self.bump(News::Opening);
        bump(&self.effects);
    }

    /// A process said this. One of an older version says neither where it was nor whether it was an effect.
    fn heard(&self, said: &str, me: &Teller) {
        let schema = said.split(' ').find(|word| word.starts_with('@'));
        if said.starts_with(&me.process) || schema.is_some_and(|schema| schema != me.schema) {
            return;
        }
        if schema.is_none() || said.contains(EFFECT) {
            bump(&self.effects);
        }
        self.bump(if said.ends_with(OPENING) { News::Opening } else { News::Told });
    }

    /// Somebody committed something, or may have.
    fn bump(&self, news: News) {
        bump(&self.changes);
        if news >= News::Opening {
            bump(&self.openings);
        }
    }
}

fn bump(number: &watch::Sender<u64>) {
    number.send_modify(|n| *n = n.wrapping_add(1));
}

/// Who tells: a process, and the schema that it works in, as the channel is the whole database's.
#[derive(Clone)]
struct Teller {
    process: String,
    schema: String,
}

impl Teller {
    async fn new(pool: &PgPool) -> Result<Self, sqlx::Error> {
        let number: String = sqlx::raw_sql(SCHEMA_NUMBER).fetch_one(pool).await?.try_get(0)?;
        Ok(Self { process: uuid::Uuid::now_v7().simple().to_string(), schema: format!("@{number}") })
    }

    fn says(&self, opened: bool, stirred: bool) -> String {
        let effect = if stirred { EFFECT } else { "" };
        let opening = if opened { OPENING } else { "" };
        format!("{} {}{effect}{opening}", self.process, self.schema)
    }
}

/// The two tasks, until this is dropped.
pub(super) struct Signals {
    tasks: [AbortHandle; 2],
    /// Whether a connection of ours is one of the server's. It is not where a pooler hands each transaction to another
    /// one: what was prepared or set is elsewhere then, and whoever listens hears nothing.
    pub(super) own: bool,
}

impl Signals {
    /// Begins to listen, and then to tell.
    pub(super) async fn start(pool: PgPool) -> Result<(Arc<Waker>, Self), sqlx::Error> {
        let waker = Arc::new(Waker::new());
        let me = Teller::new(&pool).await?;
        let own = own(&pool).await?;
        let listen = if own {
            let ear = listener(&pool).await?;
            tokio::spawn(listen(pool.clone(), ear, Arc::clone(&waker), me.clone()))
        } else {
            tokio::spawn(poll(Arc::clone(&waker)))
        };
        let tell = tokio::spawn(tell(pool, Arc::clone(&waker), me));
        Ok((waker, Self { tasks: [listen.abort_handle(), tell.abort_handle()], own }))
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Whether two connections that are open together are two of the server's, and each stays the same. A pooler that pools
/// transactions gives the second one what the first has just used, or the first one another in turn. To listen in order
/// to find out would leave a connection of the server listening, for whoever gets it next.
pub(super) async fn own(pool: &PgPool) -> Result<bool, sqlx::Error> {
    let (mut one, mut two) = (pool.acquire().await?, pool.acquire().await?);
    let first = backend(&mut one).await?;
    sqlx::raw_sql("BEGIN").execute(&mut *two).await?;
    let second = backend(&mut two).await?;
    sqlx::raw_sql("COMMIT").execute(&mut *two).await?;
    let mut own = first != second;
    for _ in 0..LOOKS {
        own = own && backend(&mut one).await? == first;
    }
    Ok(own)
}

async fn backend(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::raw_sql(BACKEND).fetch_one(connection).await?.try_get(0)
}

async fn listener(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

async fn listen(pool: PgPool, ear: PgListener, waker: Arc<Waker>, me: Teller) {
    let mut ear = Some(ear);
    loop {
        let Some(listening) = &mut ear else {
            // One that is begun anew, so that it is known when it listens again: what came before is looked for then.
            match listener(&pool).await {
                Ok(new) => {
                    ear = Some(new);
                    waker.bump_all();
                }
                Err(error) => {
                    tracing::warn!(%error, "the connection that listens is lost");
                    sleep(PAUSE).await;
                }
            }
            continue;
        };
        match listening.try_recv().await {
            Ok(Some(told)) => waker.heard(told.payload(), &me),
            // The connection was lost, and what was told meanwhile with it; it listens again.
            Ok(None) => waker.bump_all(),
            Err(_) => ear = None,
        }
    }
}

async fn poll(waker: Arc<Waker>) {
    loop {
        sleep(POLL).await;
        waker.bump_all();
    }
}

async fn tell(pool: PgPool, waker: Arc<Waker>, me: Teller) {
    loop {
        waker.untold.notified().await;
        let opened = waker.opened.swap(false, Ordering::SeqCst);
        let stirred = waker.stirred.swap(false, Ordering::SeqCst);
        let said = timeout(SENT, say(&pool, &me.says(opened, stirred))).await;
        let Err(error) = said.unwrap_or(Err(sqlx::Error::PoolTimedOut)) else {
            sleep(GATHER).await;
            continue;
        };
        tracing::warn!(%error, "other processes could not be told of a commit");
        waker.opened.fetch_or(opened, Ordering::SeqCst);
        waker.stirred.fetch_or(stirred, Ordering::SeqCst);
        waker.untold.notify_one();
        sleep(PAUSE).await;
    }
}

/// In the simple protocol, which needs nothing to be prepared. What is said is a name of our own.
async fn say(pool: &PgPool, what: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(format!("NOTIFY {CHANNEL}, '{what}'"))).execute(pool).await.map(drop)
}
