//! The help of every command, as people read it.

use super::home::Home;

#[test]
fn help_of_every_command() {
    let home = Home::new();
    let commands: &[&[&str]] = &[
        &[],
        &["init"],
        &["mcp"],
        &["product", "add"],
        &["product", "list"],
        &["import"],
        &["sprint", "start"],
        &["sprint", "resume"],
        &["job", "list"],
        &["job", "show"],
        &["job", "cancel"],
        &["call"],
        &["tables"],
        &["tables", "diff"],
        &["explain"],
        &["cascade", "plan"],
        &["audit", "verify"],
        &["audit", "replay"],
        &["audit", "tail"],
        &["audit", "checkpoint"],
        &["audit", "export"],
        &["events"],
        &["events", "tail"],
        &["events", "consumers"],
        &["events", "prune"],
        &["events", "forget"],
        &["db"],
        &["db", "status"],
        &["db", "migrate"],
        &["db", "backup"],
        &["db", "check"],
        &["db", "copy"],
        &["board"],
        &["sweep"],
        &["worktree", "list"],
        &["worktree", "clean"],
        &["salvage"],
        &["salvage", "list"],
        &["salvage", "show"],
        &["salvage", "restore"],
        &["salvage", "prune"],
        &["selftest"],
    ];
    let mut text = String::new();
    for command in commands {
        let args: Vec<&str> = command.iter().copied().chain(["--help"]).collect();
        text.push_str(&format!("$ sprintgate {}\n{}\n", args.join(" "), home.run(&args).ok()));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("cli_help", text));
}

#[test]
fn version_and_help_go_to_stdout() {
    let home = Home::new();
    assert_eq!(home.run(&["--version"]).ok(), format!("sprintgate {}\n", env!("CARGO_PKG_VERSION")));
    let bare = home.run(&[]);
    assert_eq!((bare.status, bare.stdout.as_str()), (2, ""));
    assert!(bare.stderr.contains("Usage: sprintgate"));
}
