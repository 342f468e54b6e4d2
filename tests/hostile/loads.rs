//! Cells that ask for too much: for memory, for time, or for a folder that is another one at each look.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::future::Future;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::{FileExt, MetadataExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use sprintgate::git::{GitError, Published};
use tokio::time::timeout;

use super::pack::{SIZES, bomb};
use super::trees::{commit, object};
use crate::git::ground::{Ground, head, place, run, work};

/// More work than an operation on a few small files is, in hundredths of a second of a processor.
const SOON: u64 = 1_500;
/// Longer than that takes on a busy machine.
const HANGS: Duration = Duration::from_secs(120);
const MIB: u64 = 1 << 20;

async fn soon<T>(what: &str, work: impl Future<Output = T>) -> T {
    let before = worked();
    let done = timeout(HANGS, work).await.unwrap_or_else(|_| panic!("{what} takes too long"));
    let took = worked() - before;
    assert!(took < SOON, "{what} takes {took} hundredths of a second");
    done
}

/// What this process and the programs that it started worked, in hundredths of a second.
fn worked() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = stat.rsplit_once(')').unwrap();
    fields.split_whitespace().skip(11).take(4).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
}

/// The most memory that this process had since `begin`, or that a git it started has, in bytes.
struct Memory {
    before: u64,
    children: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
    watch: Option<thread::JoinHandle<()>>,
}

impl Memory {
    fn begin() -> Self {
        let (children, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (most, end) = (children.clone(), over.clone());
        let watch = thread::spawn(move || {
            while !end.load(Ordering::Relaxed) {
                for entry in fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
                    let text = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
                    let is_child = text.contains(&format!("\nPPid:\t{}\n", std::process::id()));
                    if is_child && text.starts_with("Name:\tgit\n") {
                        most.fetch_max(field(&text, "VmHWM:"), Ordering::Relaxed);
                    }
                }
                thread::park_timeout(Duration::from_millis(5));
            }
        });
        // from here on the peak counts anew
        fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = field(&fs::read_to_string("/proc/self/status").unwrap(), "VmRSS:");
        Self { before, children, over, watch: Some(watch) }
    }

    /// What this process took more, and what the largest git took.
    fn end(mut self) -> (u64, u64) {
        let now = field(&fs::read_to_string("/proc/self/status").unwrap(), "VmHWM:");
        self.over.store(true, Ordering::Relaxed);
        self.watch.take().unwrap().join().unwrap();
        (now.saturating_sub(self.before), self.children.load(Ordering::Relaxed))
    }
}

