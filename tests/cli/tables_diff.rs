//! `tables diff`: what one law has and another has not.

use std::fs;

use proptest::prelude::*;
use sprintgate::cli::tables::diff::{Change, Clause, Edge, Facts, Law, Machine, Word, diff, read, text};
use sprintgate::cli::tables::json;
use sprintgate::domain::law::machines;

use super::home::Home;

fn current() -> Law {
    read(&json(&machines()).unwrap()).unwrap()
}

fn facts(law: &Law) -> Facts {
    Facts::try_from(law).unwrap()
}

fn machine<'a>(law: &'a mut Law, name: &str) -> &'a mut Machine {
    law.machines.iter_mut().find(|machine| machine.name == name).unwrap()
}

/// This law as an older release might have had it.
fn older() -> Law {
    let mut law = current();
    law.machines.retain(|machine| machine.name != "worker");
    let job = machine(&mut law, "job");
    job.transitions.retain(|edge| edge.event != "skip");
    job.clauses.retain(|clause| clause.event != "skip");
    job.events.retain(|event| event.word != "skip");
    job.born.push("CLAIMED".to_owned());
    let start = job.clauses.iter_mut().find(|clause| clause.event == "start").unwrap();
    start.when = "it likes to".to_owned();
    start.who = vec!["person".to_owned(), "worker".to_owned()];
    law
}

