//! Whether a worktree is still tied to its clone as it was made. Reads three small files, opens nothing.

use std::fs;
use std::path::Path;

use super::error::GitError;
use super::repository::{Admin, Home, small_file};

/// The facts about the worktree in `folder`, if its `.git` file leads to them and they lead back.
pub(super) fn tied(home: &Home, folder: &Path) -> Result<Admin, GitError> {
    let tampered = |why| GitError::TamperedWorktree { path: folder.into(), why };
    match fs::symlink_metadata(folder) {
        Ok(meta) if meta.is_dir() => {}
        Ok(_) => return Err(tampered("it is not a folder")),
        Err(_) => return Err(GitError::NoWorktree { path: folder.into() }),
    }
    let text = small_file(&folder.join(".git")).ok_or_else(|| tampered("its .git is not a small file"))?;
    let target =
        text.trim_end().strip_prefix("gitdir: ").ok_or_else(|| tampered("its .git file has another form"))?;
    let admin = home
        .admins()
        .into_iter()
        .find(|admin| admin.dir == Path::new(target))
        .ok_or_else(|| tampered("its .git file leads out of the clone"))?;
    if admin.folder != folder {
        return Err(tampered("the clone knows another folder under its name"));
    }
    if small_file(&admin.dir.join("commondir")).is_none_or(|text| text.trim_end() != "../..") {
        return Err(tampered("its common folder was changed"));
    }
    Ok(admin)
}