fn field(status: &str, name: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// A file that is nearly all hole, with a word at its begin and one in its midst.
fn hole(path: &Path, size: u64) {
    let mut file = File::create(path).unwrap();
    file.set_len(size).unwrap();
    file.write_all(b"begin").unwrap();
    file.seek(SeekFrom::Start(size / 2)).unwrap();
    file.write_all(b"midst").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_gigabytes_of_nothing_take_neither_time_nor_memory() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "small", "small\n");
    // an attribute has whoever reads a file take all of it at once
    fs::write(made.path.join(".gitattributes"), "* text\n").unwrap();
    let size = 10 * 1024 * MIB;
    hole(&made.path.join("untracked"), size);
    hole(&made.path.join("small"), size);
    // in an index it has the size that it had
    hole(&made.path.join("read.me"), 8 * 1024 * MIB + 6);
    fs::write(made.path.join("note"), "never committed").unwrap();
    let memory = Memory::begin();
    let look = soon("look", ground.git.look(&ground.url, &one)).await.unwrap();
    assert_eq!(look.dirty, [".gitattributes", "note", "read.me", "small", "untracked"]);
    let packs = made.path.join(".git/objects/pack");
    hole(&packs.join(format!("pack-{}.pack", "ab".repeat(20))), size);
    let kept = soon("salvage", ground.git.salvage(&ground.url, &one)).await.unwrap().unwrap();
    let again = soon("remove", ground.git.remove_worktree(&ground.url, &one)).await.unwrap();
    assert_eq!(again.salvaged.map(|again| again.commit), Some(kept.commit));
    let (own, git) = memory.end();
    assert!(own < 64 * MIB && git < 128 * MIB, "{} MiB here, {} MiB in git", own / MIB, git / MIB);
    assert!(!made.path.exists());
    assert_eq!(ground.file_at(&kept.reference, "note"), b"never committed");
    for (name, size) in [("untracked", size), ("small", size), ("read.me", 8 * 1024 * MIB + 6)] {
        let text = String::from_utf8(ground.file_at(&kept.reference, name)).unwrap();
        assert!(text.contains(&format!("\npath {name}\nbytes {size}\n")), "{text}");
        let at = text.lines().find_map(|line| line.strip_prefix("kept as ")?.strip_suffix(" of the vault"));
        let file = File::open(ground.vault().join(at.unwrap())).unwrap();
        let meta = file.metadata().unwrap();
        assert_eq!(meta.len(), size);
        assert!(meta.blocks() * 512 < MIB, "{name}: {} blocks", meta.blocks());
        for (place, word) in [(0, b"begin"), (size / 2, b"midst")] {
            let mut bytes = [0; 5];
            file.read_exact_at(&mut bytes, place).unwrap();
            assert_eq!(&bytes, word, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_unpacks_to_a_thousand_times_its_size_passes_through() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    File::create(made.path.join("zeros")).unwrap().set_len(128 * MIB).unwrap();
    let head = work(&made.path, "a", "committed");
    let objects = fs::read_dir(made.path.join(".git/objects")).unwrap();
    let files = objects.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
    assert!(files.map(|file| file.unwrap().metadata().unwrap().len()).sum::<u64>() < MIB);
    let memory = Memory::begin();
    soon("look", ground.git.look(&ground.url, &one)).await.unwrap();
    let lines =
        ground.git.diff(&ground.url, &made.base, &head, Vec::new(), |all, line| all.push(line.to_vec()));
    let lines = soon("diff", lines).await.unwrap();
    assert!(lines.contains(&b"Binary files /dev/null and b/zeros differ".to_vec()), "{}", lines.len());
    let kept = soon("salvage", ground.git.salvage(&ground.url, &one)).await.unwrap().unwrap();
    assert_eq!(kept.commit, head);
    let (own, git) = memory.end();
    assert!(own < 64 * MIB && git < 100 * MIB, "{} MiB here, {} MiB in git", own / MIB, git / MIB);
    assert!(matches!(soon("push", ground.push(&one, &made, &head)).await, Published::Pushed { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_that_stands_for_sixteen_gigabytes_is_refused_and_kept_as_it_is() {
    for hidden in [false, true] {
        let ground = Ground::new(3);
        let one = place("one", 1);
        let made = ground.make(&one, "feat/x").await.unwrap();
        let good = work(&made.path, "a", "committed");
        let bomb = bomb(&made.path, hidden);
        let size = if hidden { 16 } else { SIZES[3] };
        assert_eq!(run(&made.path, &["cat-file", "-s", &bomb]), size.to_string());
        let id: Vec<u8> = (0..20).map(|n| u8::from_str_radix(&bomb[2 * n..2 * n + 2], 16).unwrap()).collect();
        let tree = object(&made.path, "tree", &[&b"100644 bomb\0"[..], &id].concat());
        commit(&made.path, &tree);
        let bad = head(&made.path);
        fs::write(made.path.join("note"), "never committed").unwrap();
        let memory = Memory::begin();
        let refused = soon("take", ground.git.take(&ground.url, &one, &bad)).await.unwrap_err();
        assert_eq!(matches!(refused, GitError::TooLarge { .. }), !hidden, "{refused}");
        soon("look", ground.git.look(&ground.url, &one)).await.unwrap_err();
        let removed = soon("remove", ground.git.remove_worktree(&ground.url, &one)).await.unwrap();
        let (own, git) = memory.end();
        assert!(own < 64 * MIB && git < 700 * MIB, "{} MiB here, {} MiB in git", own / MIB, git / MIB);
        let kept = removed.salvaged.unwrap().reference;
        assert_eq!(ground.file_at(&kept, "note"), b"never committed");
        assert_eq!(ground.file_at(&kept, "a"), b"committed");
        let aside = ground.vault().join("unreadable/one-a1");
        for id in [&good, &bad] {
            assert!(aside.join(&id.as_str()[..2]).join(&id.as_str()[2..]).exists(), "{id}");
        }
        assert!(aside.join(format!("pack/pack-{bomb}.pack")).exists());
        // whoever comes next is not in its way
        soon("make", ground.make(&place("two", 1), "feat/x")).await.unwrap();
    }
}

/// Everything below a folder: what it is, when it was changed and what is in it.
fn everything(folder: &Path) -> BTreeMap<PathBuf, (u32, i64, i64, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let meta = path.symlink_metadata().unwrap();
        let bytes = if meta.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        if meta.is_dir() {
            found.extend(everything(&path));
        }
        found.insert(path, (meta.mode(), meta.ctime(), meta.ctime_nsec(), bytes));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_swapped_for_a_link_leads_nowhere() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "a", "committed");
    fs::write(made.path.join("note"), "never committed").unwrap();
    let outside = ground.dir.path().join("outside");
    fs::create_dir_all(outside.join("deep")).unwrap();
    for name in ["f0", "precious", ".gitignore", "deep/precious"] {
        fs::write(outside.join(name), "not the cell's").unwrap();
    }
    let before = everything(&outside);
    let (d, aside) = (made.path.join("d"), made.path.join("aside"));
    for (name, text) in [("f0", "changed"), ("new", "in the folder")] {
        fs::write(d.join(name), text).unwrap();
    }
    let (over, swaps) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let swapper = {
        let (over, swaps, outside) = (over.clone(), swaps.clone(), outside.clone());
        thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                fs::rename(&d, &aside).unwrap();
                symlink(&outside, &d).unwrap();
                thread::yield_now();
                fs::remove_file(&d).unwrap();
                fs::rename(&aside, &d).unwrap();
                swaps.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    let mut rounds = 0;
    while rounds < 30 || swaps.load(Ordering::Relaxed) < 10_000 {
        // either answer is right: the folder is there, or it is not
        let _ = soon("look", ground.git.look(&ground.url, &one)).await;
        let _ = soon("salvage", ground.git.salvage(&ground.url, &one)).await;
        rounds += 1;
    }
    over.store(true, Ordering::Relaxed);
    swapper.join().unwrap();
    let kept = soon("remove", ground.git.remove_worktree(&ground.url, &one)).await.unwrap().salvaged.unwrap();
    assert_eq!(everything(&outside), before);
    for (name, text) in [("note", "never committed"), ("d/f0", "changed"), ("d/new", "in the folder")] {
        assert_eq!(ground.file_at(&kept.reference, name), text.as_bytes(), "{name}");
    }
    let theirs = git2::Oid::hash_object(git2::ObjectType::Blob, b"not the cell's").unwrap();
    let vault = git2::Repository::open_bare(ground.vault()).unwrap();
    assert!(vault.find_blob(theirs).is_err(), "a file outside was read in {rounds} rounds");
}
