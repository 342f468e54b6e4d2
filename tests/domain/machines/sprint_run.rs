//! The sprint-run machine a second time, and each of its moves made once.

use sprintgate::domain::id::RunId;
use sprintgate::domain::run::*;
use sprintgate::domain::time::Timestamp;

use super::proof::{Made, every_edge_is_one_move, made, matrix};

const T0: Timestamp = Timestamp(7);

#[test]
fn the_matrix() {
    matrix(
        "sprint_run",
        "
        QUEUED  claim_first RUNNING
        QUEUED  complete    DONE
        QUEUED  fail        FAILED
        QUEUED  cancel      CANCELLED
        RUNNING pause       PAUSED
        RUNNING complete    DONE
        RUNNING fail        FAILED
        RUNNING cancel      CANCELLED
        PAUSED  resume      RUNNING
        PAUSED  complete    DONE
        PAUSED  fail        FAILED
        PAUSED  cancel      CANCELLED
        PAUSED  supersede   CANCELLED
        ",
    );
}

fn run<S>(state: S) -> Run<S> {
    Run { id: RunId::new("r").unwrap(), state }
}

fn quota() -> Pause {
    Pause::QuotaDepleted { last_completed: None, resume_instructions: "resume it".into(), paused_at: T0 }
}

fn paused() -> Run<Paused> {
    run(Paused { started_at: T0, pause: quota() })
}

fn of_live<S: Live>(live: impl Fn() -> Run<S>, all: &mut Vec<Made>) {
    all.push(made("complete", &live().complete(T0)));
    all.push(made("fail", &live().fail("no", None, T0)));
    all.push(made("cancel", &live().cancel(T0)));
}

#[test]
fn every_edge_is_one_typed_move() {
    let running = || run(Running { started_at: T0 });
    let mut all = vec![
        made("claim_first", &run(Queued).claim_first(T0)),
        made("pause", &running().pause(quota())),
        made("resume", &paused().resume()),
        made("supersede", &paused().supersede(PrStrategy::SprintBatch, None, T0).unwrap().0),
    ];
    of_live(|| run(Queued), &mut all);
    of_live(running, &mut all);
    of_live(paused, &mut all);
    every_edge_is_one_move("sprint_run", "run", &all);
}

#[test]
fn only_a_batch_out_of_quota_is_taken_on_by_a_new_run() {
    for strategy in [PrStrategy::Sprint, PrStrategy::Story] {
        let refused = paused().supersede(strategy, None, T0).unwrap_err();
        assert_eq!(refused, Refusal::ResumesInPlace { strategy, reason: PauseReason::QuotaDepleted });
    }
    let last = LastCompleted { execution_id: "e".parse().unwrap(), order: 4, task_id: "t".parse().unwrap() };
    let Pause::QuotaDepleted { resume_instructions, paused_at, .. } = quota() else { panic!() };
    let pause = Pause::QuotaDepleted { last_completed: Some(last), resume_instructions, paused_at };
    let branch = "feat/sprint-1".parse().ok();
    let (_, next) =
        run(Paused { started_at: T0, pause }).supersede(PrStrategy::SprintBatch, branch.clone(), T0).unwrap();
    assert_eq!(next, Continuation { previous: RunId::new("r").unwrap(), branch, from_order: 5 });
    let conflict = Pause::MergeConflict {
        pr_url: "https://forge/p/1".into(),
        pr_head_sha: "a".repeat(40).parse().unwrap(),
        conflict_files: vec!["src/a.rs".into()],
        claude_question_id: "q".parse().unwrap(),
        resume_instructions: "merge it".into(),
        paused_at: T0,
    };
    let refused =
        run(Paused { started_at: T0, pause: conflict }).supersede(PrStrategy::SprintBatch, None, T0);
    let reason = PauseReason::MergeConflict;
    assert_eq!(refused.unwrap_err(), Refusal::ResumesInPlace { strategy: PrStrategy::SprintBatch, reason });
}
