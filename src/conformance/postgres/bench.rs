//! A schema of the check's own, on a server that others use.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::sync::Mutex;
use tokio_util::task::AbortOnDropHandle;

use super::raw::{PostgresRaw, SPELLING};
use super::schema::{Own, inside};
use crate::conformance::bench::some;
use crate::conformance::failed::refused;
use crate::conformance::folder::Folder;
use crate::conformance::ground::NOON;
use crate::conformance::{Bench, Failed, Raw, Spelling};
use crate::store::Store;
use crate::store::postgres::{Clock, DatabaseUrl, PostgresStore};

/// How long transactions may take to end.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether they have.
const LOOK: Duration = Duration::from_millis(1);

/// Foreign keys go, those of this schema.
const WITHOUT_KEYS: &str = "DO $$
    DECLARE gone record;
    BEGIN
        FOR gone IN SELECT conrelid::regclass AS of, conname FROM pg_constraint
            WHERE contype = 'f' AND connamespace = CAST(current_schema() AS regnamespace)
        LOOP
            EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', gone.of, gone.conname);
        END LOOP;
    END $$";
/// Others whose transactions have to do with a table of this schema.
const OPEN: &str = "SELECT CAST(count(*) AS text) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation \
    WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND l.pid <> pg_backend_pid() \
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";
/// Events that a transaction still keeps back which is older than they are.
const KEPT_BACK: &str = "SELECT CAST(count(*) AS text) FROM outbox \
    WHERE xid >= CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)";
/// Others that wait for somebody within a transaction that has to do with a table of this schema.
const WAITING: &str = "SELECT CAST(count(*) AS text) FROM pg_locks w WHERE NOT w.granted AND EXISTS \
    (SELECT 1 FROM pg_locks l JOIN pg_class c ON c.oid = l.relation \
        WHERE l.pid = w.pid AND c.relnamespace = CAST(current_schema() AS regnamespace))";
/// Events that a transaction wrote after one that had begun to write later.
const INTERLEAVED: &str = "SELECT CAST(count(*) AS text) FROM \
    (SELECT xid < max(xid) OVER (ORDER BY seq) AS late FROM outbox) AS o WHERE late";

pub(in crate::conformance) struct PostgresBench {
    own: Mutex<Own>,
    url: String,
    folder: Folder,
    clock: Arc<AtomicI64>,
    /// Looks whether others are at work.
    eye: Mutex<Option<PostgresRaw>>,
    /// How often somebody was seen that waited, and who looks.
    waits: Arc<AtomicU64>,
    watcher: Mutex<Option<AbortOnDropHandle<()>>>,
}

impl PostgresBench {
    pub(in crate::conformance) async fn new(url: &DatabaseUrl) -> Result<Self, Failed> {
        let folder = Folder::new()?;
        let own = Own::make(url).await?;
        let url = inside(url.reveal(), &own.name);
        Ok(Self {
            own: Mutex::new(own),
            url,
            folder,
            clock: Arc::new(AtomicI64::new(NOON)),
            eye: Mutex::default(),
            waits: Arc::default(),
            watcher: Mutex::default(),
        })
    }

    async fn until_none(&self, sql: &str, what: &str) -> Result<(), Failed> {
        let mut eye = self.eye.lock().await;
        let raw = match eye.as_mut() {
            Some(raw) => raw,
            None => eye.insert(PostgresRaw::connect(&self.url).await?),
        };
        let begun = Instant::now();
        loop {
            match raw.one(sql).await?.as_str() {
                "0" => return Ok(()),
                count if begun.elapsed() > PATIENCE => {
                    return Err(Failed::otherwise(what, format!("none within {PATIENCE:?}"), count));
                }
                _ => tokio::time::sleep(LOOK).await,
            }
        }
    }
}

#[async_trait]
impl Bench for PostgresBench {
    async fn open(&self) -> Result<Arc<dyn Store>, Failed> {
        let clock = Clock::Manual(Arc::clone(&self.clock));
        Ok(Arc::new(PostgresStore::open(&self.url, clock).await?))
    }

    async fn raw(&self) -> Result<Box<dyn Raw>, Failed> {
        Ok(Box::new(PostgresRaw::connect(&self.url).await?))
    }

    async fn raw_without_keys(&self) -> Result<Box<dyn Raw>, Failed> {
        let mut raw = PostgresRaw::connect(&self.url).await?;
        raw.run(WITHOUT_KEYS).await?;
        Ok(Box::new(raw))
    }

    async fn quiet(&self) -> Result<(), Failed> {
        self.until_none(OPEN, "transactions that are open").await
    }

    async fn settled(&self) -> Result<(), Failed> {
        self.until_none(KEPT_BACK, "events that an older transaction of the server keeps back").await
    }

    async fn watch(&self) -> Result<(), Failed> {
        let (mut raw, waits) = (PostgresRaw::connect(&self.url).await?, Arc::clone(&self.waits));
        let watching = async move {
            while let Ok(waiting) = raw.one(WAITING).await {
                waits.fetch_add(u64::from(waiting != "0"), Ordering::Relaxed);
                tokio::time::sleep(LOOK).await;
            }
        };
        *self.watcher.lock().await = Some(AbortOnDropHandle::new(tokio::spawn(watching)));
        Ok(())
    }

    async fn met(&self) -> Result<u64, Failed> {
        let interleaved = self.raw().await?.one(INTERLEAVED).await?;
        some(self.waits.load(Ordering::Relaxed) + interleaved.parse::<u64>().map_err(refused)?)
    }

    fn clock(&self) -> &Arc<AtomicI64> {
        &self.clock
    }

    fn spelling(&self) -> Spelling {
        SPELLING
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn remove(&self) -> Result<(), Failed> {
        self.watcher.lock().await.take();
        self.own.lock().await.remove().await
    }
}
