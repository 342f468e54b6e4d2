//! The git program as oracle: random histories, half of them made by people at the remote, in which one twin is worked
//! on by us and the other by plain git. After each step both say the same.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use proptest::prelude::*;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::push::PushClass;
use sprintgate::git::{DeleteAsk, Deleted, Place, Worktree};

use super::ground::{Ground, branch, command, head, place, run, tip};

const BRANCHES: [&str; 3] = ["feat/one", "feat/two", "trunk"];
const FILES: [&str; 6] = ["read.me", "d/f0", "new", "deep/er/x", "ignored", "name with é"];
const SLOTS: usize = 2;

/// What happens next; numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    /// An attempt begins, on one of the first two branches.
    Make(usize, usize),
    Write(usize, usize, u8),
    Remove(usize, usize),
    Link(usize, usize),
    Chmod(usize, usize),
    Rename(usize, usize, usize),
    Commit(usize),
    Amend(usize),
    /// Goes back by a commit, which nothing names any more.
    Reset(usize),
    Look(usize),
    Diff(usize),
    Publish(usize),
    Clear(usize),
    /// A person commits to a branch of the remote.
    Theirs(usize, u8),
    /// A person moves a branch of the remote back by a commit.
    Back(usize),
    /// A person deletes a branch of the remote.
    Gone(usize),
    /// We delete a branch of the remote, if we may.
    Delete(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let (slot, file, name) = (0..SLOTS, 0..FILES.len(), 0..2_usize);
    prop_oneof![
        6 => (slot.clone(), name.clone()).prop_map(|(slot, name)| Step::Make(slot, name)),
        8 => (slot.clone(), file.clone(), 0..4_u8).prop_map(|(slot, file, text)| Step::Write(slot, file, text)),
        2 => (slot.clone(), file.clone()).prop_map(|(slot, file)| Step::Remove(slot, file)),
        1 => (slot.clone(), file.clone()).prop_map(|(slot, file)| Step::Link(slot, file)),
        1 => (slot.clone(), file.clone()).prop_map(|(slot, file)| Step::Chmod(slot, file)),
        1 => (slot.clone(), file.clone(), file).prop_map(|(slot, from, to)| Step::Rename(slot, from, to)),
        6 => slot.clone().prop_map(Step::Commit),
        1 => slot.clone().prop_map(Step::Amend),
        1 => slot.clone().prop_map(Step::Reset),
        2 => slot.clone().prop_map(Step::Look),
        2 => slot.clone().prop_map(Step::Diff),
        4 => slot.clone().prop_map(Step::Publish),
        3 => slot.prop_map(Step::Clear),
        2 => (0..BRANCHES.len(), 0..4_u8).prop_map(|(name, text)| Step::Theirs(name, text)),
        1 => name.clone().prop_map(Step::Back),
        1 => name.clone().prop_map(Step::Gone),
        1 => name.prop_map(Step::Delete),
    ]
}

/// An attempt: a cell of ours, and a worktree of the twin.
struct Attempt {
    place: Place,
    made: Worktree,
    twin: PathBuf,
    published: bool,
}

struct Twins {
    ground: Ground,
    /// The twin's remote.
    origin: PathBuf,
    /// The twin's clone, whose worktrees its attempts are.
    clone: PathBuf,
    slots: [Option<Attempt>; SLOTS],
    number: u32,
    clock: u64,
}

impl Twins {
    fn new() -> Self {
        let ground = Ground::new(2);
        let root = ground.dir.path().canonicalize().unwrap();
        run(&root, &["clone", "-q", "--bare", ground.origin.to_str().unwrap(), "twin.git"]);
        run(&root, &["clone", "-q", "twin.git", "twin"]);
        run(&root, &["clone", "-q", "twin.git", "desk"]);
        let (origin, clone) = (root.join("twin.git"), root.join("twin"));
        Self { ground, origin, clone, slots: [None, None], number: 0, clock: 1_800_000_000 }
    }

    fn origins(&self) -> [&Path; 2] {
        [&self.ground.origin, &self.origin]
    }

    /// The same command in both folders at the same moment, so that equal commits have equal names.
    fn both(&mut self, folders: [&Path; 2], args: &[&str]) {
        self.clock += 1;
        for folder in folders {
            dated(folder, self.clock, args);
        }
    }

