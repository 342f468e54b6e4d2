//! PostgreSQL under a fleet: ours beside the floor (pgbench on a bare table) and beside the original's SQL, in alternation
//! on one server that this program starts and ends. `cargo bench --bench fleet -- [--quick] [--workers=N] SCENARIO...`;
//! without a scenario all of them. Only the ratios count.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the figures are what this program is for")]

#[path = "fleet/batch.rs"]
mod batch;
#[path = "fleet/claims.rs"]
mod claims;
#[path = "fleet/cpu.rs"]
mod cpu;
#[path = "fleet/figures.rs"]
mod figures;
#[path = "fleet/file.rs"]
mod file;
#[path = "fleet/fleet.rs"]
mod fleet;
#[path = "fleet/floor.rs"]
mod floor;
#[path = "fleet/groups.rs"]
mod groups;
#[path = "fleet/lives.rs"]
mod lives;
#[path = "fleet/original.rs"]
mod original;
#[path = "fleet/ours.rs"]
mod ours;
#[path = "fleet/rows.rs"]
mod rows;
#[path = "fleet/server.rs"]
mod server;
#[path = "fleet/share.rs"]
mod share;
#[path = "fleet/wake.rs"]
mod wake;

use server::Server;
use tokio::signal::unix::{SignalKind, signal};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const SCENARIOS: [&str; 9] =
    ["lives", "batch", "share", "claims", "wake", "sweep", "cascade", "heartbeats", "file"];

/// What every scenario has.
pub(crate) struct Bench {
    pub(crate) server: Server,
    pub(crate) quick: bool,
    /// Only with so many workers.
    pub(crate) only: Option<u32>,
}

impl Bench {
    pub(crate) fn rounds(&self) -> usize {
        if self.quick { 5 } else { 11 }
    }

    /// Lives of one round.
    pub(crate) fn lives(&self, workers: u32) -> u32 {
        (if self.quick { 200 } else { 400 }) * workers.min(3)
    }

    pub(crate) fn say(&self, line: &str) {
        println!("{line}");
    }
}

fn main() -> Result<()> {
    let (flags, names): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    if let Some(unknown) = names.iter().find(|name| !SCENARIOS.contains(&name.as_str())) {
        return Err(format!("there is no scenario {unknown}: {SCENARIOS:?}").into());
    }
    let flag = |name: &str| flags.iter().find_map(|flag| flag.strip_prefix(name));
    let only = flag("--workers=").map(str::parse).transpose()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    if let (Some(url), Some(workers), Some(lives)) = (flag("--at="), only, flag("--lives=")) {
        println!("{}", runtime.block_on(share::lives(url, workers, lives.parse()?))?);
        return Ok(());
    }
    // By this thread, which lives as long as the program.
    let bench = Bench { server: Server::start()?, quick: flags.iter().any(|flag| flag == "--quick"), only };
    runtime.block_on(async {
        let mut told_to_end = signal(SignalKind::terminate())?;
        tokio::select! {
            done = run(&bench, &names) => done,
            interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
            _ = told_to_end.recv() => Ok(()),
        }
    })
}

async fn run(bench: &Bench, names: &[String]) -> Result<()> {
    for name in SCENARIOS {
        if !names.is_empty() && !names.iter().any(|wanted| wanted == name) {
            continue;
        }
        let begun = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
        bench.say(&format!("\n{name} (load {})\n", begun.split(' ').next().unwrap_or_default()));
        match name {
            "lives" => lives::run(bench).await?,
            "batch" => batch::run(bench).await?,
            "share" => share::run(bench).await?,
            "claims" => claims::run(bench).await?,
            "wake" => wake::run(bench).await?,
            "sweep" => groups::sweep(bench).await?,
            "cascade" => groups::cascade(bench).await?,
            "heartbeats" => groups::heartbeats(bench).await?,
            _ => file::run(bench).await?,
        }
    }
    Ok(())
}
