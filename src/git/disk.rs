//! How much of the disk is used and free. Walks by open folders and not by paths, so that no link that somebody puts in
//! the way leads out; opens folders only; and ends early in a tree that is too large, too deep, or of another disk.

use std::collections::BTreeSet;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, statat, statvfs};
use rustix::io::Errno;

use super::error::GitError;
use super::found::{Found, Shelved};
use super::lock::blocking;
use super::settings::Git;

/// The most entries that are counted of one folder.
const ENTRIES_MAX: u64 = 200_000;
/// The deepest folder that is gone into; each one on the way is open.
const DEPTH_MAX: usize = 100;

/// What a folder takes on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    /// Bytes of the disk that are in use for it; what has several names counts once.
    pub bytes: u64,
    /// Files, folders, links and so on, without the folder itself.
    pub entries: u64,
    /// It is more than that: something was not counted.
    pub is_least: bool,
}

/// What a disk has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Space {
    /// Bytes that this user can still write.
    pub free: u64,
    /// Bytes of the whole.
    pub all: u64,
}

impl Git {
    /// The sizes of things under the worktree root, in their order. What is gone by now takes nothing.
    ///
    /// # Errors
    /// [`GitError::Lost`] when the work was lost.
    pub async fn sizes_of(&self, found: &[Found]) -> Result<Vec<Size>, GitError> {
        let root = &self.settings().worktree_root;
        sizes(found.iter().map(|found| root.join(found.name())).collect()).await
    }

    /// The sizes of things under the root of vaults, in their order.
    ///
    /// # Errors
    /// As [`Git::sizes_of`].
    pub async fn sizes_of_shelves(&self, shelves: &[Shelved]) -> Result<Vec<Size>, GitError> {
        let root = &self.settings().vault_root;
        sizes(shelves.iter().map(|shelf| root.join(shelf.name())).collect()).await
    }

    /// What the disks of the worktree root and of the root of vaults have.
    ///
    /// # Errors
    /// [`GitError::Io`] when the system does not say.
    pub fn space(&self) -> Result<[Space; 2], GitError> {
        Ok([space(&self.settings().worktree_root)?, space(&self.settings().vault_root)?])
    }
}

async fn sizes(paths: Vec<PathBuf>) -> Result<Vec<Size>, GitError> {
    blocking("measure folders", move || Ok(paths.iter().map(|path| size(path, ENTRIES_MAX)).collect())).await
}

fn space(path: &Path) -> Result<Space, GitError> {
    let disk = statvfs(path).map_err(|errno| GitError::io("measure", path)(errno.into()))?;
    let bytes = |blocks: u64| blocks.saturating_mul(disk.f_frsize);
    Ok(Space { free: bytes(disk.f_bavail), all: bytes(disk.f_blocks) })
}

/// What lies at the path. A link is not followed: it has a size of its own.
fn size(path: &Path, most: u64) -> Size {
    let mut size = Size::default();
    let Ok(top) = statat(CWD, path, AtFlags::SYMLINK_NOFOLLOW) else { return size };
    size.add(&top);
    if FileType::from_raw_mode(top.st_mode) != FileType::Directory {
        return size;
    }
    let mut linked = BTreeSet::new();
    let mut open = Vec::new();
    size.go_into(&mut open, folder(CWD, path));
    while let Some(current) = open.last_mut() {
        let name = match current.read() {
            None => {
                open.pop();
                continue;
            }
            Some(Err(_)) => {
                size.is_least = true;
                open.pop();
                continue;
            }
            Some(Ok(entry)) => entry.file_name().to_owned(),
        };
        if matches!(name.as_bytes(), b"." | b"..") {
            continue;
        }
        if size.entries >= most {
            size.is_least = true;
            break;
        }
        let Ok(at) = current.fd() else { continue };
        // gone by now
        let Ok(stat) = statat(at, name.as_c_str(), AtFlags::SYMLINK_NOFOLLOW) else { continue };
        size.entries += 1;
        if FileType::from_raw_mode(stat.st_mode) != FileType::Directory {
            if stat.st_nlink == 1 || linked.insert((stat.st_dev, stat.st_ino)) {
                size.add(&stat);
            }
            continue;
        }
        size.add(&stat);
        if stat.st_dev != top.st_dev {
            size.is_least = true;
            continue;
        }
        let inner = folder(at, name.as_c_str());
        size.go_into(&mut open, inner);
    }
    size
}

