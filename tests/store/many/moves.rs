//! Moves of many rows, mixed, beside the same moves one after the other.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;
use sprintgate::domain::actor::Actor;
use sprintgate::domain::gate::{self, Evidence, Head, Policy};
use sprintgate::domain::job::{self, AnyJob, Claim, Failure, LEASE, Publication, Row, Stop};
use sprintgate::domain::task::{self as tasks, Status as TaskStatus};
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;
use sprintgate::store::{Change, JobRecord, Stamp, Store, StoreError, Verification, digest};

use super::super::ctx::{Ctx, commit, id, job_of, stamp, task};
use super::super::outbox::follows::follows_the_ledger;
use super::super::raw::connect;
use super::{alike, job};

/// Words that a document has to carry unchanged.
const WORDS: &str = "it's \"so\" \\ {\u{fc}\u{1f600}}\n\ttab";

macro_rules! kinds {
    ($($kind:ident)+) => {
        /// A job's state and its move.
        #[derive(Debug, Clone, Copy, PartialEq)]
        enum Kind {
            $($kind),+
        }

        const KINDS: &[Kind] = &[$($kind),+];
    };
}

kinds! {
    ClaimQueued CancelQueued
    StartClaimed CancelClaimed ReleaseClaimed ExpireClaimed ExpireLast
    CancelRunning ExpireRunning FailRunning SkipRunning FinishRunning
}

use Kind::*;

/// A move, and whether its task moves too.
type Case = (Kind, bool);

fn evidence(at: Timestamp) -> Evidence {
    Evidence { result: VerifyResult::Aligned, commit: commit('a'), at }
}

impl Ctx {
    /// A job of the run, in the state that the kind needs.
    async fn in_state(&self, name: &str, kind: Kind) {
        let mut tx = self.store.begin().await.unwrap();
        tx.add_task(&task(name), &stamp()).await.unwrap();
        let mut new = job_of(name);
        new.run = Some(id("r"));
        new.branch = Some(format!("feat/{name}"));
        new.repo_url = Some("https://example.org/shop.git".into());
        tx.add_job(&new, &stamp()).await.unwrap();
        tx.commit().await.unwrap();
        let name = id(name);
        let claims = match kind {
            ClaimQueued | CancelQueued => 0,
            ExpireLast => 3,
            _ => 1,
        };
        for claim in 0..claims {
            if claim > 0 {
                self.release(&name).await;
                // The wait is over in everybody's past.
                let mut raw = connect(self).await;
                let sql = format!("UPDATE claude_jobs SET not_before = created_at WHERE id = '{name}'");
                sqlx::Executor::execute(&mut raw, sqlx::AssertSqlSafe(sql)).await.unwrap();
            }
            self.claim(&name).await;
        }
        if matches!(kind, CancelRunning | ExpireRunning | FailRunning | SkipRunning | FinishRunning) {
            self.start(&name).await;
        }
        if kind == FinishRunning {
            let mut tx = self.store.begin().await.unwrap();
            let noted = Verification { evidence: evidence(self.now()), reasoning: WORDS.into() };
            assert!(tx.note_verdict(&name, 1, &noted).await.unwrap());
            assert!(tx.note_base(&name, 1, &commit('b'), None, LEASE).await.unwrap());
            tx.commit().await.unwrap();
        }
    }
}

