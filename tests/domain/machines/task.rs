//! The task machine a second time, each of its moves made once, and what a job's moves do to it.

use std::collections::BTreeSet;

use sprintgate::domain::id::TaskId;
use sprintgate::domain::job::{self, Failure, LEASE, Stop};
use sprintgate::domain::machine::{State as _, Word};
use sprintgate::domain::shift::Forbidden;
use sprintgate::domain::task::*;
use sprintgate::domain::time::Millis;

use super::proof::{Made, chosen, every_edge_is_one_move, made, matrix};
use crate::domain::jobs::{T0, claim, claimed, proof, published, queued, running};

#[test]
fn the_matrix() {
    matrix(
        "task",
        "
        TO_DO       begin    IN_PROGRESS
        TO_DO       submit   REVIEW
        TO_DO       complete DONE
        TO_DO       fail     FAILED
        TO_DO       exclude  EXCLUDED
        IN_PROGRESS put_back TO_DO
        IN_PROGRESS submit   REVIEW
        IN_PROGRESS complete DONE
        IN_PROGRESS fail     FAILED
        IN_PROGRESS exclude  EXCLUDED
        REVIEW      put_back TO_DO
        REVIEW      begin    IN_PROGRESS
        REVIEW      complete DONE
        REVIEW      fail     FAILED
        REVIEW      exclude  EXCLUDED
        DONE        reopen   TO_DO
        FAILED      reopen   TO_DO
        EXCLUDED    reopen   TO_DO
        ",
    );
}

fn task<S>(state: S) -> Task<S> {
    Task { id: id(), state }
}

fn id() -> TaskId {
    TaskId::new("k").unwrap()
}

fn row(status: Status) -> Row {
    Row { id: id(), status }
}

fn of_open<S: Open + Copy>(state: S, all: &mut Vec<Made>) {
    all.push(made("complete", &task(state).complete()));
    all.push(made("fail", &task(state).fail()));
    all.push(made("exclude", &task(state).exclude()));
}

#[test]
fn every_edge_is_one_typed_move() {
    let mut all = vec![
        made("begin", &task(ToDo).begin()),
        made("begin", &task(Review).begin()),
        made("put_back", &task(InProgress).put_back()),
        made("put_back", &task(Review).put_back()),
        made("submit", &task(ToDo).submit()),
        made("submit", &task(InProgress).submit()),
        made("reopen", &task(Done).reopen()),
        made("reopen", &task(Failed).reopen()),
        made("reopen", &task(Excluded).reopen()),
    ];
    of_open(ToDo, &mut all);
    of_open(InProgress, &mut all);
    of_open(Review, &mut all);
    for status in Status::ALL {
        let changes = Status::ALL.iter().filter_map(|to| set(row(*status), *to).ok().flatten());
        all.extend(changes.map(|change| chosen("set", &change)));
        let changes = moves().into_iter().filter_map(|moved| follow(row(*status), &moved));
        all.extend(changes.map(|change| chosen("follow", &change)));
    }
    every_edge_is_one_move("task", "task", &all);
}

/// A row the status before; a column the status that is asked for; the cell the event (`.` is there, `-` refused).
const SET: &str = "
            TO_DO    IN_PROGRESS REVIEW DONE     FAILED EXCLUDED
TO_DO       .        begin       submit complete fail   exclude
IN_PROGRESS put_back .           submit complete fail   exclude
REVIEW      put_back begin       .      complete fail   exclude
DONE        reopen   -           -      .        -      -
FAILED      reopen   -           -      -        .      -
EXCLUDED    reopen   -           -      -        -      .
";

/// The rows of a table after its first line, which names the columns.
fn table(text: &str) -> (Vec<Status>, Vec<Vec<&str>>) {
    let mut lines =
        text.lines().map(|line| line.split_whitespace().collect()).filter(|l: &Vec<_>| !l.is_empty());
    let columns = lines.next().unwrap().into_iter().map(|word| word.parse().unwrap()).collect();
    (columns, lines.collect())
}

