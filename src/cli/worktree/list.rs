//! Lists worktrees and vaults.

use std::process::ExitCode;

use super::rows::{sized, sized_at_least, worktrees_table};
use crate::cli::error::CliError;
use crate::cli::globals::Globals;
use crate::cli::table::{cell, table};
use crate::cli::{plain, print};
use crate::flow::wire::{RootView, VaultView, Worktrees};

/// Answers `sprintgate worktree list`.
pub(super) async fn run(globals: &Globals) -> Result<ExitCode, CliError> {
    let (app, session) = globals.open().await?;
    print::answer(globals.json, &app.list_worktrees(&session).await?, for_people)?;
    Ok(ExitCode::SUCCESS)
}

fn for_people(it: &Worktrees) -> String {
    let row = |vault: &VaultView| {
        [
            vault.folder.clone(),
            vault.state.clone(),
            sized_at_least(vault.bytes, vault.bytes_are_least),
            vault.worktrees.to_string(),
            cell(&vault.repo_url),
            vault.because.clone(),
        ]
    };
    let columns = ["FOLDER", "STATE", "SIZE", "WORKTREES", "REMOTE", "WHY IT STAYS"];
    [
        on_disk("Worktrees", &it.worktree_root),
        worktrees_table("There are no worktrees.", &it.worktrees, Some(&it.user_id)),
        on_disk("Vaults", &it.vault_root),
        table(columns, it.vaults.iter().map(row)),
    ]
    .join("\n\n")
}

fn on_disk(what: &str, root: &RootView) -> String {
    let (free, all) = (sized(root.free_bytes), sized(root.disk_bytes));
    format!("{what} in {} ({free} of {all} free)", plain::line(&root.path))
}
