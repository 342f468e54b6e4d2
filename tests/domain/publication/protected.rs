//! Paths that only people merge, by hand.

use sprintgate::domain::publication::{Protected, held_back, held_back_marker, protects};

#[test]
fn paths_by_hand() {
    use Protected::{Agents, Checks, Hooks};
    for (path, want) in [
        (".github/workflows/build.yml", Some(Checks)),
        (".github/actions/setup/action.yml", Some(Checks)),
        (".github/CODEOWNERS", Some(Checks)),
        ("docs/CODEOWNERS", Some(Checks)),
        (".forgejo/workflows/build.yaml", Some(Checks)),
        (".gitea/workflows/build.yaml", Some(Checks)),
        (".gitlab-ci.yml", Some(Checks)),
        (".woodpecker/build.yml", Some(Checks)),
        ("Jenkinsfile", Some(Checks)),
        // A folder that becomes a link or a submodule is a path of its own.
        (".github", Some(Checks)),
        (".husky/pre-commit", Some(Hooks)),
        ("web/.husky/pre-commit", Some(Hooks)),
        (".githooks/post-checkout", Some(Hooks)),
        (".pre-commit-config.yaml", Some(Hooks)),
        (".vscode/tasks.json", Some(Hooks)),
        (".devcontainer/devcontainer.json", Some(Hooks)),
        (".envrc", Some(Hooks)),
        (".gitmodules", Some(Hooks)),
        (".claude/settings.json", Some(Agents)),
        (".claude/hooks/stop.sh", Some(Agents)),
        ("shop/.claude/settings.local.json", Some(Agents)),
        (".mcp.json", Some(Agents)),
        ("shop/.mcp.json", Some(Agents)),
        ("CLAUDE.md", Some(Agents)),
        ("shop/AGENTS.md", Some(Agents)),
        (".cursor/mcp.json", Some(Agents)),
        // Other spellings of the same name.
        (".GitHub/Workflows/build.yml", Some(Checks)),
        (".git\u{200c}hub/workflows/build.yml", Some(Checks)),
        (".github./workflows/build.yml", Some(Checks)),
        (".github /workflows/build.yml", Some(Checks)),
        (".github::$INDEX_ALLOCATION/workflows/build.yml", Some(Checks)),
        (".github\\workflows\\build.yml", Some(Checks)),
        ("./.github/workflows/build.yml", Some(Checks)),
        (".cur\u{17f}or/mcp.json", Some(Agents)),
        (".hus\u{212a}y/pre-commit", Some(Hooks)),
        ("claude.MD", Some(Agents)),
        // What only resembles.
        ("", None),
        ("src/main.rs", None),
        ("src/hooks/use_cart.ts", None),
        ("src/github/workflows.rs", None),
        ("docs/.github.md", None),
        ("docs/claude.rst", None),
        ("web/.gitlab-ci.yml", None),
        ("src/Jenkinsfile/mod.rs", None),
        (".gitignore", None),
        (".githubx/a", None),
        ("mcp.json", None),
        ("agents/pay.rs", None),
    ] {
        assert_eq!(protects(path), want, "{path:?}");
    }
}

#[test]
fn the_comment_names_each_path_once_and_nobody() {
    let id = "publication-1".parse().unwrap();
    let paths = [".mcp.json", ".github/workflows/@ann #1 <b>.yml", ".mcp.json"];
    let text = held_back(&paths, &id);
    let list: Vec<&str> = text.lines().filter(|line| line.starts_with("- ")).collect();
    assert_eq!(list, ["- .github/workflows/@\u{200b}ann #\u{200b}1 &lt;b&gt;.yml", "- .mcp.json"]);
    assert!(text.ends_with(&format!("\n\n{}\n", held_back_marker(&id))), "{text}");
    assert_eq!(held_back_marker(&id), "<!-- sprintgate:held-back:publication-1 -->");
}

#[test]
fn a_long_list_is_counted() {
    let id = "publication-1".parse().unwrap();
    let paths: Vec<String> = (0..22).map(|n| format!(".github/{n:02}{}", "a".repeat(300))).collect();
    let shown =
        |count: usize| held_back(&paths.iter().take(count).map(String::as_str).collect::<Vec<_>>(), &id);
    let lines = |text: &str| text.lines().filter(|line| line.starts_with("- ")).count();
    assert_eq!((lines(&shown(20)), lines(&shown(21)), lines(&shown(22))), (20, 21, 21));
    assert!(!shown(20).contains(" more"));
    assert!(shown(21).contains("\n- and 1 more\n") && shown(22).contains("\n- and 2 more\n"));
    assert!(shown(22).contains(&format!("- .github/00{}…\n", "a".repeat(190))), "{}", shown(1));
}
