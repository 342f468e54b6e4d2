//! The job machine a second time, and each of its moves made once.

use sprintgate::domain::job::*;
use sprintgate::domain::time::{Millis, Timestamp};

use super::proof::{Made, every_edge_is_one_move, made, matrix};
use crate::domain::jobs::{T0, claim, claimed, proof, published, queued, running};

#[test]
fn the_matrix() {
    matrix(
        "job",
        "
        QUEUED  claim   CLAIMED
        QUEUED  cancel  CANCELLED
        CLAIMED start   RUNNING
        CLAIMED release QUEUED
        CLAIMED release FAILED
        CLAIMED expire  QUEUED
        CLAIMED expire  FAILED
        CLAIMED finish  DONE
        CLAIMED fail    FAILED
        CLAIMED skip    CANCELLED
        CLAIMED cancel  CANCELLED
        RUNNING release QUEUED
        RUNNING release FAILED
        RUNNING expire  QUEUED
        RUNNING expire  FAILED
        RUNNING finish  DONE
        RUNNING fail    FAILED
        RUNNING skip    CANCELLED
        RUNNING cancel  CANCELLED
        ",
    );
}

fn requeued<S: State>(by: &'static str, requeue: Requeue<S>) -> Made {
    match requeue {
        Requeue::Again(step) => made(by, &step),
        Requeue::Spent(step) => made(by, &step),
    }
}

fn of_held<S: Held>(held: impl Fn(u32) -> Job<S>, all: &mut Vec<Made>) {
    let late = T0 + LEASE + Millis(1);
    for attempt in [1, ATTEMPTS_MAX] {
        let job = || held(attempt - 1);
        all.push(requeued("release", job().release(attempt, "no repository", T0).unwrap()));
        all.push(requeued("expire", job().expire(late).unwrap()));
    }
    let job = || held(0);
    all.push(made("finish", &job().finish(1, proof(1), published(), None, T0).unwrap()));
    all.push(made("fail", &job().fail(1, Failure::Reported("no".into()), T0).unwrap()));
    all.push(made("skip", &job().skip(1, "it was done already", T0).unwrap()));
    all.push(made("cancel", &job().cancel(Stop::by_user("not needed"), T0)));
}

#[test]
fn every_edge_is_one_typed_move() {
    let mut all = vec![
        made("claim", &queued(0).claim(claim(), T0, LEASE).unwrap()),
        made("cancel", &queued(0).cancel(Stop::by_user("not needed"), T0)),
        made("start", &claimed(0).start(1, Timestamp(T0.0 + 1), LEASE).unwrap()),
    ];
    of_held(claimed, &mut all);
    of_held(running, &mut all);
    every_edge_is_one_move("job", "job", &all);
}