impl Size {
    fn add(&mut self, stat: &rustix::fs::Stat) {
        // whatever the size of a disk's blocks is, these are of 512 bytes
        let blocks = u64::try_from(stat.st_blocks).unwrap_or(0);
        self.bytes = self.bytes.saturating_add(blocks.saturating_mul(512));
    }

    fn go_into(&mut self, open: &mut Vec<Dir>, inner: Result<OwnedFd, Errno>) {
        match inner.and_then(Dir::new) {
            Ok(dir) if open.len() < DEPTH_MAX => open.push(dir),
            Err(Errno::NOENT) => {}
            _ => self.is_least = true,
        }
    }
}

/// Opens a folder, and nothing that has taken its place.
fn folder(at: impl AsFd, name: impl rustix::path::Arg) -> Result<OwnedFd, Errno> {
    let flags = OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::RDONLY;
    openat(at, name, flags, Mode::empty())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn of(path: &Path) -> Size {
        size(path, ENTRIES_MAX)
    }

    #[test]
    fn links_are_not_followed_pipes_not_opened_and_names_of_one_file_counted_once() {
        let dir = tempfile::tempdir().unwrap();
        let (top, far) = (dir.path().join("top"), dir.path().join("far"));
        fs::create_dir_all(top.join("inner")).unwrap();
        fs::create_dir(&far).unwrap();
        fs::write(far.join("large"), vec![7; 1 << 20]).unwrap();
        fs::write(top.join("inner/file"), vec![7; 100_000]).unwrap();
        let before = of(&top);
        assert!((100_000..200_000).contains(&before.bytes) && before.entries == 2, "{before:?}");
        symlink(&far, top.join("to-a-folder")).unwrap();
        symlink(far.join("large"), top.join("to-a-file")).unwrap();
        symlink("/", top.join("inner/to-all")).unwrap();
        fs::hard_link(top.join("inner/file"), top.join("again")).unwrap();
        assert!(std::process::Command::new("mkfifo").arg(top.join("pipe")).status().unwrap().success());
        let after = of(&top);
        assert_eq!((after.entries, after.is_least), (7, false), "{after:?}");
        assert!(after.bytes < before.bytes + 50_000, "{after:?}");
        symlink(&far, dir.path().join("link")).unwrap();
        assert_eq!(
            (of(&dir.path().join("link")).entries, of(&dir.path().join("none"))),
            (0, Size::default())
        );
    }

    #[test]
    fn a_tree_without_end_is_counted_to_a_limit() {
        let dir = tempfile::tempdir().unwrap();
        for number in 0..30 {
            fs::write(dir.path().join(number.to_string()), "").unwrap();
        }
        let (all, some) = (size(dir.path(), 30), size(dir.path(), 29));
        assert_eq!((all.entries, all.is_least, some.entries, some.is_least), (30, false, 29, true));
        let deep = (0..DEPTH_MAX + 5).fold(dir.path().join("deep"), |path, _| path.join("d"));
        fs::create_dir_all(deep).unwrap();
        let size = of(dir.path());
        assert!(size.is_least && size.entries < 30 + 110, "{size:?}");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let dir = tempfile::tempdir().unwrap();
        let shut = dir.path().join("shut");
        fs::create_dir(&shut).unwrap();
        fs::write(shut.join("file"), "x").unwrap();
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o0)).unwrap();
        let size = of(dir.path());
        // root reads everything
        assert_eq!(size.is_least, size.entries == 1);
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o700)).unwrap();
    }
}
