//! The world of the flow's stories over a PostgreSQL database, behind a proxy.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::{Duration, Instant};

use sprintgate::domain::time::Millis;
use sprintgate::flow::wire::CreatePbi;
use sprintgate::flow::{AddProduct, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::postgres::{Clock, PostgresStore};
use sqlx::AssertSqlSafe;

use super::super::database::{Connection, Database};
use super::proxy::Proxy;
use crate::flow::world::World;

pub(super) struct House {
    pub(super) world: World,
    pub(super) proxy: Proxy,
    database: Database,
    pub(super) store: Arc<PostgresStore>,
}

impl House {
    pub(super) async fn new() -> Self {
        let clock = Arc::new(AtomicI64::new(1_800_000_000_000));
        Self::by(clock.clone(), Clock::Manual(clock)).await
    }

    /// With the server's own clock.
    pub(super) async fn on_time() -> Self {
        Self::by(Arc::default(), Clock::Database).await
    }

    async fn by(clock: Arc<AtomicI64>, of_store: Clock) -> Self {
        let database = Database::new().await;
        let proxy = Proxy::before(database.url());
        let store = Arc::new(PostgresStore::open(proxy.url(), of_store).await.unwrap());
        let dir = tempfile::tempdir().unwrap();
        let world = World::over(store.clone(), dir, clock, AddProduct::default()).await;
        Self { world, proxy, database, store }
    }

    /// The same application, with leases of so many seconds.
    pub(super) fn with_lease(&self, seconds: i64) -> Sprintgate {
        let at = self.world.dir.path();
        let git = GitSettings {
            worktree_root: at.join("worktrees"),
            vault_root: at.join("vault"),
            timeout: Duration::from_secs(60),
            credential_helper: None,
        };
        let settings = Settings { lease: Millis::seconds(seconds), ..Settings::default() };
        Sprintgate::new(self.store.clone(), Git::new(git).unwrap(), settings)
    }

    /// Somebody with a database tool.
    pub(super) async fn raw(&self) -> Connection {
        self.database.connect().await
    }

    /// What a caller asks who gives no request id.
    pub(super) async fn ask(&self) -> CreatePbi {
        let products = self.world.app.list_products(&self.world.person).await.unwrap();
        let product_id = products.result[0].id.clone();
        CreatePbi { product_id, title: "asked once".into(), priority: 1, ..CreatePbi::default() }
    }

    /// How often that was done.
    pub(super) async fn done(&self) -> i64 {
        let sql = "SELECT count(*) FROM pbis WHERE title = 'asked once'";
        sqlx::query_scalar(sql).fetch_one(&mut self.raw().await).await.unwrap()
    }

    pub(super) async fn sound(&self) {
        let report = self.world.app.audit_verify().await.unwrap();
        assert!(report.ok, "{:#?}", report.findings);
    }
}

/// Asks until there is an answer.
pub(super) async fn seen<T>(raw: &mut Connection, what: &str, sql: &str) -> T
where
    T: for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres> + Send + Unpin,
{
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let row = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_optional(&mut *raw).await.unwrap();
        if let Some(row) = row {
            return row;
        }
        assert!(Instant::now() < end, "waited in vain for {what}");
        tokio::task::yield_now().await;
    }
}
