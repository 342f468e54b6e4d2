//! Bad input through the real program: each with its exit status and its code, and never a panic.

use std::fs;

use super::home::{Home, answer, write};

const ID: &str = "0199c0ffee0199c0ffee0199c0ffee01";

#[test]
fn bad_arguments() {
    let home = Home::with_product();
    let huge = "x".repeat(100_000);
    let huge_value = format!("--reason={huge}");
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    let cases: &[(&[&str], i32, &str)] = &[
        (&["fly"], 2, "USAGE"),
        (&["job"], 2, "no error"),
        (&["job", "show"], 2, "USAGE"),
        (&["job", "show", ""], 2, "USAGE"),
        (&["job", "show", "../etc/passwd"], 2, "USAGE"),
        (&["job", "show", "ABCDEF"], 2, "USAGE"),
        (&["job", "show", "a\u{1b}[31m"], 2, "USAGE"),
        (&["job", "show", "\u{202e}abcdef"], 2, "USAGE"),
        (&["job", "show", &huge], 2, "USAGE"),
        (&["job", "show", ID], 1, "NOT_FOUND"),
        (&["job", "show", "c0ffee"], 1, "NOT_FOUND"),
        (&["job", "cancel", ID, &huge_value], 1, "VALIDATION_ERROR"),
        (&["job", "cancel", ID], 1, "NOT_FOUND"),
        (&["explain", ID], 1, "NOT_FOUND"),
        (&["cascade"], 2, "no error"),
        (&["cascade", "plan"], 2, "USAGE"),
        (&["cascade", "plan", "../etc/passwd"], 2, "USAGE"),
        (&["cascade", "plan", ID], 1, "NOT_FOUND"),
        (&["cascade", "plan", "c0ffee"], 1, "NOT_FOUND"),
        (&["job", "list", "--status", "sleeping"], 2, "USAGE"),
        (&["job", "list", "--limit", "0"], 2, "USAGE"),
        (&["job", "list", "--limit", "1001"], 2, "USAGE"),
        (&["job", "list", "--limit", "-1"], 2, "USAGE"),
        (&["job", "list", "--limit", "99999999999999999999"], 2, "USAGE"),
        (&["job", "list", "--run", "A B"], 2, "USAGE"),
        (&["job", "list", "--product", "none"], 1, "NOT_FOUND"),
        (&["job", "list", "--product", &huge], 1, "NOT_FOUND"),
        (&["sprint", "start", "--product", "none"], 1, "NOT_FOUND"),
        (&["sprint", "start", "--sprint", ID], 1, "NOT_FOUND"),
        (&["sprint", "start", "--sprint", ID, "--goal", "x"], 2, "USAGE"),
        (&["sprint", "start", "--pbi", "PBI-99"], 1, "NOT_FOUND"),
        (&["sprint", "start"], 1, "RUN_BLOCKED"),
        (&["product", "add", ""], 1, "VALIDATION_ERROR"),
        (&["product", "add", &huge], 1, "VALIDATION_ERROR"),
        (&["product", "add", "a\u{1b}b"], 1, "VALIDATION_ERROR"),
        (&["product", "add", "B", "--pr-strategy", "none"], 2, "USAGE"),
        (&["import", "none.md"], 1, "IO"),
        (&["import", "."], 1, "IO"),
        (&["import", "/dev/null"], 1, "VALIDATION_ERROR"),
        (&["tables", "--machine", "tractor"], 2, "USAGE"),
        (&["tables", "--format", "pdf"], 2, "USAGE"),
        (&["call", "check_queue_empty", "[]"], 2, "BAD_ARGUMENT"),
        (&["call", "check_queue_empty", "{"], 2, "BAD_ARGUMENT"),
        (&["call", "check_queue_empty", &deep], 2, "BAD_ARGUMENT"),
        (&["call", "no_such_tool"], 1, "MCP_FAILED"),
        (&["runner", "--once", "--pass-env", "GITHUB_TOKEN"], 2, "BAD_ARGUMENT"),
        (&["runner", "--once", "--pass-env", "SPRINTGATE_TOKEN"], 2, "BAD_ARGUMENT"),
        (&["runner", "--once", "--agent", ""], 2, "BAD_ARGUMENT"),
        (&["job", "list", "--database", ""], 2, "USAGE"),
        (&["job", "list", "--database", "none.db"], 3, "NOT_INITIALISED"),
        (&["job", "list", "--database", "postgres:localhost/x"], 2, "CONFIG_INVALID"),
        (&["job", "list", "--database", "/dev/null/x.db"], 4, "DATABASE_FAILED"),
        (&["job", "list", "--database", "clones"], 4, "DATABASE_FAILED"),
    ];
    for (args, status, code) in cases {
        let answer = home.run(args);
        let shown: Vec<String> = args.iter().map(|arg| arg.chars().take(60).collect()).collect();
        assert_eq!((answer.status, answer.code()), (*status, *code), "{shown:?}: {}", answer.stderr);
        assert_eq!(answer.stdout, "", "{shown:?}");
        assert!(!answer.stderr.contains('\x1b') && !answer.stderr.contains('\u{202e}'), "{shown:?}");
        assert!(answer.stderr.len() < 5_000, "{shown:?}: {} bytes", answer.stderr.len());
    }
}

