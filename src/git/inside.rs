//! Ways into a folder that an agent writes. No link is followed anywhere on the way, so that nothing outside is read,
//! changed or removed, whatever is swapped for a link meanwhile.

use std::ffi::{CString, OsStr};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, readlinkat, statat, unlinkat};

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

/// Removes what lies at `path` below `top`; no folder.
pub(super) fn unlink(top: &Path, path: &Path) -> io::Result<()> {
    let (folder, name) = parent(top, path)?;
    Ok(unlinkat(&folder, name, AtFlags::empty())?)
}

/// Gives us back the right to read and change everything below a folder of ours.
pub(super) fn unlock(path: &Path) -> io::Result<()> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else { return Err(no_path()) };
    let folder = openat(CWD, folder, FOLDER - OFlags::NOFOLLOW, Mode::empty())?;
    unlock_at(&folder, &CString::new(name.as_encoded_bytes())?)
}

fn unlock_at(folder: &OwnedFd, name: &CString) -> io::Result<()> {
    let Ok(stat) = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW) else { return Ok(()) };
    let mode = Mode::from_raw_mode(stat.st_mode);
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Directory => {
            if !mode.contains(Mode::RWXU) {
                allow(folder, name, mode | Mode::RWXU)?;
            }
            let inner = openat(folder, name, FOLDER, Mode::empty())?;
            let entries: Vec<_> = Dir::read_from(&inner)?.collect::<Result<_, _>>()?;
            for entry in entries {
                if !matches!(entry.file_name().to_bytes(), b"." | b"..") {
                    unlock_at(&inner, &entry.file_name().to_owned())?;
                }
            }
            Ok(())
        }
        FileType::RegularFile if !mode.contains(Mode::RUSR) => allow(folder, name, mode | Mode::RUSR),
        _ => Ok(()),
    }
}

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
