//! A remote, a person's clone and the server's folders, made anew for each test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use sprintgate::domain::branch::{BranchName, Sent};
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::id::JobId;
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::git::{Git, GitError, GitSettings, Place, PublishAsk, Published, Worktree, WorktreeAsk};
use tempfile::TempDir;

pub(crate) struct Ground {
    pub dir: TempDir,
    pub origin: PathBuf,
    pub clone: PathBuf,
    pub url: RemoteUrl,
    pub git: Git,
}

impl Ground {
    /// A remote whose default branch is `trunk` and has `files` files in one commit.
    pub(crate) fn new(files: usize) -> Self {
        let dir = TempDir::new().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let (origin, clone) = (root.join("origin.git"), root.join("clone"));
        run(&root, &["init", "-q", "--bare", "-b", "trunk", "origin.git"]);
        run(&root, &["init", "-q", "-b", "trunk", "seed"]);
        let seed = root.join("seed");
        fs::create_dir(seed.join("d")).unwrap();
        fs::write(seed.join("read.me"), "hello\n").unwrap();
        fs::write(seed.join(".gitignore"), "ignored\n").unwrap();
        for i in 0..files {
            fs::write(seed.join(format!("d/f{i}")), format!("{i}\n").repeat(100)).unwrap();
        }
        commit(&seed, "seed");
        run(&seed, &["push", "-q", origin.to_str().unwrap(), "trunk"]);
        run(&root, &["clone", "-q", origin.to_str().unwrap(), "clone"]);
        let settings = GitSettings {
            worktree_root: root.join("work"),
            vault_root: root.join("vault"),
            timeout: Duration::from_secs(60),
            credential_helper: None,
        };
        let url = RemoteUrl::new(origin.to_str().unwrap()).unwrap();
        Self { git: Git::new(settings).unwrap(), url, origin, clone, dir }
    }

    pub(crate) async fn make(&self, place: &Place, name: &str) -> Result<Worktree, GitError> {
        let branch = branch(name);
        let ask = WorktreeAsk { url: &self.url, place: place.clone(), branch: &branch, trailers: None };
        self.git.make_worktree(ask).await
    }

    /// Tries to make a worktree of what is at that address.
    pub(crate) async fn make_at(&self, url: &RemoteUrl) -> Result<Worktree, GitError> {
        let branch = branch("feat/x");
        let ask = WorktreeAsk { url, place: place("one", 1), branch: &branch, trailers: None };
        self.git.make_worktree(ask).await
    }

    /// Takes the worktree's HEAD and publishes it as `place` would.
    pub(crate) async fn publish(&self, place: &Place, made: &Worktree) -> Published {
        let head = head(&made.path);
        self.git.take(&self.url, place, &head).await.unwrap();
        self.push(place, made, &head).await
    }

    pub(crate) async fn push(&self, place: &Place, made: &Worktree, head: &CommitId) -> Published {
        self.push_knowing(place, made, head, &[]).await
    }

    /// Publishes with what is known of the commit that is on the branch.
    pub(crate) async fn push_knowing(
        &self,
        place: &Place,
        made: &Worktree,
        head: &CommitId,
        sent: &[Sent],
    ) -> Published {
        let ask = PublishAsk {
            url: &self.url,
            sent,
            place,
            branch: &made.branch,
            head,
            base: &made.base,
            expected: made.published.as_ref(),
        };
        self.git.publish(ask).await.unwrap()
    }

    /// The tip of a branch on the remote.
    pub(crate) fn at_origin(&self, name: &str) -> Option<CommitId> {
        tip(&self.origin, &format!("refs/heads/{name}"))
    }

    /// The vault.
    pub(crate) fn vault(&self) -> PathBuf {
        self.git.vault_of(&self.url)
    }

    /// A file as a ref of the vault has it.
    pub(crate) fn file_at(&self, reference: &str, path: &str) -> Vec<u8> {
        let repo = git2::Repository::open(self.vault()).unwrap();
        let tree = repo.find_reference(reference).unwrap().peel_to_tree().unwrap();
        let entry = tree.get_path(Path::new(path)).unwrap_or_else(|e| panic!("{path}: {e}"));
        repo.find_blob(entry.id()).unwrap().content().to_vec()
    }
}

pub(crate) fn place(job: &str, attempt: u32) -> Place {
    Place { job: JobId::new(job).unwrap(), attempt }
}

pub(crate) fn branch(name: &str) -> BranchName {
    BranchName::new(name).unwrap()
}

pub(crate) fn tip(repo: &Path, reference: &str) -> Option<CommitId> {
    let repo = git2::Repository::open(repo).unwrap();
    repo.refname_to_id(reference).ok().map(|oid| CommitId::new(oid.to_string()).unwrap())
}

pub(crate) fn head(folder: &Path) -> CommitId {
    CommitId::new(run(folder, &["rev-parse", "HEAD"])).unwrap()
}

/// Writes a file and commits everything, as an agent does.
pub(crate) fn work(folder: &Path, file: &str, text: &str) -> CommitId {
    fs::write(folder.join(file), text).unwrap();
    commit(folder, file);
    head(folder)
}

fn commit(folder: &Path, title: &str) {
    run(folder, &["add", "-A"]);
    run(folder, &["commit", "-q", "-m", title]);
}

/// Runs git as a person does and wants it to succeed.
pub(crate) fn run(folder: &Path, args: &[&str]) -> String {
    let output = command(folder, args).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

pub(crate) fn command(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(folder)
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "agent").env(format!("GIT_{who}_EMAIL"), "agent@example.org");
    }
    command
}
