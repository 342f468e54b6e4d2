//! Worktrees beside plain git's, in alternation: made, looked at with their diff, removed. The remote has 20,000 files in
//! 5,000 commits, and 200 worktrees come and go, ten of each kind at once.
//! `cargo bench --bench git -- [--quick] [--worktrees=N] [--at-once=N]`. Only the ratios count.

#![allow(clippy::print_stdout, reason = "the figures are what this program is for")]

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sprintgate::domain::branch::BranchName;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::id::JobId;
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::git::{Git, GitSettings, Place, WorktreeAsk};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// How much is made and measured.
struct Size {
    files: usize,
    commits: usize,
    worktrees: usize,
    at_once: usize,
}

impl Size {
    fn asked() -> Result<Self> {
        let flags: Vec<String> = std::env::args().skip(1).collect();
        let quick = flags.iter().any(|flag| flag == "--quick");
        let mut size = if quick {
            Self { files: 2_000, commits: 500, worktrees: 20, at_once: 5 }
        } else {
            Self { files: 20_000, commits: 5_000, worktrees: 200, at_once: 10 }
        };
        let number = |name: &str| flags.iter().find_map(|flag| flag.strip_prefix(name)).map(str::parse);
        size.worktrees = number("--worktrees=").transpose()?.unwrap_or(size.worktrees);
        size.at_once = number("--at-once=").transpose()?.unwrap_or(size.at_once).max(1);
        Ok(size)
    }
}

/// The times of one step, ours and git's, pair by pair.
#[derive(Default)]
struct Step {
    ours: Vec<Duration>,
    plain: Vec<Duration>,
}

impl Step {
    fn line(&mut self, name: &str) -> String {
        self.ours.sort_unstable();
        self.plain.sort_unstable();
        let at = |times: &[Duration], part: usize| {
            times.get((times.len().saturating_sub(1)) * part / 100).copied().unwrap_or_default().as_secs_f64()
        };
        let ms = |times: &[Duration]| format!("{:.0}, {:.0}", at(times, 50) * 1e3, at(times, 95) * 1e3);
        let ratio = |part| at(&self.ours, part) / at(&self.plain, part);
        let (ours, plain) = (ms(&self.ours), ms(&self.plain));
        format!("| {name} | {ours} | {plain} | {:.2}, {:.2} |", ratio(50), ratio(95))
    }
}

/// The repositories of one run.
struct Ground {
    root: PathBuf,
    url: RemoteUrl,
    clone: PathBuf,
    git: Git,
}

fn main() -> Result<()> {
    let size = Size::asked()?;
    let folder = tempfile::tempdir()?;
    let ground = Ground::make(folder.path(), &size)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    println!(
        "{} worktrees, {} at once, of {} files in {} commits; load {}",
        size.worktrees,
        size.at_once,
        size.files,
        size.commits,
        load()
    );
    let begun = Instant::now();
    let mut steps = runtime.block_on(ground.measure(&size))?;
    println!("\n| step | ours, p50 and p95, ms | plain git, p50 and p95, ms | ratio |\n|---|---|---|---|");
    let names = [
        "`fetch` and `worktree add`; a worktree is made",
        "`status` and `diff base...HEAD`; it is looked at, its commit taken and compared",
        "`worktree remove --force`; what it holds is kept, and it goes",
    ];
    for (step, name) in steps.iter_mut().zip(names) {
        println!("{}", step.line(name));
    }
    println!("\n{:.0} s; load {}", begun.elapsed().as_secs_f64(), load());
    Ok(())
}

impl Ground {
    fn make(root: &Path, size: &Size) -> Result<Self> {
        let root = root.canonicalize()?;
        let origin = root.join("origin.git");
        git(&root, &["init", "-q", "--bare", "-b", "trunk", "origin.git"])?;
        let stream = root.join("stream");
        history(&stream, size)?;
        let mut import = Command::new("git");
        import.args(["fast-import", "--quiet"]).current_dir(&origin);
        let status = command(&mut import).stdin(File::open(&stream)?).status()?;
        if !status.success() {
            return Err("git fast-import failed".into());
        }
        fs::remove_file(stream)?;
        git(&root, &["clone", "-q", "origin.git", "clone"])?;
        let settings = GitSettings {
            worktree_root: root.join("ours"),
            vault_root: root.join("vault"),
            timeout: Duration::from_secs(600),
            credential_helper: None,
        };
        fs::create_dir(root.join("plain"))?;
        let url = RemoteUrl::new(origin.display().to_string())?;
        Ok(Self { clone: root.join("clone"), git: Git::new(settings)?, url, root })
    }