    async fn take(&mut self, step: &Step) {
        match *step {
            Step::Make(slot, name) if self.slots[slot].is_none() => self.make(slot, BRANCHES[name]).await,
            Step::Write(slot, file, text) => self.edit(slot, |folder| {
                clear(&folder.join(FILES[file]));
                fs::create_dir_all(folder.join(FILES[file]).parent().unwrap()).unwrap();
                fs::write(folder.join(FILES[file]), format!("{text}\n").repeat(usize::from(text) * 20))
                    .unwrap();
            }),
            Step::Remove(slot, file) => self.edit(slot, |folder| clear(&folder.join(FILES[file]))),
            Step::Link(slot, file) => self.edit(slot, |folder| {
                clear(&folder.join(FILES[file]));
                fs::create_dir_all(folder.join(FILES[file]).parent().unwrap()).unwrap();
                symlink("../../elsewhere", folder.join(FILES[file])).unwrap();
            }),
            Step::Chmod(slot, file) => self.edit(slot, |folder| {
                if folder.join(FILES[file]).symlink_metadata().is_ok_and(|meta| meta.is_file()) {
                    fs::set_permissions(folder.join(FILES[file]), fs::Permissions::from_mode(0o755)).unwrap();
                }
            }),
            Step::Rename(slot, from, to) if from != to => self.edit(slot, |folder| {
                if folder.join(FILES[from]).symlink_metadata().is_ok() {
                    clear(&folder.join(FILES[to]));
                    fs::create_dir_all(folder.join(FILES[to]).parent().unwrap()).unwrap();
                    fs::rename(folder.join(FILES[from]), folder.join(FILES[to])).unwrap();
                }
            }),
            Step::Commit(slot) => self.commit(slot, &["commit", "-q", "--allow-empty", "-m", "work"]),
            Step::Amend(slot) => {
                self.commit(slot, &["commit", "-q", "--allow-empty", "--amend", "-m", "amended"])
            }
            Step::Reset(slot) => self.reset(slot),
            Step::Look(slot) => self.look(slot).await,
            Step::Diff(slot) => self.diff(slot).await,
            Step::Publish(slot) => self.publish(slot).await,
            Step::Clear(slot) => self.clear(slot).await,
            Step::Theirs(name, text) => self.theirs(BRANCHES[name], text),
            Step::Back(name) => {
                let full = format!("refs/heads/{}", BRANCHES[name]);
                let parent = said(&self.origin, &["rev-parse", "--verify", "-q", &format!("{full}^")]);
                if let Some(parent) = parent {
                    self.both_origins(&["update-ref", &full, &parent]);
                }
            }
            Step::Gone(name) => {
                self.both_origins(&["update-ref", "-d", &format!("refs/heads/{}", BRANCHES[name])])
            }
            Step::Delete(name) => self.delete(BRANCHES[name]).await,
            Step::Make(..) | Step::Rename(..) => {}
        }
        let refs =
            |origin: &Path| run(origin, &["for-each-ref", "--format=%(refname) %(objectname)", "refs/heads"]);
        let [ours, theirs] = self.origins().map(refs);
        assert_eq!(ours, theirs, "after {step:?}");
    }

    fn both_origins(&self, args: &[&str]) {
        for origin in self.origins() {
            run(origin, args);
        }
    }

    /// From the branch at the remote, or else from its default branch.
    async fn make(&mut self, slot: usize, name: &str) {
        self.number += 1;
        let place = place("one", self.number);
        let made = self.ground.make(&place, name).await.unwrap();
        run(&self.clone, &["fetch", "-q", "--prune"]);
        let start = [name, "trunk"].iter().find_map(|name| tip(&self.origin, &format!("refs/heads/{name}")));
        let start = start.unwrap();
        let twin = self.clone.with_file_name(format!("twin-{}", self.number));
        run(&self.clone, &["worktree", "add", "-q", "--detach", twin.to_str().unwrap(), start.as_str()]);
        assert_eq!(made.published, tip(&self.origin, &format!("refs/heads/{name}")));
        assert_eq!((&made.base, head(&made.path)), (&start, start.clone()));
        let files = |folder: &Path| run(folder, &["ls-files", "-s"]);
        assert_eq!(files(&made.path), files(&twin));
        assert_eq!(status(&made.path), BTreeSet::new());
        self.slots[slot] = Some(Attempt { place, made, twin, published: false });
    }

