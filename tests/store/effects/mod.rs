//! Effects on every database: taken in order, tried at least once, done by one.

mod abandoned;
mod backlog;
mod dropped;
mod executor;
mod lanes;
mod once;
mod people;
mod queue;
mod settled;
mod slow;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use sprintgate::domain::effect::{AnyEffect, Effect, Kind, Pending, Status, TRIES_MAX};
use sprintgate::domain::id::WorkerId;
use sprintgate::flow::{EffectRecord, Handler, Handlers, Outcome, Performed, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::sqlite::Clock;
use sprintgate::store::*;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::ctx::{Ctx, id, stamp};

/// An effect that is due now.
fn effect(ctx: &Ctx, name: &str, kind: Kind) -> NewEffect {
    let state = Pending { due_at: ctx.now() };
    NewEffect {
        effect: Effect { id: id(name), kind, tries: 0, tries_max: TRIES_MAX, state },
        product: id("p"),
        job: None,
        payload: json!({}),
        host: None,
        lane: None,
        key: None,
    }
}

fn in_lane(ctx: &Ctx, name: &str, lane: &str) -> NewEffect {
    NewEffect { lane: Some(lane.to_owned()), ..effect(ctx, name, Kind::OpenPr) }
}

impl Ctx {
    async fn add_effects(&self, new: impl IntoIterator<Item = NewEffect>) {
        let mut tx = self.store.begin().await.unwrap();
        tx.hold(Of::Product(&id("p")), None).await.unwrap();
        for new in new {
            tx.add_effect(&new, &stamp()).await.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn effect(&self, name: &str) -> EffectRecord {
        self.store.read().await.unwrap().effect(&id(name)).await.unwrap().unwrap()
    }

    async fn status(&self, name: &str) -> Status {
        self.effect(name).await.row.status
    }

    /// The events of its ledger, first to last.
    async fn story(&self, name: &str) -> Vec<String> {
        let rows = self.store.read().await.unwrap().history("effect", name, 1000).await.unwrap();
        rows.into_iter().map(|row| row.event).collect()
    }
}

/// The program on this database, as another process would have it.
struct App {
    app: Sprintgate,
    _folder: tempfile::TempDir,
}

impl App {
    async fn new(ctx: &Ctx) -> Self {
        Self::on(ctx, "here").await
    }

    async fn on(ctx: &Ctx, host: &str) -> Self {
        Self::over(Arc::new(ctx.database.open(Clock::Manual(Arc::clone(&ctx.clock))).await), host)
    }

    fn over(store: Arc<dyn Store>, host: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let git = Git::new(GitSettings {
            worktree_root: folder.path().join("worktrees"),
            vault_root: folder.path().join("vault"),
            timeout: Duration::from_secs(60),
            credential_helper: None,
        })
        .unwrap();
        let settings = Settings { host: host.to_owned(), ..Settings::default() };
        Self { app: Sprintgate::new(store, git, settings), _folder: folder }
    }

    async fn run(&self, handlers: &Handlers) -> Performed {
        self.app.run_effects(handlers, u32::MAX, &CancellationToken::new()).await.unwrap()
    }

    async fn sound(&self) {
        let report = self.app.audit_verify().await.unwrap();
        assert!(report.ok, "{:#?}", report.findings);
    }
}

fn process(name: &str) -> WorkerId {
    id(name)
}

/// What was performed: each effect with the numbers of its tries, in the order of the tries' beginnings.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<(String, u32)>>>);

impl Log {
    fn note(&self, effect: &EffectRecord) {
        self.0.lock().unwrap().push((effect.row.id.to_string(), effect.row.tries));
    }

    fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().iter().map(|(name, _)| name.clone()).collect()
    }

    fn times(&self) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for name in self.names() {
            *times.entry(name).or_default() += 1;
        }
        times
    }
}

/// Does every effect at once, and answers as it was told.
struct Obedient {
    kind: Kind,
    log: Log,
    answer: fn(&EffectRecord) -> Outcome,
}

#[async_trait]
impl Handler for Obedient {
    fn kind(&self) -> Kind {
        self.kind
    }

    async fn perform(&self, effect: &EffectRecord) -> Outcome {
        self.log.note(effect);
        tokio::task::yield_now().await;
        (self.answer)(effect)
    }
}

/// Is at work until it is told to answer.
#[derive(Clone, Default)]
struct Slow {
    begun: Arc<Notify>,
    answer: Arc<Notify>,
}

#[async_trait]
impl Handler for Slow {
    fn kind(&self) -> Kind {
        Kind::OpenPr
    }
    async fn perform(&self, _: &EffectRecord) -> Outcome {
        self.begun.notify_one();
        self.answer.notified().await;
        Outcome::Done(json!({}))
    }
}

fn done(_: &EffectRecord) -> Outcome {
    Outcome::Done(json!({}))
}

/// Handlers of pull requests that are opened, by that process.
fn opening(name: &str, log: &Log, answer: fn(&EffectRecord) -> Outcome) -> Handlers {
    Handlers::new(process(name)).with(Obedient { kind: Kind::OpenPr, log: log.clone(), answer })
}

fn any(record: &EffectRecord) -> AnyEffect {
    AnyEffect::try_from(record.row.clone()).unwrap()
}
