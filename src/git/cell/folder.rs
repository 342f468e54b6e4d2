//! Writes the folder `.git` of a cell: a repository with nothing of its own but a branch.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use git2::Oid;

use crate::domain::branch::BranchName;
use crate::domain::remote::RemoteUrl;
use crate::git::error::GitError;

/// What a cell is made of.
pub(in crate::git) struct Origin<'a> {
    /// The vault, which lends its objects.
    pub vault: &'a Path,
    /// The address of the remote.
    pub url: &'a RemoteUrl,
    /// The branches of the remote, by their full names in the vault.
    pub branches: &'a BTreeMap<String, Oid>,
    /// The remote's default branch.
    pub default: &'a str,
}

impl Origin<'_> {
    /// Makes `.git` in the folder: on `branch`, else on none, at `start`, with a copy of the index.
    pub(in crate::git) fn found(
        &self,
        folder: &Path,
        branch: Option<&BranchName>,
        start: Oid,
        index: &Path,
    ) -> Result<(), GitError> {
        let git = folder.join(".git");
        for inner in
            ["info", "objects/info", "objects/pack", "refs/heads", "refs/remotes/origin", "refs/tags"]
        {
            let dir = git.join(inner);
            fs::create_dir_all(&dir).map_err(GitError::io("create", &dir))?;
        }
        let alternates = [self.vault.join("objects").as_os_str().as_bytes(), b"\n"].concat();
        let write = |name: &str, bytes: &[u8]| {
            let path = git.join(name);
            fs::write(&path, bytes).map_err(GitError::io("write", path))
        };
        write("objects/info/alternates", &alternates)?;
        write("config", self.config().as_bytes())?;
        write("packed-refs", self.refs(branch, start).as_bytes())?;
        let head = format!("refs/remotes/origin/{}", self.default);
        if self.branches.contains_key(&head) {
            write("refs/remotes/origin/HEAD", format!("ref: {head}\n").as_bytes())?;
        }
        let to = git.join("index");
        fs::copy(index, &to).map_err(GitError::io("write", to))?;
        let head = match branch {
            Some(branch) => format!("ref: {}\n", branch.full()),
            None => format!("{start}\n"),
        };
        write("HEAD", head.as_bytes())
    }

    /// Without the credentials that only the server has: a push of the agent's own has none to offer.
    fn config(&self) -> String {
        let url = self.url.as_str().replace('\\', "\\\\").replace('"', "\\\"");
        format!(
            "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n\
             [gc]\n\tauto = 0\n[maintenance]\n\tauto = false\n\
             [remote \"origin\"]\n\turl = \"{url}\"\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n"
        )
    }

    fn refs(&self, branch: Option<&BranchName>, start: Oid) -> String {
        let mut refs = self.branches.clone();
        refs.extend(branch.map(|branch| (branch.full(), start)));
        let lines: String = refs.iter().map(|(name, oid)| format!("{oid} {name}\n")).collect();
        // sorted by bytes, which git relies on where it is told so
        format!("# pack-refs with: sorted \n{lines}")
    }
}
