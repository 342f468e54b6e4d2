//! Brings commits of a cell into the vault. The objects are copied first, then packed by a git that knows the vault
//! and the copy, then unpacked by one that knows the vault alone: so what is in the vault is there with all that it
//! needs.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use git2::Oid;

use super::objects::copy;
use crate::git::command::{GitCommand, Objects};
use crate::git::erase::erase;
use crate::git::error::GitError;
use crate::git::lock::{Lock, blocking};
use crate::git::settings::Git;
use crate::git::vault::Vault;

/// The objects of a cell, copied to where no agent writes. They are erased when this is dropped.
pub(in crate::git) struct Borrowed {
    vault: PathBuf,
    dir: PathBuf,
    /// How many files there are.
    pub count: usize,
    _lock: Lock,
}

/// How sound objects have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::git) enum Sound {
    /// As a careful remote wants them: nothing in them names files outside or commands.
    Strictly,
    /// Whole.
    Whole,
}

impl Borrowed {
    /// Copies the objects of the cell in `folder` beside the vault, whose lock the caller holds.
    pub(in crate::git) async fn of(
        vault: &Path,
        lock: &Lock,
        folder: &Path,
        most: Option<u64>,
    ) -> Result<Self, GitError> {
        let name = folder.file_name().unwrap_or_default();
        let mut borrowed = Self {
            vault: vault.into(),
            dir: vault.join("borrowed").join(name),
            count: 0,
            _lock: lock.clone(),
        };
        let from = folder.join(".git");
        blocking("copy objects", move || {
            erase(&borrowed.dir)?;
            // `.git` as a link or a file leads to what is not the cell's
            let is_own = fs::symlink_metadata(&from).is_ok_and(|meta| meta.is_dir());
            let from = if is_own { from.join("objects") } else { PathBuf::from("/dev/null") };
            borrowed.count = copy(&from, &borrowed.objects(), most)?;
            Ok(borrowed)
        })
        .await
    }

    fn objects(&self) -> PathBuf {
        self.dir.join("objects")
    }

    /// Keeps the objects as they are, where nothing reads them but a person; where that is.
    pub(in crate::git) async fn set_aside(&self) -> Result<PathBuf, GitError> {
        let name = self.dir.file_name().unwrap_or_default();
        let (from, to) = (self.objects(), self.vault.join("unreadable").join(name));
        blocking("set objects aside", move || copy(&from, &to, None).map(|_| to)).await
    }

    /// Whether the commit is here or in the vault.
    pub(in crate::git) fn has(&self, oid: Oid) -> Result<bool, GitError> {
        let fail = GitError::library("look for a commit");
        let vault = Vault::open(&self.vault)?;
        let objects = self.objects();
        let odb = vault.repo.odb().map_err(&fail)?;
        if let Some(path) = objects.to_str() {
            odb.add_disk_alternate(path).map_err(&fail)?;
        }
        Ok(vault.has(oid))
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        if let Err(error) = erase(&self.dir) {
            tracing::warn!(dir = %self.dir.display(), %error, "could not remove copied objects");
        }
    }
}

impl Git {
    /// All commits among the copied objects, whether a ref names them or not.
    pub(in crate::git) async fn commits_of(&self, borrowed: &Borrowed) -> Result<Vec<Oid>, GitError> {
        let (objects, list) = (borrowed.objects(), borrowed.dir.join("list"));
        let call = GitCommand::new("cat-file", &borrowed.vault).objects(Objects::Only(&objects));
        let call =
            call.args(["--batch-all-objects", "--unordered", "--batch-check=%(objectname) %(objecttype)"]);
        self.must(call.output(&list)).await?;
        let text = fs::read_to_string(&list).map_err(GitError::io("read", &list))?;
        let commits = text.lines().filter_map(|line| line.strip_suffix(" commit"));
        Ok(commits.filter_map(|id| Oid::from_str(id).ok()).collect())
    }

    /// Brings commits with all that is behind them into the vault.
    pub(in crate::git) async fn bring(
        &self,
        borrowed: &Borrowed,
        wanted: &[Oid],
        sound: Sound,
    ) -> Result<(), GitError> {
        let (vault, objects) = (borrowed.vault.as_path(), borrowed.objects());
        let (list, pack) = (borrowed.dir.join("wanted"), borrowed.dir.join("pack"));
        let have = Vault::open(vault)?.branches()?;
        let mut text: String = wanted.iter().map(|oid| format!("{oid}\n")).collect();
        text.extend(have.values().map(|oid| format!("^{oid}\n")));
        fs::write(&list, text).map_err(GitError::io("write", &list))?;
        let call = GitCommand::new("pack-objects", vault).objects(Objects::Borrowed(&objects));
        let call = call.args(["--revs", "--stdout", "--thin", "--delta-base-offset", "--quiet"]);
        self.must(call.input(&list).output(&pack)).await?;
        let count = count(&pack)?;
        if count == 0 {
            return Ok(());
        }
        // as a fetch does it: few objects lie apart, many stay together
        let call = match sound {
            Sound::Strictly if count < APART => {
                GitCommand::new("unpack-objects", vault).args(["-q", "--strict"])
            }
            Sound::Strictly => {
                GitCommand::new("index-pack", vault).args(["--stdin", "--fix-thin", "--strict"])
            }
            Sound::Whole => {
                let strict = PASSED_OVER.map(|what| format!("{what}=ignore")).join(",");
                let call = GitCommand::new("index-pack", vault).args(["--stdin", "--fix-thin"]);
                call.args([format!("--strict={strict}")])
            }
        };
        self.must(call.input(&pack)).await.map(drop)
    }
}

/// How many objects a pack says it has.
fn count(pack: &Path) -> Result<u32, GitError> {
    let mut head = [0_u8; 12];
    let mut file = File::open(pack).map_err(GitError::io("read", pack))?;
    file.read_exact(&mut head).map_err(GitError::io("read", pack))?;
    let [.., a, b, c, d] = head;
    Ok(u32::from_be_bytes([a, b, c, d]))
}

/// From how many objects on they stay in a pack.
const APART: u32 = 100;

/// What keeps no object from being whole, only from being sent or checked out.
const PASSED_OVER: [&str; 19] = [
    "badEmail",
    "badTimezone",
    "fullPathname",
    "gitmodulesBlob",
    "gitmodulesLarge",
    "gitmodulesName",
    "gitmodulesParse",
    "gitmodulesPath",
    "gitmodulesSymlink",
    "gitmodulesUpdate",
    "gitmodulesUrl",
    "hasDot",
    "hasDotdot",
    "hasDotgit",
    "missingEmail",
    "missingNameBeforeEmail",
    "missingSpaceBeforeDate",
    "missingSpaceBeforeEmail",
    "zeroPaddedFilemode",
];
