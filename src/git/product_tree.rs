//! The worktrees that jobs about ideas share. They are made from the vault as cells are, and brought to the tip of the
//! default branch for each attempt; nothing that an earlier one left reaches the next. Whose turn it is, and whether one
//! that is there can be used again, is not decided here.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use git2::{ObjectType, Oid};

use crate::domain::commit::CommitId;
use crate::domain::id::ProductId;
use crate::domain::remote::RemoteUrl;

use super::cell::Origin;
use super::command::GitCommand;
use super::erase::erase;
use super::error::GitError;
use super::found::is_ours;
use super::inside::{Wanted, keep_only};
use super::lock::{Lock, blocking};
use super::place::Place;
use super::product_mark::Mark;
use super::product_place::{PRODUCTS, ProductPlace};
use super::settings::Git;
use super::vault::{Vault, commit_id};

/// What agents may write in: it is kept out of git, and empty when an attempt begins.
const SCRATCH: &str = ".scratch";

/// What is needed to make the worktree of a product fit.
#[derive(Debug, Clone)]
pub struct ProductAsk<'a> {
    /// Where the repository is published.
    pub url: &'a RemoteUrl,
    /// The product.
    pub product: &'a ProductId,
    /// The attempt that is given it.
    pub user: Place,
    /// A folder of the product in which nobody works any more, to be used again.
    pub reuse: Option<ProductPlace>,
}

/// A product's worktree that is fit to be worked in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductTree {
    /// The folder.
    pub path: PathBuf,
    /// The tip of the default branch, where it stands; on no branch.
    pub commit: CommitId,
    /// It was there, and was brought to that commit; else it was made.
    pub reused: bool,
}

/// A product's worktree that nobody else on this machine makes, resets or removes meanwhile.
#[derive(Debug)]
pub struct ProductHeld(Lock);

#[derive(Clone)]
struct Site {
    vault: PathBuf,
    folder: PathBuf,
    index: PathBuf,
    url: RemoteUrl,
    default: String,
    start: Oid,
}

impl Git {
    /// Makes a worktree of a product fit: the files of the default branch's tip and nothing else, a `.git` of our own, and
    /// an empty `.scratch`. One that is to be used again is made anew in its place where it is not known to be whole, or is
    /// of another remote; without one there is a new folder, named after the attempt.
    ///
    /// # Errors
    /// [`GitError::NoDefaultBranch`]; [`GitError::BadRoot`] when something stands in the place of the folder of all
    /// products' worktrees; others of every class. What is half made then is made anew the next time.
    pub async fn product_tree(
        &self,
        ask: ProductAsk<'_>,
        ProductHeld(held): &ProductHeld,
    ) -> Result<ProductTree, GitError> {
        let ProductAsk { url, product, user, reuse } = ask;
        let place =
            reuse.unwrap_or_else(|| ProductPlace { product: product.clone(), made_for: user.clone() });
        let (vault, lock) = self.vault(url).await?;
        drop(lock);
        let (default, _) = tokio::try_join!(self.default_of(&vault, url), self.refresh(url))?;
        let none = || GitError::NoDefaultBranch { url: url.to_string() };
        let default = default.ok_or_else(none)?;
        let start = Vault::open(&vault)?.remote_tip(&default)?.ok_or_else(none)?;
        let site = Site {
            folder: self.path_of_product(&place),
            index: self.product_index(&place),
            url: url.clone(),
            vault,
            default,
            start,
        };
        self.products_folder()?;
        let made = |mark| matches!(mark, Mark::Made { url: of, .. } if of == url.as_str());
        let is_whole = made(self.product_mark(&place)?);
        self.mark_product(&place, &Mark::Making)?;
        let reused = is_whole
            && match self.fill_product(&site, held, reset).await {
                Ok(()) => true,
                Err(error) => {
                    tracing::warn!(%product, %error, "a product's worktree is made anew");
                    false
                }
            };
        if !reused {
            self.fill_product(&site, held, begin).await?;
        }
        self.mark_product(&place, &Mark::Made { user, url: url.to_string() })?;
        Ok(ProductTree { path: site.folder, commit: commit_id(start)?, reused })
    }

    /// Waits until nobody on this machine makes, resets or removes a worktree of a product.
    ///
    /// # Errors
    /// [`GitError::Busy`] when that lasts too long.
    pub async fn hold_product(&self, product: &ProductId) -> Result<ProductHeld, GitError> {
        self.hold_folder(&format!("{PRODUCTS}/{product}")).await.map(ProductHeld)
    }

