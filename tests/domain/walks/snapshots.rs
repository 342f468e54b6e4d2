//! Snapshots for the eye: every change of the law, of what must hold and of what follows from what shows up in review.

use std::fmt::Write;

use sprintgate::domain::law::{Machine, machines};

use super::invariants::INVARIANTS;
use super::world::World;
use super::{script, tell, walk};

fn compare(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// A row a state, a column an event, in the cell where it leads.
fn matrix(machine: &Machine) -> String {
    let cell = |state: &str, event: &str| {
        let to = machine.edges.iter().filter(|edge| edge.from == state && edge.event == event);
        let to: Vec<&str> = to.map(|edge| edge.to).collect();
        if to.is_empty() { ".".to_owned() } else { to.join("|") }
    };
    let mut table = vec![vec![String::new()]];
    table[0].extend(machine.events.iter().map(|event| event.word.to_owned()));
    for state in &machine.states {
        let born = if machine.born.contains(&state.word) { "*" } else { "" };
        let mut line = vec![format!("{}{born}", state.word)];
        line.extend(machine.events.iter().map(|event| cell(state.word, event.word)));
        table.push(line);
    }
    let width = |column: usize| table.iter().map(|line| line[column].len()).max().unwrap();
    let mut text = format!("{}\n", machine.name);
    for line in &table {
        let cells: Vec<String> =
            line.iter().enumerate().map(|(n, cell)| format!("{cell:<0$}", width(n))).collect();
        writeln!(text, "  {}", cells.join("  ").trim_end()).unwrap();
    }
    text
}

#[test]
fn the_matrix_of_every_machine() {
    let machines: Vec<String> = machines().iter().map(matrix).collect();
    compare("law_matrices", &machines.join("\n"));
}

#[test]
fn the_list_of_invariants() {
    let list: Vec<String> = INVARIANTS.iter().map(|(id, sentence, _)| format!("{id} {sentence}")).collect();
    compare("walk_invariants", &list.join("\n"));
}

#[test]
fn a_walk_by_hand_in_words() {
    let mut world = World::new(&script::shape());
    let mut text = String::new();
    for act in script::acts() {
        let before = world.clone();
        let refused = world.play(&act).err().map(|refused| refused.word());
        writeln!(text, "{}", tell::step(&before, &world, &act, refused)).unwrap();
    }
    compare("walk_by_hand", &text);
}

#[test]
fn thirty_drawn_steps_in_words() {
    // The first of the fixed walks whose first steps finish a job.
    let walks = walk::fixed(200, 80).filter(|(_, acts)| acts.len() >= 30);
    let told = walks.map(|(shape, acts)| {
        let mut world = World::new(&shape);
        let mut text = String::new();
        for act in &acts[..30] {
            let before = world.clone();
            let refused = world.play(act).err().map(|refused| refused.word());
            writeln!(text, "{}", tell::step(&before, &world, act, refused)).unwrap();
        }
        text
    });
    let tale = told.into_iter().find(|text| text.contains("-finish-> DONE"));
    compare("walk_drawn", &tale.unwrap());
}
