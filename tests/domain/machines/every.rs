//! What holds for every machine.

use sprintgate::domain::law::{MACHINES, law, machines};
use sprintgate::domain::machine::Edge;

#[test]
fn the_list_of_machines_is_whole() {
    let names: Vec<&str> = machines().iter().map(|machine| machine.name).collect();
    assert_eq!(names, MACHINES);
    assert_eq!(law().len(), machines().iter().map(|machine| machine.edges.len()).sum::<usize>());
    for name in MACHINES {
        let file = format!("{}/tests/domain/machines/{name}.rs", env!("CARGO_MANIFEST_DIR"));
        assert!(std::path::Path::new(&file).exists(), "{name} has no second copy at tests/domain/machines");
    }
}

#[test]
fn an_edge_is_told_in_a_line() {
    assert_eq!(law()[0].to_string(), "job: QUEUED -claim-> CLAIMED");
}

#[test]
fn what_is_derived_and_what_ends() {
    let derived: Vec<&str> = machines().iter().filter(|m| m.is_derived()).map(|m| m.name).collect();
    assert_eq!(derived, ["story", "pbi", "sprint"]);
    let ends = |name: &str| -> Vec<&'static str> {
        machines().iter().find(|machine| machine.name == name).unwrap().ends().collect()
    };
    assert_eq!(ends("job"), ["DONE", "FAILED", "CANCELLED"]);
    assert_eq!(ends("story"), Vec::<&str>::new());
}

#[test]
fn an_edge_has_the_clause_of_its_event_and_of_the_state_after() {
    for machine in machines() {
        for edge in &machine.edges {
            let clause = machine.clause(edge).unwrap_or_else(|| panic!("{edge}"));
            assert_eq!((clause.event, clause.to), (edge.event, edge.to), "{edge}");
        }
        assert_eq!(machine.clause(&Edge { event: "no_event", ..machine.edges[0] }), None);
        assert_eq!(machine.clause(&Edge { to: "NO_STATE", ..machine.edges[0] }), None);
    }
}

#[test]
fn every_state_can_be_reached() {
    for machine in machines() {
        let mut seen = machine.born.clone();
        let mut at = 0;
        while at < seen.len() {
            let from = seen[at];
            for edge in machine.edges.iter().filter(|edge| edge.from == from) {
                if !seen.contains(&edge.to) {
                    seen.push(edge.to);
                }
            }
            at += 1;
        }
        let mut all: Vec<&str> = machine.states.iter().map(|state| state.word).collect();
        all.sort_unstable();
        seen.sort_unstable();
        assert_eq!(seen, all, "{}", machine.name);
    }
}

#[test]
fn every_event_is_used_and_every_word_explained() {
    for machine in machines() {
        for event in &machine.events {
            assert!(
                machine.edges.iter().any(|edge| edge.event == event.word),
                "{}: {}",
                machine.name,
                event.word
            );
        }
        for word in machine.states.iter().chain(&machine.events) {
            assert!(word.meaning.ends_with('.') && word.meaning.len() > 3, "{}: {word:?}", machine.name);
        }
    }
}

#[test]
fn every_clause_belongs_to_an_edge_and_says_something() {
    for machine in machines() {
        for clause in &machine.clauses {
            let used = machine.edges.iter().any(|edge| edge.event == clause.event && edge.to == clause.to);
            assert!(used, "{}: no edge {} to {}", machine.name, clause.event, clause.to);
            assert!(!clause.who.is_empty(), "{}: nobody may {}", machine.name, clause.event);
            for text in [clause.when, clause.writes, clause.emits] {
                assert!(!text.trim().is_empty(), "{}: {} to {}", machine.name, clause.event, clause.to);
                assert!(!text.contains('|'), "{}: a cell of a table: {text}", machine.name);
            }
        }
    }
}
