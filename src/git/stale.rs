//! Locks of refs that a killed process left behind. A live process holds one for microseconds, so a lock that
//! outlives a pause is a dead one's. Only what the server itself locks is looked at.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use super::erase::erase;
use super::error::{ErrorClass, GitError};

/// How long a lock of one ref is watched.
const OF_REF: Duration = Duration::from_millis(100);
/// How long the lock of all packed refs is watched: writing them takes its time where there are many.
const OF_PACKED: Duration = Duration::from_secs(2);

/// Does the work once more when a lock stopped it and locks of dead processes were removed below `common`.
pub(super) fn despite_locks<T>(
    common: &Path,
    refs: &str,
    mut work: impl FnMut() -> Result<T, GitError>,
) -> Result<T, GitError> {
    match work() {
        Err(error) if error.class() == ErrorClass::Busy && break_locks(common, refs)? => work(),
        answer => answer,
    }
}

/// Removes locks of dead processes on the ref `refs` or all below it, and on the packed refs; whether there was one.
/// Blocks for the time that it takes to tell them from those of live ones.
pub(super) fn break_locks(common: &Path, refs: &str) -> Result<bool, GitError> {
    let mut locks: Vec<Seen> = noted(common.join(format!("{refs}.lock"))).into_iter().collect();
    collect(&common.join(refs), &mut locks);
    let mut broken = remove_unchanged(locks, OF_REF)?;
    let packed = noted(common.join("packed-refs.lock"));
    broken |= remove_unchanged(packed.into_iter().collect(), OF_PACKED)?;
    Ok(broken)
}

/// A lock and when it was made.
type Seen = (PathBuf, SystemTime);

fn noted(lock: PathBuf) -> Option<Seen> {
    let made = fs::symlink_metadata(&lock).and_then(|meta| meta.modified()).ok()?;
    Some((lock, made))
}

/// A folder that vanishes meanwhile holds no lock.
fn collect(folder: &Path, locks: &mut Vec<Seen>) {
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            collect(&path, locks);
        } else if path.extension().is_some_and(|end| end == "lock") {
            locks.extend(noted(path));
        }
    }
}

fn remove_unchanged(locks: Vec<Seen>, pause: Duration) -> Result<bool, GitError> {
    if locks.is_empty() {
        return Ok(false);
    }
    thread::sleep(pause);
    let mut broken = false;
    for (lock, made) in locks {
        if noted(lock.clone()).is_some_and(|(_, now)| now == made) {
            tracing::warn!(lock = %lock.display(), "removed a lock that a killed process left");
            broken |= erase(&lock)?;
        }
    }
    Ok(broken)
}
