//! Tasks of a sprint job.

use sprintgate::domain::execution::{self, AnyExecution, Execution};
use sprintgate::domain::gate::{Evidence, Head, Policy};
use sprintgate::domain::verify::VerifyResult;
use sprintgate::store::{Change, Tx};

use super::super::ctx::{Ctx, commit, id, stamp};
use super::super::outbox::all_is_told;
use super::super::raw::{attempt, connect};
use super::moved::{NOW, begin, in_state, moved};

fn waits(name: &str, order: u32) -> Execution<execution::Pending> {
    Execution {
        id: id(name),
        job: id("j"),
        task: id(name),
        order,
        plan: "change `a.rs`".into(),
        policy: Policy::default(),
        state: execution::Pending { base: Some(commit('0')) },
    }
}

#[tokio::test]
async fn executions() {
    let ctx = Ctx::new().await;
    for name in ["j", "k"] {
        ctx.job(name).await;
    }
    let mut tx = begin(&ctx).await;
    tx.add_execution(&waits("j", 0), &stamp()).await.unwrap();
    tx.add_execution(&waits("k", 1), &stamp()).await.unwrap();
    let row = tx.execution(&id("j")).await.unwrap().unwrap();
    assert_eq!(row, waits("j", 0).into());
    let pending = in_state!(AnyExecution::try_from(row).unwrap(), AnyExecution::Pending);
    macro_rules! moved_to {
        ($state:ident, $step:expr) => {
            in_state!(
                moved!(
                    tx,
                    execution,
                    Change::Execution,
                    AnyExecution,
                    tx.execution(&id("j")).await.unwrap().unwrap(),
                    $step
                ),
                AnyExecution::$state
            )
        };
    }
    let turn = |execution: &Execution<execution::Pending>| {
        execution::its_turn(&[AnyExecution::Pending(execution.clone())], execution).unwrap()
    };
    let running = moved_to!(Running, pending.clone().start(turn(&pending), NOW).unwrap());
    let failed = moved_to!(Failed, running.fail("no", NOW));
    let pending = moved_to!(Pending, failed.put_back(Some(commit('1'))).unwrap());
    let skipped = moved_to!(Skipped, pending.skip("there was nothing to do", NOW).unwrap());
    let skipped_again = skipped.clone();
    let pending = moved_to!(Pending, skipped.put_back(None).unwrap());
    assert_eq!((pending.state.base, skipped_again.state.waiver), (None, None));

    // What was shown while it ran is written with the end.
    let pending = Execution { state: execution::Pending { base: Some(commit('2')) }, ..waits("k", 1) };
    let mut running = moved_k(tx.as_mut(), pending).await;
    running.state.work.evidence =
        Some(Evidence { result: VerifyResult::Aligned, commit: commit('a'), at: NOW });
    let proof = execution::judge(&running, None, &Head { commit: commit('a'), dirty: 0 }).unwrap();
    let change: execution::Change = running.finish(proof, NOW).unwrap().into();
    let row = change.row().clone();
    tx.apply(Change::Execution(change), &stamp()).await.unwrap();
    assert_eq!(tx.execution(&id("k")).await.unwrap(), Some(row.clone()));
    assert_eq!((row.head, row.finished_at), (Some(commit('a')), Some(NOW)));
    let events = tx.history("task_execution", "k", 9).await.unwrap();
    assert_eq!(events.iter().map(|e| e.event.as_str()).collect::<Vec<_>>(), ["create", "start", "finish"]);
    tx.commit().await.unwrap();
    all_is_told(&ctx).await;
}

async fn moved_k(tx: &mut dyn Tx, pending: Execution<execution::Pending>) -> Execution<execution::Running> {
    let turn = execution::its_turn(&[AnyExecution::Pending(pending.clone())], &pending).unwrap();
    let change: execution::Change = pending.start(turn, NOW).unwrap().into();
    let row = change.row().clone();
    tx.apply(Change::Execution(change), &stamp()).await.unwrap();
    in_state!(AnyExecution::try_from(row).unwrap(), AnyExecution::Running)
}

#[tokio::test]
async fn a_waiver_of_a_skipped_task_is_kept() {
    let ctx = Ctx::new().await;
    ctx.job("j").await;
    let mut tx = begin(&ctx).await;
    tx.add_execution(&waits("j", 0), &stamp()).await.unwrap();
    let step = waits("j", 0).skip("there was nothing to do", NOW).unwrap();
    let skipped = step.next().clone();
    tx.apply(Change::Execution(step.into()), &stamp()).await.unwrap();
    let step = skipped.waive(id("u"), "the vendor did it", NOW).unwrap();
    let change: execution::Change = step.into();
    let row = change.row().clone();
    tx.apply(Change::Execution(change), &stamp()).await.unwrap();
    assert_eq!(tx.execution(&id("j")).await.unwrap().unwrap(), row);
    assert!(row.waiver.is_some());
    tx.commit().await.unwrap();
    all_is_told(&ctx).await;
    let mut raw = connect(&ctx).await;
    let frozen = attempt(&mut raw, "UPDATE sprint_task_executions SET plan_snapshot = 'easier'").await;
    assert_eq!(frozen, Err("task execution: what was frozen at claim never changes".into()));
}