    fn edit(&self, slot: usize, change: impl Fn(&Path)) {
        if let Some(attempt) = &self.slots[slot] {
            [&attempt.made.path, &attempt.twin].into_iter().for_each(|folder| change(folder));
        }
    }

    fn commit(&mut self, slot: usize, args: &[&str]) {
        let Some(attempt) = &self.slots[slot] else { return };
        let folders = [attempt.made.path.clone(), attempt.twin.clone()];
        let folders = [folders[0].as_path(), folders[1].as_path()];
        self.both(folders, &["add", "-A"]);
        self.both(folders, args);
        assert_eq!(head(folders[0]), head(folders[1]));
    }

    fn reset(&mut self, slot: usize) {
        let Some(attempt) = &self.slots[slot] else { return };
        if said(&attempt.twin, &["rev-parse", "--verify", "-q", "HEAD^"]).is_some() {
            for folder in [&attempt.made.path, &attempt.twin] {
                run(folder, &["reset", "-q", "--hard", "HEAD^"]);
            }
        }
    }

    async fn look(&self, slot: usize) {
        let Some(attempt) = &self.slots[slot] else { return };
        let look = self.ground.git.look(&self.ground.url, &attempt.place).await.unwrap();
        assert_eq!(look.head, head(&attempt.twin));
        assert_eq!(look.branch.as_deref(), Some(attempt.made.branch.as_str()));
        assert_eq!(look.dirty.into_iter().collect::<BTreeSet<_>>(), status(&attempt.twin));
    }

    async fn diff(&self, slot: usize) {
        let Some(attempt) = &self.slots[slot] else { return };
        let (url, base, head) = (&self.ground.url, &attempt.made.base, head(&attempt.twin));
        self.ground.git.take(url, &attempt.place, &head).await.unwrap();
        let feed = |names: &mut BTreeSet<String>, line: &[u8]| {
            let line = String::from_utf8_lossy(line);
            names.extend(line.strip_prefix("diff --git ").map(|names| names.trim_end().to_owned()));
        };
        let ours = self.ground.git.diff(url, base, &head, BTreeSet::new(), feed).await;
        // From where both came; what was begun anew came from nowhere.
        let plain = said(&attempt.twin, &["diff", "--no-color", "-M", &format!("{base}...{head}")]);
        let theirs = plain.map(|text| {
            let names = text.lines().filter_map(|line| line.strip_prefix("diff --git "));
            names.map(str::to_owned).collect::<BTreeSet<_>>()
        });
        assert_eq!(ours.ok(), theirs);
    }

    /// We move a branch when plain git would both without force and with the lease of where the attempt found it.
    async fn publish(&mut self, slot: usize) {
        let Some(attempt) = self.slots[slot].as_mut().filter(|attempt| !attempt.published) else { return };
        let full = attempt.made.branch.full();
        let (at, found) = (head(&attempt.twin), tip(&self.origin, &full));
        let to = format!("HEAD:{full}");
        let expected = attempt.made.published.as_ref().map_or("", CommitId::as_str);
        let lease = format!("--force-with-lease={full}:{expected}");
        let may = |args: &[&str]| {
            let all = [&["push", "-q", "--dry-run"], args, &["origin", &to]].concat();
            command(&attempt.twin, &all).output().unwrap().status.success()
        };
        let wanted = if at == attempt.made.base {
            PushClass::Nothing
        } else if found.as_ref() == Some(&at) || (may(&[]) && may(&[&lease])) {
            PushClass::Pushed
        } else {
            PushClass::Conflict
        };
        let came = self.ground.publish(&attempt.place, &attempt.made).await;
        assert_eq!(came.class(), wanted, "{came:?}, found {found:?}, expected {expected}");
        if wanted == PushClass::Pushed {
            run(&attempt.twin, &["push", "-q", &lease, "origin", &to]);
            attempt.published = true;
        }
    }

