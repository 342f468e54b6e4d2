//! The folder where something is given back to a person.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::GitError;
use super::place::Place;
use super::settings::GitSettings;

/// A folder that is empty or not there, and the one beside it that is to take its name.
pub(super) struct Target {
    /// The folder, by its whole path without links.
    pub folder: PathBuf,
    /// The one beside it. What has that name is left over from a restore that was killed.
    pub new: PathBuf,
}

impl Target {
    pub(super) fn of(settings: &GitSettings, place: &Place, folder: &Path) -> Result<Self, GitError> {
        let bad = |why| GitError::BadTarget { path: folder.to_owned(), why };
        let whole = |path: &Path| fs::canonicalize(path).map_err(GitError::io("read", path));
        let folder = match fs::symlink_metadata(folder) {
            Ok(meta) if !meta.is_dir() => return Err(bad("it is not a folder")),
            Ok(_) => {
                let mut entries = fs::read_dir(folder).map_err(GitError::io("read", folder))?;
                if entries.next().is_some() {
                    return Err(bad("it is not empty"));
                }
                whole(folder)?
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let name = folder.file_name().ok_or_else(|| bad("it has no name"))?;
                let parent = folder.parent().filter(|parent| !parent.as_os_str().is_empty());
                whole(parent.unwrap_or(Path::new(".")))?.join(name)
            }
            Err(error) => return Err(GitError::io("read", folder)(error)),
        };
        if [&settings.worktree_root, &settings.vault_root].iter().any(|root| folder.starts_with(root)) {
            return Err(bad("it is in a folder of the server"));
        }
        let beside = folder.parent().ok_or_else(|| bad("it is the root of the file system"))?;
        let new = beside.join(format!(".sprintgate-restore-{}", place.folder()));
        Ok(Self { folder, new })
    }

    /// Gives the new folder its name. What appeared under that name meanwhile stays.
    pub(super) fn take_name(&self) -> Result<(), GitError> {
        fs::rename(&self.new, &self.folder).map_err(|error| match error.kind() {
            ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
                GitError::BadTarget { path: self.folder.clone(), why: "it is not empty any more" }
            }
            _ => GitError::io("make", &self.folder)(error),
        })
    }
}
