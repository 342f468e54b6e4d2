//! Processes of an agent that left its process group, or whose group nobody noted: every descendant carries the path
//! of its payload in its environment, as the kernel keeps it from the start of each program.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};

/// A process may start another while it is looked for; so often is looked again.
const ROUNDS: u32 = 20;

/// Kills every process that was started with this payload, and says how many there were. Where the system does not
/// show environments (elsewhere than on Linux) it finds none.
pub(super) fn kill(payload: &Path) -> u32 {
    let mut killed = BTreeSet::new();
    for _ in 0..ROUNDS {
        let found = find(payload);
        if found.is_empty() {
            break;
        }
        let gone = found.into_iter().filter(|pid| kill_process(*pid, Signal::KILL).is_ok());
        killed.extend(gone.map(Pid::as_raw_nonzero));
        std::thread::yield_now();
    }
    u32::try_from(killed.len()).unwrap_or(u32::MAX)
}

fn find(payload: &Path) -> Vec<Pid> {
    let mark = [b"SPRINTGATE_PAYLOAD=", payload.as_os_str().as_bytes()].concat();
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let numbers = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    // A process that has ended and waits to be buried shows no environment.
    let carries = |pid: &i32| {
        let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|variable| variable == mark)
    };
    numbers.filter(carries).filter_map(Pid::from_raw).collect()
}
