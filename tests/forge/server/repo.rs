//! The bare repository behind the server: heads, merges and files are git's own.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[derive(Debug)]
pub(crate) struct Repo {
    pub(crate) path: PathBuf,
}

impl Repo {
    /// With one commit on `trunk`.
    pub(crate) fn new(root: &Path) -> Self {
        let path = root.join("basket.git");
        fs::create_dir(&path).unwrap();
        let repo = Self { path };
        repo.git(&["init", "-q", "--bare", "-b", "trunk"]).unwrap();
        repo.commit("trunk", None, "read.me", "hello\n");
        repo
    }

    /// Runs git there; what it printed, or nothing when it failed.
    pub(crate) fn git(&self, args: &[&str]) -> Option<String> {
        let mut command = Command::new("git");
        for name in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{name}_NAME"), "ann")
                .env(format!("GIT_{name}_EMAIL"), "ann@example.org");
        }
        let output = command.current_dir(&self.path).args(args).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        output.status.success().then_some(text)
    }

    /// Puts a commit with that file on a branch, which starts where `from` is if it is new.
    pub(crate) fn commit(&self, branch: &str, from: Option<&str>, file: &str, text: &str) -> String {
        self.commit_all(branch, from, &[file.to_owned()], text)
    }

    /// The same with several files of one text.
    pub(crate) fn commit_all(
        &self,
        branch: &str,
        from: Option<&str>,
        files: &[String],
        text: &str,
    ) -> String {
        let mut script =
            format!("commit refs/heads/{branch}\ncommitter ann <ann@example.org> 1507651200 +0000\n");
        script += "data 6\nchange\n";
        if let Some(parent) = self.tip(branch).or_else(|| from.and_then(|from| self.tip(from))) {
            script += &format!("from {parent}\n");
        }
        for file in files {
            script += &format!("M 100644 inline {file}\ndata {}\n{text}\n", text.len());
        }
        let mut command = Command::new("git");
        command.args(["fast-import", "--quiet", "--done"]).current_dir(&self.path).stdin(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(format!("{script}done\n").as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
        self.tip(branch).unwrap()
    }

    pub(crate) fn tip(&self, branch: &str) -> Option<String> {
        self.git(&["rev-parse", "-q", "--verify", &format!("refs/heads/{branch}")])
    }

    /// The tree of both together; none when they conflict.
    pub(crate) fn merged_tree(&self, base: &str, head: &str) -> Option<String> {
        self.git(&["merge-tree", "--write-tree", base, head])
    }

    /// Puts one commit on the base with all of the head.
    pub(crate) fn squash(&self, base: &str, head: &str, message: &str) -> Option<String> {
        let onto = self.tip(base)?;
        let tree = self.merged_tree(&onto, head)?;
        let commit = self.git(&["commit-tree", &tree, "-p", &onto, "-m", message])?;
        self.git(&["update-ref", &format!("refs/heads/{base}"), &commit])?;
        Some(commit)
    }

    pub(crate) fn files(&self, base: &str, head: &str) -> Vec<String> {
        let text = self.git(&["diff", "--name-only", &format!("{base}...{head}")]).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    pub(crate) fn count(&self, base: &str, head: &str) -> u64 {
        self.git(&["rev-list", "--count", &format!("{base}..{head}")]).unwrap().parse().unwrap()
    }
}
