//! Ways into a folder that an agent writes. No link is followed anywhere on the way, so that nothing outside is read,
//! changed or removed, whatever is swapped for a link meanwhile.

use std::ffi::{CString, OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, readlinkat, renameat, statat, unlinkat};
use rustix::io::Errno;

/// What lies at a path.
pub(super) enum Inside {
    /// A regular file, open for reading.
    File(File),
    /// A link, and where it leads.
    Link(Vec<u8>),
    /// A folder, a pipe, a socket or a device.
    Other,
}

/// Opens what lies at `path` below `top`. Waits for nobody.
pub(super) fn open(top: &Path, path: &Path) -> io::Result<Inside> {
    let (folder, name) = parent(top, path)?;
    let stat = statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Symlink => Ok(Inside::Link(readlinkat(&folder, name, Vec::new())?.into_bytes())),
        FileType::RegularFile => {
            let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
            let file = File::from(openat(&folder, name, flags, Mode::empty())?);
            Ok(if file.metadata()?.is_file() { Inside::File(file) } else { Inside::Other })
        }
        _ => Ok(Inside::Other),
    }
}

/// What is in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    /// A folder.
    Folder,
    /// A file or a link.
    File,
    /// A pipe, a socket or a device.
    Other,
}

/// The names of what is in the folder at `path` below `top`, which is itself where the path is empty.
pub(super) fn list(top: &Path, path: &Path) -> io::Result<Vec<(OsString, Below)>> {
    let folder = match path.file_name() {
        None => openat(CWD, top, FOLDER, Mode::empty())?,
        Some(_) => {
            let (folder, name) = parent(top, path)?;
            openat(&folder, name, FOLDER, Mode::empty())?
        }
    };
    let of = |name: CString| {
        let below = match statat(&folder, &name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => match FileType::from_raw_mode(stat.st_mode) {
                FileType::Directory => Below::Folder,
                FileType::RegularFile | FileType::Symlink => Below::File,
                _ => Below::Other,
            },
            // it went meanwhile
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        Ok(Some((OsStr::from_bytes(name.to_bytes()).to_owned(), below)))
    };
    names(&folder)?.into_iter().filter_map(|name| of(name).transpose()).collect()
}

/// Removes what lies at `path` below `top`; no folder.
pub(super) fn unlink(top: &Path, path: &Path) -> io::Result<()> {
    let (folder, name) = parent(top, path)?;
    Ok(unlinkat(&folder, name, AtFlags::empty())?)
}

/// What may stay at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Nothing.
    Nothing,
    /// A file or a link.
    File,
    /// A folder, and in it what is wanted there.
    Folder,
}

/// Removes from a folder of ours what is not wanted at its path in there. No deeper than [`DEEP`] levels.
pub(super) fn keep_only(top: &Path, wanted: &impl Fn(&Path) -> Wanted) -> io::Result<()> {
    let (folder, name) = beside(top)?;
    keep_in(&enter(&folder, &name)?, Path::new(""), 0, wanted)
}

fn keep_in(folder: &OwnedFd, at: &Path, depth: usize, wanted: &impl Fn(&Path) -> Wanted) -> io::Result<()> {
    if depth == DEEP {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is too deep"));
    }
    for name in names(folder)? {
        let path = at.join(OsStr::from_bytes(name.to_bytes()));
        let kind = FileType::from_raw_mode(statat(folder, &name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode);
        match (wanted(&path), kind) {
            (Wanted::File, FileType::RegularFile | FileType::Symlink) => {}
            (Wanted::Folder, FileType::Directory) => {
                keep_in(&enter(folder, &name)?, &path, depth + 1, wanted)?;
            }
            (_, FileType::Directory) => remove_folder(folder, &name)?,
            _ => unlinkat(folder, &name, AtFlags::empty())?,
        }
    }
    Ok(())
}

/// Opens a folder with the right to read and change it.
fn enter(folder: &OwnedFd, name: &CString) -> io::Result<OwnedFd> {
    let mode = Mode::from_raw_mode(statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode);
    if !mode.contains(Mode::RWXU) {
        allow(folder, name, mode | Mode::RWXU)?;
    }
    Ok(openat(folder, name, FOLDER, Mode::empty())?)
}

/// Gives us back the right to read and change what is below a folder of ours, as deep as anybody reads.
pub(super) fn unlock(path: &Path) -> io::Result<()> {
    let (folder, name) = beside(path)?;
    unlock_at(&folder, &name, 0)
}

fn unlock_at(folder: &OwnedFd, name: &CString, depth: usize) -> io::Result<()> {
    let Ok(stat) = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) else { return Ok(()) };
    let mode = Mode::from_raw_mode(stat.st_mode);
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => {
            if !mode.contains(Mode::RWXU) {
                allow(folder, name, mode | Mode::RWXU)?;
            }
            if depth == DEEP {
                return Ok(());
            }
            let inner = openat(folder, name, FOLDER, Mode::empty())?;
            names(&inner)?.iter().try_for_each(|name| unlock_at(&inner, name, depth + 1))
        }
        FileType::RegularFile if !mode.contains(Mode::RUSR) => allow(folder, name, mode | Mode::RUSR),
        _ => Ok(()),
    }
}

