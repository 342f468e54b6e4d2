//! `tables` in each format.

use serde_json::Value;
use sprintgate::cli::tables::{csv, dot, json, markdown, mermaid, page, sql, svg};
use sprintgate::domain::law::{MACHINES, Machine, Meaning, Words, law, machines};
use sprintgate::domain::machine::{Edge, Who};

use super::home::Home;

/// Two edges, one of them with a clause.
fn toy() -> Machine {
    let meaning = |word| Meaning { word, meaning: "It is so." };
    Machine {
        name: "toy",
        table: "toys",
        about: "A toy.",
        states: ["A", "B"].map(meaning).to_vec(),
        events: ["go", "run"].map(meaning).to_vec(),
        born: vec!["A"],
        edges: ["go", "run"].map(|event| Edge { machine: "toy", from: "A", event, to: "B" }).to_vec(),
        clauses: vec![Words {
            event: "go",
            to: "B",
            by_move: "go_on",
            who: vec![Who::Person, Who::Server],
            when: "it is said \"go\", twice",
            writes: "the time",
            emits: "nothing",
        }],
    }
}

#[test]
fn one_edge_a_line() {
    let header = "machine,from,event,to,who,by_move,when,writes,emits\n";
    assert_eq!(
        csv(&[toy()]),
        format!(
            "{header}toy,A,go,B,person server,go_on,\"it is said \"\"go\"\", twice\",the time,nothing\n\
             toy,A,run,B,,,,,\n"
        )
    );
    assert_eq!(
        sql(&[toy()]),
        "INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES\n    \
         ('toy', 'A', 'go', 'B'),\n    ('toy', 'A', 'run', 'B');\n"
    );
    assert_eq!((csv(&[]).as_str(), sql(&[]).as_str()), (header, ""));
}

#[test]
fn a_graph() {
    insta::assert_snapshot!(dot(&[toy()]), @r#"
    digraph transitions {
        rankdir=TB;
        node [shape=box, style=rounded];
        subgraph "cluster_toy" {
            label="toy";
            "toy.A" [label="A"];
            "toy.B" [label="B", peripheries=2];
            "toy.*A" [shape=point];
            "toy.*A" -> "toy.A";
            "toy.A" -> "toy.B" [label="go"];
            "toy.A" -> "toy.B" [label="run"];
        }
    }
    "#);
}

#[test]
fn a_section_of_the_page() {
    let page = page(&[toy()]);
    insta::assert_snapshot!(page.split_once("\n## toy\n").unwrap().1, @r#"

    A toy. Its state is the `status` of a row of `toys`. Born `A`; ends `B`.

    ![The states of toy and the events between them](transitions/toy.svg)

    | state | meaning   |
    | ----- | --------- |
    | `A`   | It is so. |
    | `B`   | It is so. |

    | event | meaning   |
    | ----- | --------- |
    | `go`  | It is so. |
    | `run` | It is so. |

    | from \ to | A | B       |
    | --------- | - | ------- |
    | **A**     | · | go, run |
    | **B**     | · | ·       |

    **go** to `B` from `A`, by a person or the server (`go_on`)
    - when it is said "go", twice
    - writes the time
    - emits nothing

    **run** to `B` from `A`.


    <details><summary>As Mermaid</summary>

    ```mermaid
    stateDiagram-v2
        [*] --> A
        A --> B: go
        A --> B: run
        B --> [*]
    ```

    </details>
    "#);
}

#[test]
fn what_is_derived_is_said_to_be() {
    let derived: Vec<&str> = machines().iter().filter(|m| m.is_derived()).map(|m| m.name).collect();
    assert_eq!(derived, ["story", "pbi", "sprint"]);
    assert_eq!(page(&machines()).matches("**Derived**").count(), 3);
}

#[test]
fn the_job_machine_as_a_matrix() {
    let law: Vec<Machine> = machines().into_iter().filter(|machine| machine.name == "job").collect();
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
fn a_diagram_names_every_edge_and_birth() {
    let (text, graph, page) = (mermaid(&machines()), dot(&machines()), page(&machines()));
    for Edge { machine, from, event, to } in law() {
        assert!(text.contains(&format!("    {from} --> {to}: {event}\n")));
        assert!(graph.contains(&format!("\"{machine}.{from}\" -> \"{machine}.{to}\" [label=\"{event}\"];")));
    }
    for machine in machines() {
        for born in &machine.born {
            assert!(text.contains(&format!("    [*] --> {born}\n")));
        }
        for clause in &machine.clauses {
            assert!(page.contains(&format!("\n- when {}\n", clause.when)));
        }
    }
    assert_eq!(text.matches("stateDiagram-v2").count(), MACHINES.len());
}

#[test]
fn the_program_prints_the_same() {
    let home = Home::new();
    let law = machines();
    let pbi = law.iter().find(|machine| machine.name == "pbi").cloned().unwrap();
    assert_eq!(home.run(&["tables"]).ok(), markdown(&law));
    for (format, text) in [
        ("csv", csv(&law)),
        ("sql", sql(&law)),
        ("mermaid", mermaid(&law)),
        ("dot", dot(&law)),
        ("json", json(&law).unwrap()),
    ] {
        assert_eq!(home.run(&["tables", "--format", format]).ok(), text);
    }
    assert_eq!(home.run(&["tables", "--json"]).ok(), json(&law).unwrap());
    assert_eq!(home.run(&["tables", "--machine", "pbi", "--format", "svg"]).ok(), svg(&pbi));
    home.run(&["tables", "--format", "svg"]).refused(2, "BAD_ARGUMENT");
    let one: Value = home.run(&["tables", "--machine", "pbi", "--format", "json"]).json();
    assert_eq!((&one["format"], &one["machines"][0]["name"]), (&Value::from(1), &Value::from("pbi")));
    assert_eq!(one["machines"].as_array().unwrap().len(), 1);
    assert_eq!(one["machines"][0]["transitions"].as_array().unwrap().len(), pbi.edges.len());
}
