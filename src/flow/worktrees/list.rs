//! Lists what lies on this machine's disk for attempts, and explains it. Nothing is changed.

use std::collections::BTreeMap;
use std::path::Path;

use super::judge::{Judged, Whose};
use crate::domain::machine::Word;
use crate::flow::wire::{RootView, VaultView, WorktreeView, Worktrees};
use crate::flow::{FlowError, Session, Sprintgate};
use crate::git::{Found, Shelved, Size, Space};

impl Sprintgate {
    /// Everything in the two roots of this machine, whosever it is: whose, in which state, how large, and why it stays
    /// or goes.
    ///
    /// # Errors
    /// `PERMISSION_DENIED` for an agent that works for one attempt; when the store or a root cannot be read.
    pub async fn list_worktrees(&self, session: &Session) -> Result<Worktrees, FlowError> {
        let user = self.cleaner(session).await?;
        let found = self.git.places()?;
        let shelves = self.git.shelves()?;
        let sizes = self.git.sizes_of(&found).await?;
        let shelf_sizes = self.git.sizes_of_shelves(&shelves).await?;
        let [work, vault] = self.git.space()?;
        let settings = self.git.settings();

        let mut tx = self.store.read().await?;
        let mut judged: Vec<(Judged, Size)> = Vec::new();
        for (found, size) in found.into_iter().zip(sizes) {
            let one = self.judge(&mut *tx, found, None, false).await?;
            judged.extend(one.map(|one| (one, size)));
        }
        drop(tx);
        let mut borrowers: BTreeMap<String, usize> = BTreeMap::new();
        for url in judged.iter().filter_map(|(one, _)| self.borrows_from(one)) {
            *borrowers.entry(url).or_default() += 1;
        }

        let worktrees: Vec<WorktreeView> = judged
            .into_iter()
            .map(|(one, size)| one.view(&settings.worktree_root, Some(size), false))
            .collect();
        let vaults = shelves
            .into_iter()
            .zip(shelf_sizes)
            .map(|(shelf, size)| vault_view(&shelf, size, &borrowers))
            .collect();
        Ok(Worktrees {
            host: self.settings.host.clone(),
            user_id: user.to_string(),
            worktree_root: root(&settings.worktree_root, work),
            worktrees,
            vault_root: root(&settings.vault_root, vault),
            vaults,
        })
    }

    /// The remote whose vault a worktree borrows from.
    fn borrows_from(&self, one: &Judged) -> Option<String> {
        match (&one.found, &one.whose) {
            (Found::Product(place), _) => self.git.remote_of_product(place),
            (_, Whose::Attempt(both)) => both.0.repo_url.clone(),
            _ => None,
        }
    }
}

fn root(path: &Path, space: Space) -> RootView {
    RootView { path: path.display().to_string(), free_bytes: space.free, disk_bytes: space.all }
}

fn vault_view(shelf: &Shelved, size: Size, borrowers: &BTreeMap<String, usize>) -> VaultView {
    let (state, because, url) = match shelf {
        Shelved::Vault { url: Some(url), .. } => ("vault", "", Some(url.as_str())),
        Shelved::Vault { url: None, .. } => (
            "half_made",
            "Its making came to no end; the next claim of a job of its remote makes it anew.",
            None,
        ),
        Shelved::Books(_) => ("books", "The server notes here what it needs to know of worktrees.", None),
        Shelved::Unknown { why, .. } => ("unknown", why.meaning(), None),
    };
    let worktrees = url.and_then(|url| borrowers.get(url)).copied().unwrap_or(0);
    let because = match (state, worktrees) {
        ("vault", 0) => "It keeps what was salvaged; no worktree that was found needs it.".to_owned(),
        ("vault", _) => "Worktrees borrow its objects, and it keeps what was salvaged.".to_owned(),
        _ => because.to_owned(),
    };
    VaultView {
        folder: shelf.name().to_owned(),
        state: state.to_owned(),
        because,
        repo_url: url.map(str::to_owned),
        worktrees,
        bytes: size.bytes,
        bytes_are_least: size.is_least,
    }
}
