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
use crate::git::vault::{UNREADABLE, Vault};

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
        let folder = folder.to_owned();
        blocking("copy objects", move || {
            erase(&borrowed.dir)?;
            borrowed.count = copy(&folder, Path::new(".git/objects"), &borrowed.objects(), most)?;
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
        let (top, to) = (self.dir.clone(), self.vault.join(UNREADABLE).join(name));
        blocking("set objects aside", move || copy(&top, Path::new("objects"), &to, None).map(|_| to)).await
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        if let Err(error) = erase(&self.dir) {
            tracing::warn!(dir = %self.dir.display(), %error, "could not remove copied objects");
        }
    }
}

/// What lies among copied objects, as they themselves say.
#[derive(Debug, Default)]
pub(in crate::git) struct Listed {
    /// All commits, whether a ref names them or not.
    pub commits: Vec<Oid>,
    /// Whether they are too large to be worked on: a few bytes can stand for very many.
    pub is_bomb: bool,
}

impl Git {
    /// Lists the copied objects, by their heads alone.
    pub(in crate::git) async fn list(&self, borrowed: &Borrowed) -> Result<Listed, GitError> {
        let mut listed = Listed::default();
        if borrowed.count == 0 {
            return Ok(listed);
        }
        let (objects, list) = (borrowed.objects(), borrowed.dir.join("list"));
        let call = GitCommand::new("cat-file", &borrowed.vault).objects(Objects::Only(&objects)).thrifty();
        let format = "--batch-check=%(objectname) %(objecttype) %(objectsize)";
        self.must(call.args(["--batch-all-objects", "--unordered", format]).output(&list)).await?;
        let text = fs::read_to_string(&list).map_err(GitError::io("read", &list))?;
        let mut all = 0_u64;
        for line in text.lines() {
            let mut words = line.split(' ');
            let (Some(id), Some(kind), Some(size)) = (words.next(), words.next(), words.next()) else {
                continue;
            };
            let size = size.parse().unwrap_or(0_u64);
            all = all.saturating_add(size);
            listed.is_bomb |= size > if kind == "blob" { BLOB_MAX } else { OTHER_MAX };
            if kind == "commit" {
                listed.commits.extend(Oid::from_str(id));
            }
        }
        listed.is_bomb |= all > ALL_MAX;
        Ok(listed)
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
        let call = GitCommand::new("pack-objects", vault).objects(Objects::Borrowed(&objects)).thrifty();
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
        self.must(call.thrifty().input(&pack)).await.map(drop)
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

/// The most bytes of a file in a commit: no forge takes one of that size.
const BLOB_MAX: u64 = 512 * 1024 * 1024;
/// The most bytes of a commit, a tree or a tag, which are read as a whole.
const OTHER_MAX: u64 = 64 * 1024 * 1024;
/// The most bytes of all.
const ALL_MAX: u64 = 4 * 1024 * 1024 * 1024;

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
