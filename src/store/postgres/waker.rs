//! Whom a commit wakes: those of this process at once, and those of others by a NOTIFY that follows soon after.
//!
//! A NOTIFY inside of a transaction makes all commits of the server wait for each other. So a task of the process
//! sends one for all the commits that came since its last one, and another task listens.

use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgListener, PgPool};
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;

use super::statement::statements;

const CHANNEL: &str = "sprintgate_commits";
/// How long commits gather until others are told.
const GATHER: Duration = Duration::from_millis(2);
/// How long a lost connection is left alone.
const PAUSE: Duration = Duration::from_millis(500);

statements! {
    TELL = "SELECT pg_notify($1, $2)";
}

/// A number that moves with every commit that is known of.
pub(super) struct Waker {
    number: watch::Sender<u64>,
    untold: Notify,
}

impl Waker {
    fn new() -> Self {
        Self { number: watch::Sender::new(0), untold: Notify::new() }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.number.subscribe()
    }

    /// A transaction of this process lasts.
    pub(super) fn committed(&self) {
        self.bump();
        self.untold.notify_one();
    }

    /// Somebody committed something, or may have.
    fn bump(&self) {
        self.number.send_modify(|n| *n = n.wrapping_add(1));
    }
}

/// The two tasks, until this is dropped.
pub(super) struct Signals([AbortHandle; 2]);

impl Signals {
    /// Begins to listen, and then to tell.
    pub(super) async fn start(pool: PgPool) -> Result<(Arc<Waker>, Self), sqlx::Error> {
        let waker = Arc::new(Waker::new());
        let me = uuid::Uuid::now_v7().simple().to_string();
        let ear = listener(&pool).await?;
        let listen = tokio::spawn(listen(pool.clone(), ear, Arc::clone(&waker), me.clone()));
        let tell = tokio::spawn(tell(pool, Arc::clone(&waker), me));
        Ok((waker, Self([listen.abort_handle(), tell.abort_handle()])))
    }
}

impl Drop for Signals {
    fn drop(&mut self) {
        for task in &self.0 {
            task.abort();
        }
    }
}

async fn listener(pool: &PgPool) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    Ok(listener)
}

async fn listen(pool: PgPool, mut ear: PgListener, waker: Arc<Waker>, me: String) {
    loop {
        match ear.try_recv().await {
            Ok(Some(told)) if told.payload() == me => {}
            // Nothing: the connection was lost, and what was told meanwhile with it.
            Ok(_) => waker.bump(),
            Err(error) => {
                tracing::warn!(%error, "the connection that listens is lost");
                waker.bump();
                tokio::time::sleep(PAUSE).await;
                if let Ok(new) = listener(&pool).await {
                    ear = new;
                    waker.bump();
                }
            }
        }
    }
}

async fn tell(pool: PgPool, waker: Arc<Waker>, me: String) {
    loop {
        waker.untold.notified().await;
        tokio::time::sleep(GATHER).await;
        if let Err(error) = sqlx::query(TELL).bind(CHANNEL).bind(&me).execute(&pool).await {
            tracing::warn!(%error, "other processes could not be told of a commit");
            waker.untold.notify_one();
            tokio::time::sleep(PAUSE).await;
        }
    }
}
