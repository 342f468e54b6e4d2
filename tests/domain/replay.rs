//! Histories, folded: what the law lets happen, and what it does not.

use sprintgate::domain::law::machines;
use sprintgate::domain::replay::{Fold, Illegal, Lawbook, Move};

fn job<'a>(from: Option<&'a str>, event: &'a str, to: &'a str) -> Move<'a> {
    Move { machine: "job", from, event, to }
}

fn told(wrong: &[Illegal]) -> Vec<String> {
    wrong.iter().map(ToString::to_string).collect()
}

#[test]
fn a_life_folds_to_its_end() {
    let (law, mut fold) = (Lawbook::new(), Fold::default());
    assert_eq!((fold.status(), fold.rows()), (None, 0));
    for (rows, (from, event, to)) in [
        (None, "create", "QUEUED"),
        (Some("QUEUED"), "claim", "CLAIMED"),
        (Some("CLAIMED"), "start", "RUNNING"),
        (Some("RUNNING"), "expire", "QUEUED"),
        (Some("QUEUED"), "cancel", "CANCELLED"),
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(told(&fold.take(&law, &job(from, event, to))), [""; 0]);
        assert_eq!((fold.status(), fold.rows()), (Some(to), rows as i64 + 1));
    }
}

#[test]
fn what_cannot_have_been_is_told_and_the_fold_goes_on() {
    let law = Lawbook::default();
    for (before, next, wrong) in [
        (None, job(None, "create", "RUNNING"), vec!["a job is not born RUNNING by create"]),
        (None, job(None, "claim", "QUEUED"), vec!["a job is not born QUEUED by claim"]),
        (
            None,
            job(Some("QUEUED"), "claim", "CLAIMED"),
            vec!["it leaves QUEUED, and the entity was not born"],
        ),
        (Some("QUEUED"), job(None, "create", "QUEUED"), vec!["it leaves nothing, and the entity was QUEUED"]),
        (
            Some("QUEUED"),
            job(Some("CLAIMED"), "start", "RUNNING"),
            vec!["it leaves CLAIMED, and the entity was QUEUED"],
        ),
        (Some("QUEUED"), job(Some("QUEUED"), "finish", "DONE"), vec!["the law has no QUEUED -finish-> DONE"]),
        (
            Some("QUEUED"),
            job(Some("DONE"), "claim", "CLAIMED"),
            vec!["it leaves DONE, and the entity was QUEUED", "the law has no DONE -claim-> CLAIMED"],
        ),
        (
            None,
            Move { machine: "ghost", ..job(None, "create", "QUEUED") },
            vec!["a ghost is not born QUEUED by create"],
        ),
        (
            None,
            Move { machine: "task", ..job(None, "create", "QUEUED") },
            vec!["a task is not born QUEUED by create"],
        ),
    ] {
        let mut fold = Fold::default();
        if let Some(status) = before {
            assert_eq!(fold.take(&law, &job(None, "create", status)), []);
        }
        let rows = fold.rows();
        assert_eq!(told(&fold.take(&law, &next)), wrong, "{next:?}");
        assert_eq!((fold.status(), fold.rows()), (Some(next.to), rows + 1));
    }
}

/// Of every machine each edge is legal, and no other triple of its words; no edge is another machine's too by chance.
#[test]
fn the_lawbook_has_every_edge_and_every_birth_and_nothing_else() {
    let law = Lawbook::new();
    for machine in machines() {
        for from in &machine.states {
            let birth = Move { machine: machine.name, from: None, event: "create", to: from.word };
            assert_eq!(law.judge(&birth).is_ok(), machine.born.contains(&from.word), "{birth:?}");
            for event in &machine.events {
                for to in &machine.states {
                    let edge = machine
                        .edges
                        .iter()
                        .any(|edge| (edge.from, edge.event, edge.to) == (from.word, event.word, to.word));
                    let it =
                        Move { machine: machine.name, from: Some(from.word), event: event.word, to: to.word };
                    assert_eq!(law.judge(&it).is_ok(), edge, "{it:?}");
                }
            }
        }
    }
}
