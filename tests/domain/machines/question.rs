//! The question machine a second time, and each of its moves made once.

use sprintgate::domain::actor::{Actor, ActorKind};
use sprintgate::domain::id::{QuestionId, TokenId, UserId};
use sprintgate::domain::question::*;
use sprintgate::domain::time::{Millis, Timestamp};

use super::proof::{every_edge_is_one_move, made, matrix};

const T0: Timestamp = Timestamp(1_000_000);

#[test]
fn the_matrix() {
    matrix(
        "question",
        "
        open answer answered
        open cancel cancelled
        open expire expired
        open close  closed
        ",
    );
}

fn user(name: &str) -> UserId {
    UserId::new(name).unwrap()
}

fn person() -> Actor {
    Actor::Human(user("ann"))
}

fn question<S>(state: S, options: &[&str]) -> Question<S> {
    let options = Options::new(options.iter().map(ToString::to_string).collect()).unwrap();
    let asked = Asked::at(T0, user("bot"), options, Purpose::Work);
    Question { id: QuestionId::new("q").unwrap(), asked, state }
}

fn open() -> Question<Open> {
    question(Open, &["red", "blue"])
}

fn answered() -> Question<Answered> {
    question(Answered { answer: "red".into(), by: user("ann"), at: T0 + TTL }, &["red", "blue"])
}

#[test]
fn every_edge_is_one_typed_move() {
    let all = [
        made("answer", &open().answer(&person(), "red", T0).unwrap()),
        made("cancel", &open().cancel(&user("bot")).unwrap()),
        made("expire", &open().expire(T0 + TTL + Millis(1)).unwrap()),
        made("close", &open().close()),
    ];
    every_edge_is_one_move("question", "question", &all);
}

#[test]
fn a_question_waits_a_day_and_one_about_a_merge_a_week() {
    let day = 24 * 60 * 60 * 1000;
    for (purpose, days) in [(Purpose::Work, 1), (Purpose::MergeConflict, 7), (Purpose::UnverifiedMerge, 7)] {
        let asked = Asked::at(T0, user("bot"), Options::default(), purpose);
        assert_eq!(asked.expires_at, Timestamp(T0.0 + days * day), "{purpose}");
    }
}

#[test]
fn only_a_person_answers() {
    let token = Actor::Agent(TokenId::new("tok").unwrap());
    for (by, kind) in [(token, ActorKind::Agent), (Actor::System, ActorKind::System)] {
        assert_eq!(open().answer(&by, "red", T0).unwrap_err(), Refusal::NotAPerson { kind });
    }
    let step = open().answer(&person(), " red ", T0).unwrap();
    assert_eq!(step.next().state, Answered { answer: "red".into(), by: user("ann"), at: T0 });
}

#[test]
fn an_answer_is_one_of_the_options_where_there_are_any() {
    let options = vec!["red".to_owned(), "blue".to_owned()];
    let refused = open().answer(&person(), "green", T0).unwrap_err();
    assert_eq!(refused, Refusal::NotAnOption { options });
    let free = || question(Open, &[]);
    assert_eq!(free().answer(&person(), "green", T0).unwrap().next().state.answer, "green");
    for (text, found) in [(" ".repeat(9), 0), ("é".repeat(4001), 4001)] {
        let refused = free().answer(&person(), &text, T0).unwrap_err();
        assert_eq!(refused, Refusal::BadLength { found, max: 4000 });
    }
    assert!(free().answer(&person(), &"é".repeat(4000), T0).is_ok());
}

#[test]
fn time_allows_either_an_answer_or_the_end() {
    let last = T0 + TTL;
    let over = last + Millis(1);
    assert!(open().answer(&person(), "red", last).is_ok());
    assert_eq!(open().expire(last).unwrap_err(), Refusal::Waits { expires_at: last });
    let refused = open().answer(&person(), "red", over).unwrap_err();
    assert_eq!(refused, Refusal::Over { expired_at: last }, "defect 83: the server keeps the time");
    assert!(open().expire(over).is_ok());
    // An end of another kind is not a matter of time.
    assert!(open().is_over(over) && question(Open, &[]).cancel(&user("bot")).is_ok());
}