#[test]
fn a_person_takes_a_task_along_its_edges() {
    let (columns, lines) = table(SET);
    let mut cells = 0;
    for line in lines {
        let from: Status = line[0].parse().unwrap();
        for (to, want) in columns.iter().zip(&line[1..]) {
            let found = match set(row(from), *to) {
                Ok(Some(change)) => {
                    assert_eq!((change.before(), change.after()), (from, *to));
                    assert_eq!(change.row(), &row(*to));
                    change.event().word()
                }
                Ok(None) => ".",
                Err(refused) => {
                    let Forbidden { what, from: was, asked, legal } = refused;
                    assert_eq!((what, was, asked), ("task status", from.word(), to.word()));
                    assert_eq!(legal, ["TO_DO"], "an ended task can only be planned again");
                    "-"
                }
            };
            assert_eq!(&found, want, "{from} to {to}");
            cells += 1;
        }
    }
    assert_eq!(cells, 36);
}

#[test]
fn a_refusal_names_what_is_legal() {
    let refused = set(row(Status::Done), Status::Failed).unwrap_err();
    assert_eq!(refused.to_string(), "task status DONE has no `FAILED`; legal: TO_DO");
}

/// A row a job's move; a column a task's status before; the cell its status after (`.` stays).
const FOLLOW: &str = "
                 TO_DO       IN_PROGRESS REVIEW      DONE FAILED EXCLUDED
claim=CLAIMED    .           .           .           .    .      .
start=RUNNING    IN_PROGRESS .           IN_PROGRESS .    .      .
release=QUEUED   .           TO_DO       TO_DO       .    .      .
release=FAILED   FAILED      FAILED      FAILED      .    .      .
expire=QUEUED    .           TO_DO       TO_DO       .    .      .
expire=FAILED    FAILED      FAILED      FAILED      .    .      .
finish=DONE      DONE        DONE        DONE        .    .      .
fail=FAILED      FAILED      FAILED      FAILED      .    .      .
skip=CANCELLED   .           TO_DO       TO_DO       .    .      .
cancel=CANCELLED .           TO_DO       TO_DO       .    .      .
";

/// Each event and state after of a job, made once.
fn moves() -> Vec<job::Change> {
    let late = T0 + LEASE + Millis(1);
    vec![
        queued(0).claim(claim(), T0, LEASE).unwrap().into(),
        claimed(0).start(1, T0, LEASE).unwrap().into(),
        running(0).release(1, "no clone", T0).unwrap().into(),
        running(2).release(3, "no clone", T0).unwrap().into(),
        running(0).expire(late).unwrap().into(),
        running(2).expire(late).unwrap().into(),
        running(0).finish(1, proof(1), published(), None, T0).unwrap().into(),
        running(0).fail(1, Failure::Reported("no".into()), T0).unwrap().into(),
        running(0).skip(1, "it was done already", T0).unwrap().into(),
        running(0).cancel(Stop::by_user("not needed"), T0).into(),
    ]
}

#[test]
fn a_task_follows_its_job() {
    let (columns, lines) = table(FOLLOW);
    let moves = moves();
    let mut cells = 0;
    for line in &lines {
        let (event, to) = line[0].split_once('=').unwrap();
        let moved = moves.iter().find(|m| m.event().word() == event && m.after().word() == to).unwrap();
        for (from, want) in columns.iter().zip(&line[1..]) {
            let change = follow(row(*from), moved);
            assert!(change.iter().all(|change| change.before() == *from && change.row().id == id()));
            let found = change.map_or(".", |change| change.after().word());
            assert_eq!(&found, want, "{} from {from}", line[0]);
            cells += 1;
        }
    }
    assert_eq!(cells, 60);
    let kinds: BTreeSet<_> = job::TRANSITIONS.iter().map(|edge| (edge.on.word(), edge.to.word())).collect();
    assert_eq!(kinds.len(), lines.len(), "each event of a job, with each state that it leads to");
}

#[test]
fn a_row_read_back_is_the_row_that_was_written() {
    assert_eq!(Row::from(task(Review)), row(Status::Review));
    assert_eq!(Review::STATUS, Status::Review);
    for status in Status::ALL {
        let any = AnyTask::from(row(*status));
        assert_eq!(any.status(), *status);
        let again = match any {
            AnyTask::ToDo(task) => Row::from(task),
            AnyTask::InProgress(task) => Row::from(task),
            AnyTask::Review(task) => Row::from(task),
            AnyTask::Done(task) => Row::from(task),
            AnyTask::Failed(task) => Row::from(task),
            AnyTask::Excluded(task) => Row::from(task),
        };
        assert_eq!(again, row(*status));
    }
}
