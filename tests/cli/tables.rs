//! `tables` in each format.

use sprintgate::cli::tables::{csv, markdown, mermaid, sql};
use sprintgate::domain::law::{MACHINES, law};
use sprintgate::domain::machine::Edge;

use super::home::Home;

const TOY: &[Edge] = &[
    Edge { machine: "attempt", from: "A", event: "go", to: "B" },
    Edge { machine: "attempt", from: "A", event: "run", to: "B" },
];

#[test]
fn one_edge_a_line() {
    assert_eq!(csv(TOY), "machine,from,event,to\nattempt,A,go,B\nattempt,A,run,B\n");
    assert_eq!(
        sql(TOY),
        "INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES\n    \
         ('attempt', 'A', 'go', 'B'),\n    ('attempt', 'A', 'run', 'B');\n"
    );
    assert_eq!((csv(&[]).as_str(), sql(&[]).as_str()), ("machine,from,event,to\n", ""));
}

#[test]
fn the_job_machine_as_a_matrix() {
    let law: Vec<Edge> = law().into_iter().filter(|edge| edge.machine == "job").collect();
    insta::assert_snapshot!(markdown(&law), @"
    ## job

    | from \\ to     | QUEUED          | CLAIMED | RUNNING | DONE   | FAILED                | CANCELLED    |
    | ------------- | --------------- | ------- | ------- | ------ | --------------------- | ------------ |
    | **QUEUED**    | ·               | claim   | ·       | ·      | ·                     | cancel       |
    | **CLAIMED**   | release, expire | ·       | start   | finish | fail, release, expire | cancel, skip |
    | **RUNNING**   | release, expire | ·       | ·       | finish | fail, release, expire | cancel, skip |
    | **DONE**      | ·               | ·       | ·       | ·      | ·                     | ·            |
    | **FAILED**    | ·               | ·       | ·       | ·      | ·                     | ·            |
    | **CANCELLED** | ·               | ·       | ·       | ·      | ·                     | ·            |
    ");
}

#[test]
fn a_diagram_names_every_edge() {
    let text = mermaid(&law());
    for Edge { from, event, to, .. } in law() {
        assert!(text.contains(&format!("    {from} --> {to}: {event}\n")));
    }
    assert_eq!(text.matches("stateDiagram-v2").count(), MACHINES.len());
}

#[test]
fn the_program_prints_the_same() {
    let home = Home::new();
    assert_eq!(home.run(&["tables"]).ok(), markdown(&law()));
    assert_eq!(home.run(&["tables", "--format", "csv"]).ok(), csv(&law()));
    assert_eq!(home.run(&["tables", "--format", "sql"]).ok(), sql(&law()));
    assert_eq!(home.run(&["tables", "--format", "mermaid"]).ok(), mermaid(&law()));
    assert_eq!(home.run(&["tables", "--json"]).json().as_array().unwrap().len(), law().len());
    let pbi = home.run(&["tables", "--machine", "pbi", "--format", "json"]).json();
    assert!(pbi.as_array().unwrap().iter().all(|edge| edge["machine"] == "pbi"));
}
