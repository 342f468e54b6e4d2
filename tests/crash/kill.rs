//! Which processes belong to a shop, and their end.

use std::fs;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

/// Kills one process.
pub(super) fn one(pid: u32) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        let _ = kill_process(pid, Signal::KILL);
    }
}

/// Kills every process that has the folder as its home, until there is none.
pub(super) fn all_of(home: &Path) {
    loop {
        let living = of(home);
        if living.is_empty() {
            return;
        }
        living.into_iter().for_each(one);
        std::thread::yield_now();
    }
}

/// The living processes that have the folder as their home.
pub(super) fn of(home: &Path) -> Vec<u32> {
    let wanted = format!("HOME={}", home.display());
    with(&wanted)
}

/// The living processes that have this in their environment.
pub(super) fn with(variable: &str) -> Vec<u32> {
    let entries = fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|is| is == variable.as_bytes()) && lives(*pid)
    })
    .collect()
}

/// Whether the process is there, and no zombie.
pub(super) fn lives(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with(['Z', 'X']))
}
