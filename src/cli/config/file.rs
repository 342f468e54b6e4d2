//! The config file as it is written, before flags, environment and defaults are laid over it.

use std::collections::BTreeMap;
use std::path::Path;

use super::{ConfigError, FileForge};

/// The keys of the config file; all may be absent, and none is unknown.
#[derive(Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileConfig {
    /// The SQLite file, or the address of a PostgreSQL database.
    pub database: Option<String>,
    /// The access token.
    pub token: Option<String>,
    /// The folder of worktrees.
    pub worktree_root: Option<String>,
    /// The folder of vaults.
    pub vault_root: Option<String>,
    /// Where a runner keeps logs and state.
    pub state_dir: Option<String>,
    /// How long a claim lasts without a sign of life.
    pub lease_seconds: Option<u32>,
    /// Clones on this machine.
    pub repo_roots: BTreeMap<String, String>,
    /// Where clones are looked for by name last.
    pub projects: Option<String>,
    /// The name of this machine.
    pub host: Option<String>,
    /// The agent's program and arguments.
    pub agent: Option<Vec<String>>,
    /// The credential helper for https.
    pub credential_helper: Option<String>,
    /// The forges that may be spoken to.
    pub forges: Vec<FileForge>,
    /// What is done in each new worktree, by the repository's name or address.
    pub prepare: BTreeMap<String, Prepare>,
}

/// What is done in each new worktree of a repository.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prepare {
    /// The program and its arguments.
    pub command: Vec<String>,
    /// How long it may take.
    pub seconds: Option<u32>,
}

impl FileConfig {
    /// Reads the text of a config file.
    ///
    /// # Errors
    /// [`ConfigError::Syntax`] with the line; the line's text is not repeated, for it may be the token's.
    pub fn parse(path: &Path, text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error: toml::de::Error| ConfigError::Syntax {
            path: path.to_owned(),
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            why: without_value(error.message()),
        })
    }
}

impl std::fmt::Debug for FileConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileConfig").finish_non_exhaustive()
    }
}

/// The message without the text that stands where a number or a list should: it may be the token under a wrong key.
fn without_value(message: &str) -> String {
    let around = message.split_once("string \"").and_then(|(before, rest)| {
        let (_, wanted) = rest.rsplit_once("\", expected ")?;
        Some(format!("{before}string, expected {wanted}"))
    });
    around.unwrap_or_else(|| message.to_owned())
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