    /// Whatever could be reached before can be reached in the vault, or at the remote where it was published.
    async fn clear(&mut self, slot: usize) {
        let Some(attempt) = self.slots[slot].take() else { return };
        let dirty = !status(&attempt.twin).is_empty();
        let commits = run(&attempt.twin, &["log", "-g", "--format=%H", "HEAD"]);
        let removed = self.ground.git.remove_worktree(&self.ground.url, &attempt.place).await.unwrap();
        assert!(!attempt.made.path.exists());
        if dirty {
            run(&attempt.twin, &["add", "-A"]);
            let tree = run(&attempt.twin, &["write-tree"]);
            let kept = removed.salvaged.expect("something was not committed").commit;
            assert_eq!(run(&self.ground.vault(), &["rev-parse", &format!("{kept}^{{tree}}")]), tree);
        }
        for commit in commits.lines() {
            let names = ["for-each-ref", "--count=1", "--format=%(refname)", "--contains", commit];
            let vault = self.ground.vault();
            let found = [&vault, &self.ground.origin].into_iter().filter_map(|repo| said(repo, &names));
            assert!(found.into_iter().any(|name| !name.is_empty()), "{commit} is lost");
        }
    }

    fn theirs(&mut self, name: &str, text: u8) {
        let desk = self.clone.with_file_name("desk");
        let Some(at) =
            [name, "trunk"].iter().find_map(|name| tip(&self.origin, &format!("refs/heads/{name}")))
        else {
            return;
        };
        run(&desk, &["fetch", "-q", "--prune"]);
        run(&desk, &["checkout", "-q", "--detach", at.as_str()]);
        fs::write(desk.join("theirs"), format!("{text} {}\n", self.clock)).unwrap();
        run(&desk, &["add", "-A"]);
        self.clock += 1;
        dated(&desk, self.clock, &["commit", "-q", "-m", "theirs"]);
        for origin in self.origins() {
            run(&desk, &["push", "-q", origin.to_str().unwrap(), &format!("HEAD:refs/heads/{name}")]);
        }
    }

    /// We delete a branch whose commits another branch has.
    async fn delete(&self, name: &str) {
        let (wanted, full) = (branch(name), format!("refs/heads/{name}"));
        let ask = DeleteAsk { url: &self.ground.url, branch: &wanted, pulls: &[] };
        let came = self.ground.git.delete_branch(ask).await.unwrap();
        let Some(at) = tip(&self.origin, &full) else {
            assert_eq!(came, Deleted::Gone);
            return;
        };
        let having = run(
            &self.origin,
            &["for-each-ref", "--format=%(refname)", "--contains", at.as_str(), "refs/heads"],
        );
        if having.lines().any(|other| other != full) {
            run(&self.origin, &["update-ref", "-d", &full]);
            assert_eq!(came, Deleted::Deleted { was: at });
        } else {
            assert_eq!(came, Deleted::StillNeeded { tip: at });
        }
    }
}

/// Whatever is there goes.
fn clear(path: &Path) {
    match path.symlink_metadata() {
        Ok(meta) if meta.is_dir() => fs::remove_dir_all(path).unwrap(),
        Ok(_) => fs::remove_file(path).unwrap(),
        Err(_) => {}
    }
}

fn at_time(command: &mut Command, clock: u64) -> &mut Command {
    let date = format!("{clock} +0000");
    command.env("GIT_AUTHOR_DATE", &date).env("GIT_COMMITTER_DATE", date)
}

fn dated(folder: &Path, clock: u64, args: &[&str]) {
    let mut command = command(folder, args);
    let output = at_time(&mut command, clock).output().unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// What git says, if it succeeds.
fn said(folder: &Path, args: &[&str]) -> Option<String> {
    let output = command(folder, args).output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap().trim_end().to_owned())
}

/// What git calls changed or untracked.
fn status(folder: &Path) -> BTreeSet<String> {
    let text = run(folder, &["status", "--porcelain", "-z", "-uall", "--no-renames"]);
    text.split('\0').filter(|line| !line.is_empty()).map(|line| line[3..].to_owned()).collect()
}

/// A few histories, or as many as `PROPTEST_CASES` says.
fn walks() -> ProptestConfig {
    let usual = ProptestConfig::default();
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { usual.cases } else { 4 };
    ProptestConfig { cases, max_shrink_iters: 60, ..usual }
}

proptest! {
    #![proptest_config(walks())]
    #[test]
    fn git_and_we_say_the_same(steps in prop::collection::vec(step(), 10..30)) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let mut twins = Twins::new();
            for step in &steps {
                twins.take(step).await;
            }
            for slot in 0..SLOTS {
                twins.clear(slot).await;
            }
        });
    }
}