    /// The same without waiting.
    ///
    /// # Errors
    /// [`GitError::Busy`] when somebody does.
    pub async fn hold_product_now(&self, product: &ProductId) -> Result<ProductHeld, GitError> {
        self.hold_folder_within(&format!("{PRODUCTS}/{product}"), Duration::ZERO).await.map(ProductHeld)
    }

    /// Removes a worktree of a product, of which nothing is kept; false when there was none.
    ///
    /// # Errors
    /// [`GitError::Io`] when the folder resists.
    pub async fn remove_product_tree(
        &self,
        place: &ProductPlace,
        ProductHeld(held): &ProductHeld,
    ) -> Result<bool, GitError> {
        self.mark_product(place, &Mark::Making)?;
        let (folder, held) = (self.path_of_product(place), held.clone());
        let was_there = blocking("remove a product's worktree", move || {
            let _held = held;
            erase(&folder)
        })
        .await?;
        self.forget_product(place)?;
        Ok(was_there)
    }

    /// Git writes the files as it does those of a cell, after `clear` has left nothing that stands in their way.
    async fn fill_product(
        &self,
        site: &Site,
        held: &Lock,
        clear: fn(&Site) -> Result<(), GitError>,
    ) -> Result<(), GitError> {
        let (ours, lock) = (site.clone(), held.clone());
        blocking("clear a product's worktree", move || {
            let _held = lock;
            erase(&ours.index.with_extension("index.lock"))?;
            clear(&ours)
        })
        .await?;
        let call = GitCommand::new("read-tree", &site.vault).files(&site.folder, &site.index);
        self.must(call.args(["--reset", "-u", &site.start.to_string()])).await?;
        let (ours, lock) = (site.clone(), held.clone());
        blocking("found a product's worktree", move || {
            let _held = lock;
            found(&ours)
        })
        .await
    }

    fn products_folder(&self) -> Result<(), GitError> {
        let path = self.settings().worktree_root.join(PRODUCTS);
        make_folder(&path)?;
        let meta = fs::symlink_metadata(&path).map_err(GitError::io("read", &path))?;
        if is_ours(&meta) { Ok(()) } else { Err(GitError::BadRoot { path, why: "it is no folder of ours" }) }
    }
}

/// An empty folder in the place of whatever was there.
fn begin(site: &Site) -> Result<(), GitError> {
    erase(&site.folder)?;
    erase(&site.index)?;
    make_folder(&site.folder)
}

/// Removes what the commit does not have: untracked and ignored files, other repositories, `.git` and `.scratch`.
fn reset(site: &Site) -> Result<(), GitError> {
    let wanted = files_of(site)?;
    let of = |path: &Path| wanted.get(path.as_os_str().as_bytes()).copied().unwrap_or(Wanted::Nothing);
    keep_only(&site.folder, &of).map_err(GitError::io("clear", &site.folder))
}

/// What a commit has at which path. A submodule is an empty folder.
fn files_of(site: &Site) -> Result<BTreeMap<Vec<u8>, Wanted>, GitError> {
    let fail = GitError::library("list the files of a commit");
    let vault = Vault::open(&site.vault)?;
    let tree = vault.repo.find_commit(site.start).and_then(|commit| commit.tree()).map_err(&fail)?;
    let mut wanted = BTreeMap::new();
    let mut open = vec![(Vec::new(), tree)];
    while let Some((folder, tree)) = open.pop() {
        for entry in &tree {
            let path = [folder.as_slice(), entry.name_bytes()].concat();
            if entry.kind() == Some(ObjectType::Tree) {
                let inner = vault.repo.find_tree(entry.id()).map_err(&fail)?;
                open.push(([path.as_slice(), b"/"].concat(), inner));
            }
            let is_file = entry.kind() == Some(ObjectType::Blob);
            wanted.insert(path, if is_file { Wanted::File } else { Wanted::Folder });
        }
    }
    Ok(wanted)
}

/// Writes `.git` and `.scratch`, of which nothing is there.
fn found(site: &Site) -> Result<(), GitError> {
    let branches = Vault::open(&site.vault)?.branches()?;
    let origin = Origin { vault: &site.vault, url: &site.url, branches: &branches, default: &site.default };
    origin.found(&site.folder, None, site.start, &site.index)?;
    let exclude = site.folder.join(".git/info/exclude");
    fs::write(&exclude, format!("/{SCRATCH}/\n")).map_err(GitError::io("write", &exclude))?;
    // a repository may have one of its own
    make_folder(&site.folder.join(SCRATCH))
}

fn make_folder(path: &Path) -> Result<(), GitError> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(GitError::io("create", path)(error)),
        _ => Ok(()),
    }
}
