//! The sprint run: its moves, its rows, and how it ends from the tally of its jobs.

use sprintgate::domain::id::RunId;
use sprintgate::domain::run::*;
use sprintgate::domain::time::Timestamp;

const T0: Timestamp = Timestamp(7);

fn queued() -> Run<Queued> {
    Run { id: RunId::new("r").unwrap(), state: Queued }
}

fn quota() -> Pause {
    Pause::QuotaDepleted { last_completed: None, resume_instructions: "resume it".into(), paused_at: T0 }
}

fn after(change: Change) -> AnyRun {
    AnyRun::try_from(change.row().clone()).unwrap()
}

#[test]
fn a_run_pauses_and_goes_on_and_ends() {
    let AnyRun::Running(run) = after(queued().claim_first(T0).into()) else { panic!() };
    let AnyRun::Paused(run) = after(run.pause(quota()).into()) else { panic!() };
    assert_eq!(run.state.pause.reason(), PauseReason::QuotaDepleted);
    assert_eq!(run.state.pause.question(), None);
    let AnyRun::Running(run) = after(run.resume().into()) else { panic!() };
    assert_eq!(run.state.started_at, T0);
    let change = Change::from(run.fail(&"x".repeat(600), None, Timestamp(9)));
    assert_eq!(change.row().failure_reason.as_ref().unwrap().len(), REASON_MAX);
    assert_eq!((change.before(), change.event()), (Status::Running, Event::Fail));
    assert!(matches!(after(change), AnyRun::Failed(_)));
    assert!(matches!(after(queued().complete(T0).into()), AnyRun::Done(_)));
    assert!(matches!(after(queued().cancel(T0).into()), AnyRun::Cancelled(_)));
}

#[test]
fn a_run_ends_as_its_jobs_did() {
    let tally = |open, done, failed, skipped, cancelled| Tally { open, done, failed, skipped, cancelled };
    let rows = [
        (tally(1, 0, 0, 0, 0), false, Verdict::GoesOn),
        (tally(1, 0, 1, 0, 0), false, Verdict::GoesOn),
        (tally(1, 0, 1, 0, 0), true, Verdict::Fail),
        (tally(0, 2, 0, 0, 0), false, Verdict::Complete),
        (tally(0, 1, 0, 1, 0), false, Verdict::Complete),
        (tally(0, 0, 0, 2, 0), false, Verdict::Complete),
        (tally(0, 2, 1, 0, 0), false, Verdict::Fail),
        (tally(0, 2, 1, 0, 1), false, Verdict::Fail),
        (tally(0, 2, 0, 0, 1), false, Verdict::Cancel),
    ];
    for (tally, at_once, want) in rows {
        assert_eq!(settle(tally, at_once), want, "{tally:?} {at_once}");
    }
}

#[test]
fn a_run_knows_when_it_began() {
    let (started_at, end) = (Timestamp(3), Timestamp(9));
    let running = || Run { id: queued().id, state: Running { started_at } };
    let paused = || Run { id: queued().id, state: Paused { started_at, pause: quota() } };
    assert_eq!(queued().cancel(end).next().state, Cancelled { started_at: None, finished_at: end });
    let began = Some(started_at);
    assert_eq!(running().cancel(end).next().state, Cancelled { started_at: began, finished_at: end });
    assert_eq!(paused().complete(end).next().state, Done { started_at: began, finished_at: end });
}

#[test]
fn every_state_comes_back_as_it_was_written() {
    fn back<S>(run: &Run<S>) -> AnyRun
    where
        Row: From<Run<S>>,
        S: Clone,
    {
        AnyRun::try_from(Row::from(run.clone())).unwrap()
    }
    let (started_at, finished_at) = (Some(Timestamp(3)), Timestamp(9));
    let failed_task = Some("t".parse().unwrap());
    let state = Failed { started_at, finished_at, reason: "no".into(), failed_task };
    let failed = Run { id: queued().id, state };
    assert_eq!(back(&failed), AnyRun::Failed(failed));
    let done = Run { id: queued().id, state: Done { started_at, finished_at } };
    assert_eq!(back(&done), AnyRun::Done(done));
    let cancelled = Run { id: queued().id, state: Cancelled { started_at, finished_at } };
    assert_eq!(back(&cancelled), AnyRun::Cancelled(cancelled));
    let paused = Run { id: queued().id, state: Paused { started_at: T0, pause: quota() } };
    assert_eq!(back(&paused), AnyRun::Paused(paused));
    let running = Run { id: queued().id, state: Running { started_at: T0 } };
    assert_eq!(back(&running), AnyRun::Running(running));
    assert_eq!(back(&queued()), AnyRun::Queued(queued()));
}

#[test]
fn rows_that_no_move_wrote_are_refused() {
    let running = Change::from(queued().claim_first(T0)).row().clone();
    let rows = [
        (Row { started_at: None, ..running.clone() }, "started_at"),
        (Row { finished_at: Some(T0), ..running.clone() }, "finished_at"),
        (Row { status: Status::Paused, ..running.clone() }, "pause_context"),
        (Row { status: Status::Queued, ..running.clone() }, "started_at"),
        (Row { failure_reason: Some("no".into()), ..running.clone() }, "failure_reason"),
        (Row { failed_task: "k".parse().ok(), ..running.clone() }, "failed_task_id"),
        (Row { status: Status::Failed, finished_at: Some(T0), ..running.clone() }, "failure_reason"),
        (Row { status: Status::Done, ..running }, "finished_at"),
    ];
    for (row, column) in rows {
        assert_eq!(AnyRun::try_from(row).unwrap_err().column, column);
    }
}