    /// The steps, in the order of a worktree's life.
    async fn measure(&self, size: &Size) -> Result<[Step; 3]> {
        let [mut made, mut seen, mut gone]: [Step; 3] = Default::default();
        // The vault is made once for a repository, as a clone is.
        self.make_ours(&self.place(usize::MAX)?, "warm").await?;
        self.git.remove_worktree(&self.url, &self.place(usize::MAX)?).await?;
        for first in (0..size.worktrees).step_by(size.at_once) {
            let numbers = first..(first + size.at_once).min(size.worktrees);
            let mut bases = Vec::new();
            for number in numbers.clone() {
                // Who comes first changes from one to the next.
                for ours in [number % 2 == 0, number % 2 == 1] {
                    let begun = Instant::now();
                    if ours {
                        bases.push(self.make_ours(&self.place(number)?, &format!("feat/{number}")).await?);
                        made.ours.push(begun.elapsed());
                    } else {
                        self.make_plain(number)?;
                        made.plain.push(begun.elapsed());
                    }
                }
            }
            for (number, base) in numbers.clone().zip(&bases) {
                for ours in [number % 2 == 0, number % 2 == 1] {
                    let folder = self.folder(number, ours)?;
                    fs::write(folder.join("work"), format!("of {number}\n"))?;
                    git(&folder, &["add", "-A"])?;
                    git(&folder, &["commit", "-q", "-m", "work"])?;
                    let begun = Instant::now();
                    if ours {
                        self.verify_ours(&self.place(number)?, base).await?;
                        seen.ours.push(begun.elapsed());
                    } else {
                        git(&folder, &["status", "--porcelain"])?;
                        git(&folder, &["diff", &format!("{base}...HEAD")])?;
                        seen.plain.push(begun.elapsed());
                    }
                }
            }
            for number in numbers {
                for ours in [number % 2 == 0, number % 2 == 1] {
                    let folder = self.folder(number, ours)?;
                    let begun = Instant::now();
                    if ours {
                        let removed = self.git.remove_worktree(&self.url, &self.place(number)?).await?;
                        gone.ours.push(begun.elapsed());
                        removed.salvaged.ok_or("nothing was kept")?;
                    } else {
                        git(&self.clone, &["worktree", "remove", "--force", &folder.display().to_string()])?;
                        gone.plain.push(begun.elapsed());
                    }
                }
            }
        }
        Ok([made, seen, gone])
    }

    fn place(&self, number: usize) -> Result<Place> {
        Ok(Place { job: JobId::new(format!("job{number}"))?, attempt: 1 })
    }

    fn folder(&self, number: usize, ours: bool) -> Result<PathBuf> {
        if ours {
            Ok(self.git.path_of(&self.place(number)?))
        } else {
            Ok(self.root.join(format!("plain/{number}")))
        }
    }

    async fn make_ours(&self, place: &Place, branch: &str) -> Result<CommitId> {
        let branch = BranchName::new(branch)?;
        let ask = WorktreeAsk { url: &self.url, place: place.clone(), branch: &branch, trailers: None };
        Ok(self.git.make_worktree(ask).await?.base)
    }

    /// Ours asks the remote where it stands each time, and so does this.
    fn make_plain(&self, number: usize) -> Result<()> {
        git(&self.clone, &["fetch", "-q", "origin"])?;
        let folder = self.folder(number, false)?.display().to_string();
        let branch = format!("plain/{number}");
        git(&self.clone, &["worktree", "add", "-q", "--no-track", "-b", &branch, &folder, "origin/trunk"])
    }

    async fn verify_ours(&self, place: &Place, base: &CommitId) -> Result<()> {
        let look = self.git.look(&self.url, place).await?;
        let count = |lines: &mut usize, _: &[u8]| *lines += 1;
        let lines = self.git.diff(&self.url, base, &look.head, 0, count).await?;
        if lines == 0 || !look.dirty.is_empty() {
            return Err("the work was not seen".into());
        }
        Ok(())
    }
}

/// A first commit with all the files, and then as many as are asked for, each of which changes three of them.
fn history(to: &Path, size: &Size) -> Result<()> {
    let mut out = BufWriter::new(File::create(to)?);
    for commit in 0..size.commits {
        let who = format!("bench <bench@example.org> {} +0000", 1_700_000_000 + commit);
        let title = format!("commit {commit}");
        write!(out, "commit refs/heads/trunk\ncommitter {who}\ndata {}\n{title}\n", title.len())?;
        let changed: Vec<usize> = if commit == 0 {
            (0..size.files).collect()
        } else {
            [7, 11, 13].iter().map(|step| commit * step % size.files).collect()
        };
        for file in changed {
            let text = format!("file {file} as of {commit}\n").repeat(1 + file % 40);
            let path = format!("src/part{}/module{}/file{file}.txt", file % 20, file / 20 % 50);
            write!(out, "M 100644 inline {path}\ndata {}\n{text}\n", text.len())?;
        }
        writeln!(out)?;
    }
    Ok(out.flush()?)
}

fn git(folder: &Path, args: &[&str]) -> Result<()> {
    let output = command(Command::new("git").args(args).current_dir(folder)).stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("git {args:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// As a person's, without the settings of this machine.
fn command(command: &mut Command) -> &mut Command {
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "bench").env(format!("GIT_{who}_EMAIL"), "bench@example.org");
    }
    command
}

fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().unwrap_or("unknown").to_owned()
}
