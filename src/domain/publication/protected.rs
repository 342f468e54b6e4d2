//! Paths whose change only a person merges: what runs with rights that the agent itself was not given.

use super::quote::quote_line;
use super::visible::is_hidden;
use crate::domain::id::PullRequestId;

/// Paths that a comment names.
const SHOWN_MAX: usize = 20;
/// Characters of a path that a comment shows.
const PATH_MAX: usize = 200;

/// What a path decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protected {
    /// Which checks run at the forge, with which secrets, and who has to review.
    Checks,
    /// What runs on the machines of people when they commit, check out or open the folder.
    Hooks,
    /// What agents may do, and what they are told.
    Agents,
}

/// What each name decides, whether it is a folder or a file. The first table is of names that are read in any folder.
const NAMES: &[(Protected, &[&str])] = &[
    (Protected::Checks, &[".github", ".forgejo", ".gitea", "codeowners"]),
    (Protected::Hooks, &[".githooks", ".husky", ".vscode", ".devcontainer", ".envrc"]),
    (
        Protected::Agents,
        &[
            ".claude",
            "claude.md",
            "claude.local.md",
            ".mcp.json",
            "agents.md",
            "agents.override.md",
            ".codex",
            ".cursor",
            ".cursorrules",
            ".gemini",
            "gemini.md",
            ".windsurf",
            ".windsurfrules",
            ".aider.conf.yml",
            ".clinerules",
            ".continue",
            ".agents",
        ],
    ),
];

/// Names that are read at the top only.
const TOP: &[(Protected, &[&str])] = &[
    (
        Protected::Checks,
        &[
            ".gitlab-ci.yml",
            ".circleci",
            ".woodpecker",
            ".woodpecker.yml",
            ".woodpecker.yaml",
            ".drone.yml",
            ".travis.yml",
            "azure-pipelines.yml",
            "bitbucket-pipelines.yml",
            "jenkinsfile",
        ],
    ),
    (
        Protected::Hooks,
        &[
            ".pre-commit-config.yaml",
            ".pre-commit-config.yml",
            "lefthook.yml",
            "lefthook.yaml",
            ".lefthook.yml",
            ".lefthook.yaml",
            ".lefthook",
            ".gitmodules",
        ],
    ),
];

/// What a changed path decides, if its change is for people to merge. The path is as git shows it, from the top of the
/// repository; of a file that was moved both paths count. Spellings that some system takes for the same name are the same.
///
/// ```
/// use sprintgate::domain::publication::{Protected, protects};
///
/// assert_eq!(protects(".forgejo/workflows/build.yml"), Some(Protected::Checks));
/// assert_eq!(protects("shop/.Claude/settings.json"), Some(Protected::Agents));
/// assert_eq!(protects("src/hooks/pay.rs"), None);
/// ```
#[must_use]
pub fn protects(path: &str) -> Option<Protected> {
    let parts: Vec<String> = path.split(['/', '\\']).map(folded).filter(|part| !part.is_empty()).collect();
    let top = parts.first().and_then(|part| find(TOP, part));
    top.or_else(|| parts.iter().find_map(|part| find(NAMES, part)))
}

/// What is said, once, at a pull request that is not merged by itself because of these paths: those of [`protects`], and
/// submodules, which no name tells. The names of files are an agent's.
#[must_use]
pub fn held_back(paths: &[&str], id: &PullRequestId) -> String {
    let mut paths = paths.to_vec();
    paths.sort_unstable();
    paths.dedup();
    let mut text = "This pull request is not merged by itself, because it changes what decides which checks run, what runs \
                    on people's machines, what agents may do or which commits of other repositories come with it. A person reviews and merges it.\n\n"
        .to_owned();
    for path in paths.iter().take(SHOWN_MAX) {
        text.push_str(&format!("- {}\n", quote_line(path, PATH_MAX)));
    }
    if let Some(more @ 1..) = paths.len().checked_sub(SHOWN_MAX) {
        text.push_str(&format!("- and {more} more\n"));
    }
    text.push_str(&format!("\n{}\n", held_back_marker(id)));
    text
}

/// The line by which that comment is known to stand there already.
#[must_use]
pub fn held_back_marker(id: &PullRequestId) -> String {
    format!("<!-- sprintgate:held-back:{id} -->")
}

fn find(table: &[(Protected, &[&str])], part: &str) -> Option<Protected> {
    table.iter().find(|(_, names)| names.contains(&part)).map(|(what, _)| *what)
}

/// A name as systems compare it that tell no case apart, leave out what cannot be seen, or drop dots and spaces at the
/// end of a name and what stands behind a colon in it.
fn folded(part: &str) -> String {
    let name = part.split(':').next().unwrap_or_default();
    let name = name.chars().filter(|c| !is_hidden(*c));
    // By way of the upper case, letters that have only one of the two in common become the same.
    let name: String = name.flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    name.trim_end_matches(['.', ' ']).to_owned()
}