/// Removes a folder of ours with all that is in it, whatever modes that has and however deep it is: no level of it takes
/// of our own stack or of the files that we may have open beyond the first [`DEEP`] ones.
pub(super) fn remove_all(path: &Path) -> io::Result<()> {
    let (folder, name) = beside(path)?;
    remove_folder(&folder, &name)
}

fn remove_folder(folder: &OwnedFd, name: &CString) -> io::Result<()> {
    let mut moved = 0;
    loop {
        let before = moved;
        remove_at(folder, name, None, &mut moved)?;
        match unlinkat(folder, name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOENT) => return Ok(()),
            // what was too deep lies on top now
            Err(Errno::NOTEMPTY) if moved > before => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// Empties a folder. Where `top` says how deep it is below which one, what is too deep is moved there.
fn remove_at(
    folder: &OwnedFd,
    name: &CString,
    top: Option<(&OwnedFd, usize)>,
    moved: &mut u64,
) -> io::Result<()> {
    let mode = Mode::from_raw_mode(statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?.st_mode);
    if !mode.contains(Mode::RWXU) {
        allow(folder, name, mode | Mode::RWXU)?;
    }
    let own = on_this_disk(folder, name)?;
    let (before, is_top) = (*moved, top.is_none());
    let (top, depth) = top.unwrap_or((&own, 0));
    let mut names = names(&own)?;
    rules_last(&mut names);
    for name in names {
        // what was too deep goes in another pass, and they after it
        if is_top && *moved > before && LAST.contains(&name.to_bytes()) {
            continue;
        }
        match unlinkat(&own, &name, AtFlags::empty()) {
            Ok(()) | Err(Errno::NOENT) => continue,
            // it is a folder, which systems say in two ways
            Err(Errno::ISDIR | Errno::PERM) => {}
            Err(error) => return Err(error.into()),
        }
        if depth == DEEP {
            bring_up(&own, &name, top, moved)?;
            continue;
        }
        remove_at(&own, &name, Some((top, depth + 1)), moved)?;
        match unlinkat(&own, &name, AtFlags::REMOVEDIR) {
            Ok(()) | Err(Errno::NOENT) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whoever is stopped leaves the rules as long as anything is there that they are about, and the repository longer, which
/// has rules, too, and says which commit the files are changes of: what is ignored, or in a commit, must not become new
/// to whoever looks next.
fn rules_last(names: &mut [CString]) {
    names.sort_by_key(|name| LAST.iter().position(|last| *last == name.to_bytes()));
}

/// What goes after everything else, in this order.
const LAST: [&[u8]; 2] = [b".gitignore", b".git"];

/// Opens a folder that is to be emptied; one where another disk, or another part of this one, begins is not ours.
#[cfg(target_os = "linux")]
fn on_this_disk(folder: &OwnedFd, name: &CString) -> io::Result<OwnedFd> {
    use rustix::fs::{ResolveFlags, openat2};
    match openat2(folder, name, FOLDER, Mode::empty(), ResolveFlags::NO_XDEV | ResolveFlags::NO_SYMLINKS) {
        // a system, or a sandbox, that does not know it
        Err(Errno::NOSYS | Errno::PERM) => Ok(openat(folder, name, FOLDER, Mode::empty())?),
        opened => Ok(opened?),
    }
}

/// Opens a folder that is to be emptied.
#[cfg(not(target_os = "linux"))]
fn on_this_disk(folder: &OwnedFd, name: &CString) -> io::Result<OwnedFd> {
    Ok(openat(folder, name, FOLDER, Mode::empty())?)
}

/// Moves a folder to the top, under a name that nothing has there.
fn bring_up(from: &OwnedFd, name: &CString, top: &OwnedFd, moved: &mut u64) -> io::Result<()> {
    loop {
        *moved += 1;
        match renameat(from, name, top, format!(".removed-{moved}")) {
            Ok(()) => return Ok(()),
            Err(Errno::NOTEMPTY | Errno::EXIST | Errno::NOTDIR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

/// The names of what is in a folder.
fn names(folder: &OwnedFd) -> io::Result<Vec<CString>> {
    let entries: Vec<_> = Dir::read_from(folder)?.collect::<Result<_, _>>()?;
    let names = entries.iter().map(|entry| entry.file_name().to_owned());
    Ok(names.filter(|name| !matches!(name.to_bytes(), b"." | b"..")).collect())
}

/// The folder in which a path of ours is, and its name there.
fn beside(path: &Path) -> io::Result<(OwnedFd, CString)> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Err(no_path()) };
    let folder = openat(CWD, folder, FOLDER - OFlags::NOFOLLOW, Mode::empty())?;
    Ok((folder, CString::new(name.as_encoded_bytes())?))
}

/// How deep folders are walked: the library reads no more than 100 levels.
const DEEP: usize = 128;

/// Sets the mode of what lies there. Few systems can do that by name without following a link, and a file that may
/// not be read cannot be opened but as a place.
#[cfg(target_os = "linux")]
fn allow(folder: &impl AsFd, name: &CString, mode: Mode) -> io::Result<()> {
    use std::os::fd::AsRawFd;
    let flags = OFlags::PATH | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let place = openat(folder, name, flags, Mode::empty())?;
    Ok(rustix::fs::chmod(format!("/proc/self/fd/{}", place.as_raw_fd()), mode)?)
}

/// Sets the mode of what lies there.
#[cfg(not(target_os = "linux"))]
fn allow(folder: &impl AsFd, name: &CString, mode: Mode) -> io::Result<()> {
    Ok(rustix::fs::chmodat(folder, name, mode, AtFlags::SYMLINK_NOFOLLOW)?)
}

/// The folder that has the last part of a path, and that part.
fn parent<'a>(top: &Path, path: &'a Path) -> io::Result<(OwnedFd, &'a OsStr)> {
    let part = |part: Component<'a>| match part {
        Component::Normal(name) => Ok(name),
        _ => Err(no_path()),
    };
    let mut parts = path.components().map(part).collect::<io::Result<Vec<_>>>()?;
    let last = parts.pop().ok_or_else(no_path)?;
    let mut folder = openat(CWD, top, FOLDER, Mode::empty())?;
    for name in parts {
        folder = openat(&folder, name, FOLDER, Mode::empty())?;
    }
    Ok((folder, last))
}

fn no_path() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it does not lead into the folder")
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    use super::*;

    #[test]
    fn rules_go_after_what_they_are_about() {
        let mut names = [c".git", c".gitignore", c".env", c"target", c".gitignored"].map(CString::from);
        rules_last(&mut names);
        assert_eq!(names, [c".env", c"target", c".gitignored", c".gitignore", c".git"].map(CString::from));
    }

    #[test]
    fn what_is_deeper_than_a_stack_is_unlocked_and_removed() {
        let dir = tempfile::TempDir::new().unwrap();
        let (top, next) = (dir.path().join("top"), dir.path().join("next"));
        fs::create_dir(&top).unwrap();
        fs::write(top.join("file"), "at the bottom").unwrap();
        for _ in 0..2000 {
            fs::create_dir(&next).unwrap();
            fs::rename(&top, next.join("inner")).unwrap();
            fs::rename(&next, &top).unwrap();
        }
        // names that stand in the way, and what was made so that nobody changes it
        fs::write(top.join(".removed-1"), "").unwrap();
        fs::create_dir_all(top.join(".removed-2/full")).unwrap();
        let shut = top.join("inner/shut");
        fs::create_dir(&shut).unwrap();
        fs::write(shut.join("file"), "").unwrap();
        fs::set_permissions(&shut, fs::Permissions::from_mode(0o000)).unwrap();
        let work = move || {
            unlock(&top).unwrap();
            assert_eq!(shut.metadata().unwrap().permissions().mode() & 0o777, 0o700);
            remove_all(&top).unwrap();
            assert!(top.symlink_metadata().is_err());
        };
        thread::Builder::new().stack_size(512 * 1024).spawn(work).unwrap().join().unwrap();
    }
}