#[test]
fn only_the_asker_withdraws() {
    let refused = open().cancel(&user("ann")).unwrap_err();
    assert_eq!(refused, Refusal::NotTheAsker { asked_by: user("bot") });
}

#[test]
fn a_choice_has_at_most_eight_answers_none_empty_and_none_twice() {
    let texts = |n: usize| (0..n).map(|i| format!("answer {i}")).collect::<Vec<_>>();
    assert_eq!(Options::new(texts(8)).unwrap().texts(), texts(8));
    assert_eq!(Options::new(texts(9)), Err(BadOptions::TooMany { found: 9 }));
    let new = |texts: &[&str]| Options::new(texts.iter().map(ToString::to_string).collect());
    assert_eq!(new(&["a", "  "]), Err(BadOptions::Empty { place: 1 }));
    assert_eq!(new(&["a", "b", " a "]), Err(BadOptions::Twice { place: 2 }));
}

#[test]
fn every_state_comes_back_from_its_row() {
    let back = |row: Row| AnyQuestion::try_from(row).unwrap();
    assert_eq!(back(open().into()), AnyQuestion::Open(open()));
    assert_eq!(back(question(Open, &[]).into()), AnyQuestion::Open(question(Open, &[])));
    assert_eq!(back(answered().into()), AnyQuestion::Answered(answered()));
    let (cancelled, expired, closed) =
        (question(Cancelled, &["red"]), question(Expired, &["red"]), question(Closed, &["red"]));
    assert_eq!(back(cancelled.clone().into()), AnyQuestion::Cancelled(cancelled));
    assert_eq!(back(expired.clone().into()), AnyQuestion::Expired(expired));
    assert_eq!(back(closed.clone().into()), AnyQuestion::Closed(closed));
    let row = Row::from(answered());
    assert_eq!((row.asked_by, row.expires_at, row.answered_by), (user("bot"), T0 + TTL, Some(user("ann"))));
}

#[test]
fn rows_that_no_move_could_have_written_are_refused() {
    type Spoil = fn(&mut Row);
    let rows: Vec<(Row, Spoil, &str)> = vec![
        (answered().into(), |r| r.answer = None, "answer"),
        (answered().into(), |r| r.answer = Some("green".into()), "answer"),
        (answered().into(), |r| (r.options, r.answer) = (vec![], Some(String::new())), "answer"),
        (answered().into(), |r| r.answered_by = None, "answered_by"),
        (answered().into(), |r| r.answered_at = None, "answered_at"),
        (answered().into(), |r| r.expires_at = T0, "answered_at"),
        (answered().into(), |r| r.options.push("red".into()), "options"),
        (open().into(), |r| r.options = vec!["x".into(); 9], "options"),
        (open().into(), |r| r.options = vec![" red".into()], "options"),
        (open().into(), |r| r.status = Status::Answered, "answer"),
    ];
    for (mut row, spoil, column) in rows {
        spoil(&mut row);
        assert_eq!(AnyQuestion::try_from(row).unwrap_err().column, column);
    }
    let unanswered: [Row; 4] = [
        open().into(),
        question(Cancelled, &[]).into(),
        question(Expired, &[]).into(),
        question(Closed, &[]).into(),
    ];
    let spoils: [(Spoil, &str); 3] = [
        (|r| r.answer = Some("red".into()), "answer"),
        (|r| r.answered_by = Some(user("ann")), "answered_by"),
        (|r| r.answered_at = Some(T0), "answered_at"),
    ];
    for row in unanswered {
        for (spoil, column) in &spoils {
            let mut row = row.clone();
            spoil(&mut row);
            assert_eq!(AnyQuestion::try_from(row).unwrap_err().column, *column);
        }
    }
}
