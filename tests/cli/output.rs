//! What is printed is safe to show, and nobody minds a reader that leaves.

use std::process::Stdio;

use super::home::Home;

/// A plan whose words would paint, move or hide.
const PLAN: &str = "---
pbi: {title: \"P\\e[31m\\u202e\", priority: 1}
stories:
  - title: \"S\\u0007\\u009b2J\"
    priority: 1
    tasks:
      - {title: \"T\\u200b\\u2066\", priority: 1, implementation_plan: \"Change a.rs\"}
---
";

fn is_safe(text: &str) -> bool {
    text.chars().all(|c| {
        c == '\n'
            || !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}')
    })
}

#[test]
fn words_of_agents_do_not_act_on_the_terminal() {
    let home = Home::with_product();
    // whether such words come in at all is for the use cases to decide; what is in is shown as escapes
    let imported = home.run_with(&["import", "-"], PLAN);
    assert!(is_safe(&imported.stdout) && is_safe(&imported.stderr));
    if imported.status != 0 {
        return;
    }
    assert!(imported.stdout.contains(r"P\u{1b}[31m\u{202e}"), "{}", imported.stdout);
    home.run(&["sprint", "start"]).ok();
    for args in [&["board"][..], &["job", "list"], &["board", "--json"], &["job", "list", "--json"]] {
        assert!(is_safe(&home.run(args).ok()), "{args:?}");
    }
}

#[test]
fn empty_lists_say_what_to_do() {
    let home = Home::ready();
    for (args, words) in [
        (&["product", "list"][..], "sprintgate product add"),
        (&["job", "list"], "sprintgate sprint start"),
        (&["job", "list", "--status", "done"], "without filters"),
        (&["board"], "sprintgate import"),
        (&["sweep"], "No job was stale"),
        (&["worktree", "clean"], "no worktrees"),
        (&["worktree", "list"], "no worktrees"),
        (&["salvage", "list"], "Nothing is kept"),
        (&["salvage", "prune"], "nothing to let go of"),
        (&["audit", "verify"], "The ledger holds: 0 rows"),
        (&["audit", "checkpoint"], "No row was without a checkpoint"),
    ] {
        let text = home.run(args).ok();
        assert!(text.contains(words), "{args:?}: {text}");
    }
}

#[test]
fn a_reader_that_leaves_ends_the_program_quietly() {
    let home = Home::new();
    let mut child = home.command(&["tables"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert_eq!((out.status.code(), out.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn nothing_is_coloured_for_a_file() {
    let home = Home::new();
    let refused = home.run(&["job", "list"]);
    assert_eq!(
        refused.stderr,
        "error[NOT_INITIALISED]: there is no access token\nhint: run `sprintgate init`\n"
    );
}