/// The move of a job as it was read.
fn decided(record: &JobRecord, kind: Kind, now: Timestamp) -> job::Change {
    let number = record.row.attempt;
    match (AnyJob::try_from(Row::clone(&record.row)).unwrap(), kind) {
        (AnyJob::Queued(job), ClaimQueued) => {
            let claim =
                Claim { token: id("t"), worker: id("w9"), plan: WORDS.into(), policy: Policy::default() };
            job.claim(claim, now, LEASE).unwrap().into()
        }
        (AnyJob::Queued(job), CancelQueued) => job.cancel(Stop::by_cascade(id("cause")), now).into(),
        (AnyJob::Claimed(job), StartClaimed) => job.start(number, now, LEASE).unwrap().into(),
        (AnyJob::Claimed(job), CancelClaimed) => job.cancel(Stop::by_user(WORDS), now).into(),
        (AnyJob::Claimed(job), ReleaseClaimed) => job.release(number, "no repository", now).unwrap().into(),
        (AnyJob::Claimed(job), ExpireClaimed | ExpireLast) => job.expire(now).unwrap().into(),
        (AnyJob::Running(job), CancelRunning) => {
            job.cancel(Stop::by_run(Some(id("cause")), WORDS.to_owned()), now).into()
        }
        (AnyJob::Running(job), ExpireRunning) => job.expire(now).unwrap().into(),
        (AnyJob::Running(job), FailRunning) => {
            job.fail(number, Failure::Reported(WORDS.into()), now).unwrap().into()
        }
        (AnyJob::Running(job), SkipRunning) => {
            job.skip(number, "there is nothing to do here", now).unwrap().into()
        }
        (AnyJob::Running(job), FinishRunning) => {
            let head = Head { commit: commit('a'), dirty: 0 };
            let seen = evidence(record.row.evidence.as_ref().unwrap().at);
            let passed =
                gate::judge(&record.row.id, number, Some(&seen), Policy::default(), None, &head).unwrap();
            let published = Publication { commit: commit('a'), at: now };
            job.finish(number, passed, Some(published), Some(WORDS.into()), now).unwrap().into()
        }
        (other, kind) => panic!("{kind:?} of {}", other.status()),
    }
}

/// The moves of those jobs, those of tasks between them.
async fn moves(ctx: &Ctx, names: &[String], cases: &[Case]) -> Vec<(Change, Stamp)> {
    let mut moves = Vec::new();
    for (number, (name, (kind, task_too))) in names.iter().zip(cases).enumerate() {
        let change = decided(&ctx.record(&id(name)).await, *kind, ctx.now());
        let stamp = Stamp {
            actor: Actor::Agent(id("t")),
            attempt: u32::try_from(number).ok().filter(|number| *number > 2),
            facts: json!({ "number": number, "words": WORDS }),
            evidence: (number % 2 == 0).then(|| digest(b"seen")),
        };
        moves.push((Change::Job(change), stamp.clone()));
        if *task_too {
            let row = tasks::Row { id: id(name), status: TaskStatus::ToDo };
            let to = if number % 2 == 0 { TaskStatus::InProgress } else { TaskStatus::Failed };
            moves.push((Change::Task(tasks::set(row, to).unwrap().unwrap()), stamp));
        }
    }
    moves
}

async fn one_by_one(ctx: &Ctx, moves: &[(Change, Stamp)]) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await.unwrap();
    for (change, stamp) in moves {
        tx.apply(change.clone(), stamp).await?;
    }
    tx.commit().await
}

async fn at_once(ctx: &Ctx, moves: &[(Change, Stamp)]) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await.unwrap();
    if let Err(error) = tx.apply_all(moves).await {
        assert!(tx.commit().await.is_err(), "what was refused in part cannot last");
        return Err(error);
    }
    tx.commit().await
}

async fn all(ctx: &Ctx, names: &[String]) -> Vec<Vec<String>> {
    let mut said = Vec::new();
    for name in names {
        said.push(alike(job(ctx, name).await, name));
    }
    said
}

/// Jobs for each of the two ways.
async fn made(ctx: &Ctx, round: usize, cases: &[Case]) -> [Vec<String>; 2] {
    let named = |way: &str| (0..cases.len()).map(|n| format!("{way}{round}x{n}y")).collect::<Vec<_>>();
    let ways = [named("one"), named("all")];
    for names in &ways {
        for (name, (kind, _)) in names.iter().zip(cases) {
            ctx.in_state(name, *kind).await;
        }
    }
    ctx.pass(LEASE.0 + 1);
    ways
}