#[test]
fn told_to_people() {
    let (older, current) = (facts(&older()), facts(&current()));
    let changes: Vec<Change> =
        diff(&older, &current).into_iter().filter(|change| change.machine == "job").collect();
    insta::assert_snapshot!(text(&changes), @"
    job
      + event skip: The worker found nothing to do.
      - birth CLAIMED
      + edge CLAIMED -skip-> CANCELLED
      + edge RUNNING -skip-> CANCELLED
      + clause skip to CANCELLED
          move: skip
          who: worker
          when: the caller's attempt holds a job of one task, and gives a reason of at least 10 characters
          writes: the cause `skipped` and the reason; the task is put back, no cascade
          emits: claude_job_status cancelled
      ~ clause start to RUNNING
          who: - person worker
          who: + worker
          when: - it likes to
          when: + the caller's attempt holds the job
    4 new, 1 gone, 1 changed
    ");
}

#[test]
fn a_machine_that_comes_is_told_whole() {
    let changes = diff(&facts(&older()), &facts(&current()));
    let worker = machines().into_iter().find(|machine| machine.name == "worker").unwrap();
    let new = changes.iter().filter(|change| change.machine == "worker" && change.before.is_none()).count();
    let words = worker.states.len() + worker.events.len() + worker.born.len();
    assert_eq!(new, 1 + words + worker.edges.len() + worker.clauses.len());
    assert!(text(&changes).contains("\nworker\n  + machine\n      table: claude_workers\n"));
}

#[test]
fn order_is_no_difference() {
    let mut law = current();
    law.machines.reverse();
    for machine in &mut law.machines {
        machine.states.reverse();
        machine.transitions.reverse();
        machine.clauses.iter_mut().for_each(|clause| clause.who.reverse());
    }
    assert_eq!(diff(&facts(&law), &facts(&current())), []);
}

#[test]
fn the_program_says_by_its_status_whether_they_differ() {
    let home = Home::new();
    let file = |name: &str, law: &Law| {
        fs::write(home.path().join(name), serde_json::to_string(law).unwrap()).unwrap();
    };
    file("old.json", &older());
    file("now.json", &current());
    let same = home.run(&["tables", "diff", "now.json"]);
    assert_eq!((same.status, same.stdout.as_str()), (0, "The laws are the same.\n"));
    let other = home.run(&["tables", "diff", "old.json"]);
    assert_eq!(other.status, 1);
    assert_eq!(other.stdout, text(&diff(&facts(&older()), &facts(&current()))));
    assert_eq!(home.run(&["tables", "diff", "old.json", "now.json"]).stdout, other.stdout);
    let piped = home.run_with(&["tables", "diff", "-"], &serde_json::to_string(&older()).unwrap());
    assert_eq!((piped.status, piped.stdout), (1, other.stdout));
    let printed = home.run(&["tables", "diff", "now.json", "old.json", "--json"]);
    assert_eq!(printed.status, 1);
    let printed: serde_json::Value = serde_json::from_str(&printed.stdout).unwrap();
    let gone = serde_json::json!({
        "machine": "job", "what": "edge", "from": "CLAIMED", "event": "skip", "to": "CANCELLED",
        "before": { "legal": true }, "after": null,
    });
    assert_eq!(printed["equal"], false);
    assert!(printed["changes"].as_array().unwrap().contains(&gone), "{printed:#}");
}

#[test]
fn what_is_no_law_is_refused_with_a_reason() {
    let home = Home::new();
    let law = serde_json::to_value(current()).unwrap();
    let changed = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut law = law.clone();
        change(&mut law);
        law.to_string()
    };
    let cases = [
        ("", "is not a law"),
        ("{", "is not a law"),
        ("[]", "is not a law"),
        ("null", "is not a law"),
        ("{\"machines\": []}", "missing field `format`"),
        ("{\"format\": 1}", "missing field `machines`"),
        ("{\"format\": 1, \"format\": 1, \"machines\": []}", "duplicate field"),
        ("{\"format\": 2, \"states\": 7}", "of format 2, and this program reads format 1"),
        ("{\"format\": -1, \"machines\": []}", "is not a law"),
        (&changed(&|law| law["more"] = 1.into()), "unknown field `more`"),
        (&changed(&|law| law["machines"][0]["colour"] = "red".into()), "unknown field `colour`"),
        (&changed(&|law| law["machines"][0]["name"] = 7.into()), "invalid type"),
        (
            &changed(&|law| law["machines"][1] = law["machines"][0].clone()),
            "says twice what the job machine is",
        ),
        (&changed(&|law| law["machines"][0]["born"] = vec!["X"].into()), "does not list the job state X"),
        (
            &changed(&|law| law["machines"][0]["events"][0]["word"] = "x".into()),
            "does not list the job event claim",
        ),
        (&"[".repeat(100_000), "is not a law"),
    ];
    for (text, why) in cases {
        let answer = home.run_with(&["tables", "diff", "-"], text);
        answer.refused(2, "BAD_ARGUMENT");
        let stderr = answer.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(stderr.contains(why), "{stderr} has no {why}");
        assert_eq!(answer.stdout, "");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_not_a_difference() {
    let home = Home::new();
    fs::write(home.path().join("huge.json"), vec![b' '; 10 * 1024 * 1024 + 1]).unwrap();
    fs::write(home.path().join("bytes.json"), [0xff, 0xfe]).unwrap();
    fs::write(home.path().join("now.json"), json(&machines()).unwrap()).unwrap();
    for (file, why) in [
        ("huge.json", "larger than 10485760 bytes"),
        ("bytes.json", "not UTF-8"),
        ("none.json", "could not read none.json"),
        (".", "could not read ."),
    ] {
        for args in [&["tables", "diff", file][..], &["tables", "diff", "now.json", file]] {
            let answer = home.run(args);
            answer.refused(2, "BAD_ARGUMENT");
            assert!(answer.stderr.contains(why), "{}", answer.stderr);
        }
    }
    home.run(&["tables", "diff"]).refused(2, "USAGE");
    home.run(&["tables", "--format", "csv", "diff", "now.json"]).refused(2, "USAGE");
}

#[test]
fn a_law_of_another_cannot_act_on_the_terminal() {
    let mut law = current();
    machine(&mut law, "job").about = "\u{1b}[2Jgone\nnew line".to_owned();
    law.machines[1].name = "\u{1b}[31m".to_owned();
    let text = text(&diff(&facts(&current()), &facts(&law)));
    assert!(!text.contains('\u{1b}') && text.contains(r"\u{1b}[2Jgone\nnew line"), "{text}");
}

/// Laws of at most three machines with few words, so that two of them often share something.
fn laws() -> impl Strategy<Value = Law> {
    let texts = || prop::sample::select(vec!["", "a", "b, c", "d"]).prop_map(str::to_owned);
    let words = |all: &'static [&'static str]| {
        prop::collection::btree_map(prop::sample::select(all), texts(), 0..=all.len())
    };
    let one = (texts(), words(&["A", "B", "C"]), words(&["go", "stop"]), any::<[u64; 3]>(), texts());
    let one = one.prop_map(|(about, states, events, [births, edges, clauses], when)| {
        let has = |set: u64, number: usize| set >> (number % 64) & 1 == 1;
        let names: Vec<String> = states.keys().map(|word| (*word).to_owned()).collect();
        let moves = |from: &str| -> Vec<Edge> {
            let to = |event: &'static str| names.iter().map(move |to| (event, to.clone()));
            let edge =
                |(event, to): (&str, String)| Edge { from: from.to_owned(), event: event.to_owned(), to };
            events.keys().flat_map(|event| to(event)).map(edge).collect()
        };
        let all: Vec<Edge> = names.iter().flat_map(|from| moves(from)).collect();
        let clause = |edge: Edge| Clause {
            event: edge.event,
            to: edge.to,
            by_move: "it".to_owned(),
            who: vec!["server".to_owned()],
            when: when.clone(),
            writes: about.clone(),
            emits: String::new(),
        };
        let pick = |edges: Vec<Edge>, set: u64| -> Vec<Edge> {
            edges
                .into_iter()
                .enumerate()
                .filter(|(number, _)| has(set, *number))
                .map(|(_, edge)| edge)
                .collect()
        };
        let to_word =
            |(word, meaning): (&&str, &String)| Word { word: (*word).to_owned(), meaning: meaning.clone() };
        Machine {
            name: String::new(),
            table: "t".to_owned(),
            about: about.clone(),
            states: states.iter().map(to_word).collect(),
            events: events.iter().map(to_word).collect(),
            born: names
                .iter()
                .enumerate()
                .filter(|(n, _)| has(births, *n))
                .map(|(_, name)| name.clone())
                .collect(),
            transitions: pick(all, edges),
            clauses: names
                .first()
                .map(|from| pick(moves(from), clauses).into_iter().map(clause).collect())
                .unwrap_or_default(),
        }
    });
    prop::collection::btree_map(prop::sample::select(vec!["x", "y", "z"]), one, 0..=3).prop_map(|machines| {
        let named = machines.into_iter().map(|(name, machine)| Machine { name: name.to_owned(), ..machine });
        Law { format: 1, machines: named.collect() }
    })
}

proptest! {
    #[test]
    fn a_law_does_not_differ_from_itself(a in laws()) {
        prop_assert_eq!(diff(&facts(&a), &facts(&a)), []);
    }

    #[test]
    fn seen_from_the_other_side_everything_is_the_other_way_round(a in laws(), b in laws()) {
        let back = diff(&facts(&b), &facts(&a)).into_iter();
        let back: Vec<_> =
            back.map(|it| Change { before: it.after, after: it.before, ..it }).collect();
        prop_assert_eq!(diff(&facts(&a), &facts(&b)), back);
    }

    #[test]
    fn the_old_law_with_the_changes_is_the_new_one(a in laws(), b in laws()) {
        let (mut old, new) = (facts(&a), facts(&b));
        for Change { machine, fact, before, after } in diff(&old, &new) {
            let key = (machine, fact);
            prop_assert_eq!(old.0.get(&key), before.as_ref());
            match after {
                Some(after) => drop(old.0.insert(key, after)),
                None => drop(old.0.remove(&key)),
            }
        }
        prop_assert_eq!(old, new);
    }

    #[test]
    fn whatever_is_read_is_a_law_or_a_reason(text in "\\PC*") {
        if let Ok(law) = read(&text) {
            prop_assert_eq!(law.format, 1);
        }
    }

    #[test]
    fn a_law_is_read_as_it_was_written(a in laws()) {
        prop_assert_eq!(read(&serde_json::to_string(&a).unwrap()).unwrap(), a);
    }
}
