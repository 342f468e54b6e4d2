//! The settings as the commands use them.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use super::{Database, ForgeConfig};
use crate::cli::wiring::Secret;
use crate::runner::Preparation;

/// How long a lease may be, in seconds.
pub const LEASE_SECONDS: RangeInclusive<u32> = 1..=3600;

/// How long it may take to make a worktree ready, in seconds.
pub(super) const PREPARE_SECONDS: RangeInclusive<u32> = 1..=3600;
/// The same when nobody says.
pub(super) const PREPARE_SECONDS_DEFAULT: u32 = 600;

/// Everything that differs between set-ups. Paths are absolute.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the rows are.
    pub database: Database,
    /// The access token.
    pub token: Option<Secret>,
    /// The folder of worktrees; agents write below it.
    pub worktree_root: PathBuf,
    /// The folder of vaults; only Sprintgate writes below it.
    pub vault_root: PathBuf,
    /// Where a runner keeps logs and state.
    pub state_dir: PathBuf,
    /// How long a claim lasts without a sign of life.
    pub lease_seconds: u32,
    /// Clones on this machine: by repository name, by the key of its address or by product id.
    pub repo_roots: BTreeMap<String, PathBuf>,
    /// Where clones are looked for by name last.
    pub projects: Option<PathBuf>,
    /// The name of this machine.
    pub host: String,
    /// The agent's program and arguments; empty for the runner's own default.
    pub agent: Vec<String>,
    /// The credential helper for https, as git's `credential.helper` takes it.
    pub credential_helper: Option<String>,
    /// The forges that may be spoken to, and no others.
    pub forges: Vec<ForgeConfig>,
    /// What is done in each new worktree, by the repository's name or the key of its address.
    pub prepare: BTreeMap<String, Preparation>,
}