async fn with_run() -> Ctx {
    let ctx = Ctx::new().await;
    ctx.run("r").await;
    ctx.job("cause").await;
    ctx
}

#[tokio::test]
async fn many_moves_at_once_leave_what_they_leave_one_by_one() {
    let ctx = with_run().await;
    let mut runner = TestRunner::deterministic();
    let some = prop::collection::vec((prop::sample::select(KINDS.to_vec()), any::<bool>()), 2..9);
    let every: Vec<Case> = KINDS.iter().enumerate().map(|(n, kind)| (*kind, n % 3 == 0)).collect();
    let mut rounds = vec![every, vec![(CancelQueued, false); 7]];
    for _ in 0..6 {
        rounds.push(some.new_tree(&mut runner).unwrap().current());
    }
    for (round, cases) in rounds.iter().enumerate() {
        let [ones, alls] = made(&ctx, round, cases).await;
        one_by_one(&ctx, &moves(&ctx, &ones, cases).await).await.unwrap();
        at_once(&ctx, &moves(&ctx, &alls, cases).await).await.unwrap();
        let (one, many) = (all(&ctx, &ones).await, all(&ctx, &alls).await);
        for ((one, many), case) in one.iter().zip(&many).zip(cases) {
            assert_eq!(many, one, "{case:?} of {cases:?}");
        }
    }
    assert!(follows_the_ledger(&mut connect(&ctx).await).await > 100);
}

#[tokio::test]
async fn one_that_moved_meanwhile_is_refused_as_alone_and_nothing_lasts() {
    let ctx = with_run().await;
    let cases = [(CancelQueued, true), (CancelQueued, false), (ExpireClaimed, false), (ExpireRunning, true)];
    for stale in 0..cases.len() {
        let [ones, alls] = made(&ctx, stale, &cases).await;
        let mut said = Vec::new();
        for (names, together) in [(&ones, false), (&alls, true)] {
            let moves = moves(&ctx, names, &cases).await;
            ctx.cancel(&id(&names[stale]), Stop::by_user("meanwhile")).await;
            let before = all(&ctx, names).await;
            let error = match together {
                true => at_once(&ctx, &moves).await,
                false => one_by_one(&ctx, &moves).await,
            };
            let error = error.unwrap_err();
            assert!(matches!(error, StoreError::Lost { .. }), "{error}");
            said.push(alike(vec![error.to_string()], &names[stale]));
            assert_eq!(all(&ctx, names).await, before);
        }
        assert_eq!(said[0], said[1]);
    }
}

#[tokio::test]
async fn the_same_row_moves_twice_and_a_hold_without_its_attempt_is_refused() {
    let ctx = with_run().await;
    let [names, _] = made(&ctx, 0, &[(StartClaimed, false), (CancelQueued, false)]).await;
    let mut both = moves(&ctx, &names, &[(StartClaimed, false), (CancelQueued, false)]).await;
    let AnyJob::Claimed(claimed) = ctx.any(&id(&names[0])).await else { panic!() };
    let running = claimed.start(1, ctx.now(), LEASE).unwrap().next().clone();
    both.push((Change::Job(running.cancel(Stop::by_user("no"), ctx.now()).into()), stamp()));
    at_once(&ctx, &both).await.unwrap();
    let events: Vec<String> = super::told_of(&ctx, "job", &names[0]).await;
    assert!(events.iter().any(|line| line.starts_with("4 Some(\"RUNNING\") cancel")), "{events:?}");

    let [names, _] = made(&ctx, 1, &[(ClaimQueued, false), (ClaimQueued, false)]).await;
    at_once(&ctx, &moves(&ctx, &names, &[(ClaimQueued, false); 2]).await).await.unwrap();
    let cancels = moves(&ctx, &names, &[(CancelClaimed, false); 2]).await;
    let error = at_once(&ctx, &cancels).await.unwrap_err();
    assert!(matches!(error, StoreError::Inconsistent { .. }), "{error}");
}
