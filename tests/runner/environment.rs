//! What agents find in their environment.

use std::collections::BTreeMap;

use sprintgate::runner::{PASSED, Refused, allowed};

use crate::cli::home::{Home, answer};

const CANARY: &str = "canary-5e1f";
const PLAN: &str = "---\npbi: {title: P, priority: 1}\nstories:\n- title: S\n  priority: 1\n  tasks:\n  - {title: T, priority: 1, implementation_plan: \"`a.txt`\"}\n---\n";

#[test]
fn an_agent_gets_what_is_named_and_nothing_else() {
    let home = Home::with_product();
    home.run_with(&["import", "-"], PLAN).ok();
    home.run(&["sprint", "start"]).ok();
    let seen = home.path().join("seen");
    let script = format!("env -0 > {}; cat /proc/self/environ > {0}.proc", seen.display());
    let mut runner = home.command(&["runner", "--once", "--wait-seconds", "0", "--pass-env", "MODEL_KEY"]);
    runner.args(["--agent", "sh", "-c", &script]);
    for name in ["CANARY", "GH_TOKEN", "DATABASE_URL", "SSH_AUTH_SOCK", "LD_LIBRARY_PATH", "GIT_DIR"] {
        runner.env(name, CANARY);
    }
    runner.env("SPRINTGATE_WHATEVER", CANARY).env("SCRUM4ME_WHATEVER", CANARY);
    runner.env("MODEL_KEY", "k").env("LANG", "C.UTF-8");
    assert_eq!(answer(runner, "").status, 0);

    let text = std::fs::read_to_string(&seen).unwrap();
    let found: BTreeMap<&str, &str> =
        text.split_terminator('\0').filter_map(|pair| pair.split_once('=')).collect();
    let own =
        ["ATTEMPT", "JOB_ID", "PAYLOAD", "SOCKET", "TOKEN", "WORKTREE"].map(|n| format!("SPRINTGATE_{n}"));
    // what the shell itself adds
    let shell = ["PWD", "OLDPWD", "SHLVL", "_"];
    for name in found.keys() {
        let known = PASSED.contains(name)
            || own.iter().any(|own| own == name)
            || shell.contains(name)
            || *name == "MODEL_KEY";
        assert!(known, "{name}");
    }
    assert_eq!((found.get("MODEL_KEY"), found.get("LANG")), (Some(&"k"), Some(&"C.UTF-8")));
    assert!(own.iter().all(|name| found.contains_key(name.as_str())), "{found:?}");
    assert_eq!(found["PWD"], found["SPRINTGATE_WORKTREE"]);
    for file in [seen.clone(), seen.with_extension("proc")] {
        assert!(!std::fs::read_to_string(&file).unwrap().contains(CANARY), "{}", file.display());
    }
    // the runner's own token opens everything of its user; the agent's is another, for its attempt
    assert_ne!(found["SPRINTGATE_TOKEN"], home.token());
}

#[test]
fn what_may_be_passed_on() {
    let table = [
        ("ANTHROPIC_API_KEY", Ok(())),
        ("http_proxy", Ok(())),
        ("SPRINTGATE_TOKEN", Err(Refused::Own)),
        ("sprintgate_database", Err(Refused::Own)),
        ("SCRUM4ME_TOKEN", Err(Refused::Own)),
        ("DATABASE_URL", Err(Refused::Credential)),
        ("GITHUB_TOKEN", Err(Refused::Credential)),
        ("gh_token", Err(Refused::Credential)),
        ("FORGEJO_TOKEN", Err(Refused::Credential)),
        ("SSH_AUTH_SOCK", Err(Refused::Credential)),
        ("", Err(Refused::Malformed)),
        ("A=B", Err(Refused::Malformed)),
        ("A\0", Err(Refused::Malformed)),
    ];
    for (name, wanted) in table {
        assert_eq!(allowed(name), wanted, "{name}");
    }
}
