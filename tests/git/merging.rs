//! How a forge merges: by a commit of two parents, as one commit, or commit by commit.

use std::fs;
use std::path::PathBuf;

use sprintgate::domain::commit::CommitId;

use super::ground::{Ground, head, run, work};

/// A person's clone of the remote, where branches are made and merged as a forge does it.
pub(crate) struct Desk<'a> {
    pub ground: &'a Ground,
    pub clone: PathBuf,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(ground: &'a Ground) -> Self {
        Self { ground, clone: ground.clone.clone() }
    }

    pub(crate) fn git(&self, args: &[&str]) -> String {
        run(&self.clone, args)
    }

    /// Writes files on the default branch and publishes them.
    pub(crate) fn on_trunk(&self, files: &[(&str, &str)]) -> CommitId {
        self.git(&["checkout", "-q", "trunk"]);
        let at = self.commits(files);
        self.git(&["push", "-q", "origin", "trunk"]);
        at
    }

    /// A branch from the default one as it is, with a commit a file, published; its tip.
    pub(crate) fn branch(&self, name: &str, files: &[(&str, &str)]) -> CommitId {
        self.git(&["checkout", "-q", "-b", name, "trunk"]);
        let at = self.commits(files);
        self.git(&["push", "-q", "origin", name]);
        self.git(&["checkout", "-q", "trunk"]);
        at
    }

    fn commits(&self, files: &[(&str, &str)]) -> CommitId {
        for (file, text) in files {
            let path = self.clone.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            work(&self.clone, file, text);
        }
        head(&self.clone)
    }

    /// Merges it as one commit.
    pub(crate) fn squash(&self, name: &str) -> CommitId {
        self.git(&["merge", "-q", "--squash", name]);
        self.git(&["commit", "-q", "-m", "squashed"]);
        self.published()
    }

    /// Merges it by a merge commit.
    pub(crate) fn merge(&self, name: &str) -> CommitId {
        self.git(&["merge", "-q", "--no-ff", "-m", "merged", name]);
        self.published()
    }

    /// Puts its commits on top, one by one, as new ones.
    pub(crate) fn rebase(&self, name: &str) -> CommitId {
        self.git(&["cherry-pick", &format!("trunk..{name}")]);
        self.published()
    }

    fn published(&self) -> CommitId {
        self.git(&["push", "-q", "origin", "trunk"]);
        head(&self.clone)
    }

    /// The tree of a commit of the remote.
    pub(crate) fn tree(&self, commit: &str) -> String {
        run(&self.ground.origin, &["rev-parse", &format!("{commit}^{{tree}}")])
    }

    /// What the git program makes of `git revert` on top of the default branch: the tree, or the files in conflict.
    pub(crate) fn revert(&self, args: &[&str]) -> Result<String, Vec<String>> {
        self.git(&["checkout", "-q", "-B", "oracle", "origin/trunk"]);
        let all = [&["revert", "--no-edit"], args].concat();
        let output = super::ground::command(&self.clone, &all).output().unwrap();
        let answer = match output.status.success() {
            true => Ok(self.git(&["rev-parse", "HEAD^{tree}"])),
            false => {
                let files = self.git(&["diff", "--name-only", "--diff-filter=U"]);
                assert!(!files.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
                self.git(&["revert", "--abort"]);
                Err(files.lines().map(str::to_owned).collect())
            }
        };
        self.git(&["checkout", "-q", "trunk"]);
        answer
    }
}