#[test]
fn bad_plans() {
    let home = Home::with_product();
    let too_many =
        format!("---\npbi:\n  title: A\n  priority: 1\nstories: [{}]\n---\n", "{},".repeat(10_000));
    let cases: &[(&str, String, i32, &str)] = &[
        ("nothing", String::new(), 1, "VALIDATION_ERROR"),
        ("no front matter", "hello".into(), 1, "VALIDATION_ERROR"),
        ("no end", "---\npbi:\n".into(), 1, "VALIDATION_ERROR"),
        ("no YAML", "---\n{[\n---\n".into(), 1, "VALIDATION_ERROR"),
        (
            "no stories",
            "---\npbi:\n  title: A\n  priority: 1\nstories: []\n---\n".into(),
            1,
            "VALIDATION_ERROR",
        ),
        ("empty stories", too_many, 1, "VALIDATION_ERROR"),
        ("aliases", format!("---\na: &a [x]\nb: [{}]\n---\n", "*a,".repeat(50_000)), 1, "VALIDATION_ERROR"),
        ("depth", format!("---\na: {}\n---\n", "[".repeat(50_000)), 1, "VALIDATION_ERROR"),
        ("NUL", "---\n\0\n---\n".into(), 1, "VALIDATION_ERROR"),
        ("1 MiB and a byte", " ".repeat(1024 * 1024 + 1), 2, "BAD_ARGUMENT"),
    ];
    for (name, plan, status, code) in cases {
        let answer = home.run_with(&["import", "-"], plan);
        assert_eq!((answer.status, answer.code()), (*status, *code), "{name}: {}", answer.stderr);
    }
    fs::write(home.path().join("latin1.md"), b"---\n\xe9\n---\n").unwrap();
    home.run(&["import", "latin1.md"]).refused(2, "BAD_ARGUMENT");
    assert_eq!(home.run(&["job", "list", "--json"]).json(), serde_json::json!([]));
}

#[test]
fn without_init_nothing_runs_and_nothing_is_made() {
    let home = Home::new();
    for args in [
        &["product", "list"][..],
        &["board"],
        &["job", "list"],
        &["sprint", "start"],
        &["audit", "verify"],
        &["audit", "replay", ID],
        &["audit", "tail"],
        &["audit", "checkpoint"],
        &["audit", "export", "bundle"],
        &["sweep"],
        &["worktree", "list"],
        &["worktree", "clean"],
        &["call", "health"],
        &["mcp"],
        &["explain", ID],
        &["cascade", "plan", ID],
    ] {
        home.run(args).refused(3, "NOT_INITIALISED");
    }
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_file_that_is_no_database_is_not_available() {
    let home = Home::ready();
    let other = home.path().join("garbage.db");
    write(&other, &"no database ".repeat(1000), 0o600);
    home.run(&["job", "list", "--database", "garbage.db"]).refused(4, "DATABASE_FAILED");
    assert!(fs::read_to_string(other).unwrap().starts_with("no database"));
}

#[test]
fn a_token_that_the_database_does_not_know_is_refused() {
    let home = Home::ready();
    let mut command = home.command(&["job", "list"]);
    command.env("SPRINTGATE_TOKEN", "sg_of_elsewhere");
    answer(command, "").refused(3, "UNAUTHENTICATED");
}

#[test]
fn an_error_is_one_json_object_where_that_was_asked_for() {
    let home = Home::with_product();
    for (args, code) in [
        (&["--json", "job", "show", "../x"][..], "USAGE"),
        (&["job", "show", ID, "--json"], "NOT_FOUND"),
        (&["sprint", "start", "--json"], "RUN_BLOCKED"),
        (&["job", "--json"], "USAGE"),
    ] {
        let answer = home.run(args);
        let json: serde_json::Value = serde_json::from_str(&answer.stderr).unwrap();
        assert_eq!(json["error"]["code"], code, "{}", answer.stderr);
        assert!(!json["error"]["message"].as_str().unwrap().is_empty());
        assert_eq!(answer.stdout, "");
    }
}

#[test]
fn a_log_filter_that_is_none_is_refused() {
    let home = Home::new();
    let mut command = home.command(&["tables"]);
    command.env("SPRINTGATE_LOG", "a=b=c");
    answer(command, "").refused(2, "USAGE");
}
