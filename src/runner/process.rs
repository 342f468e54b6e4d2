//! Which process a number means: numbers are used again, and a start time tells two of them apart.

use std::fs;

use rustix::process::{Pid, Signal, kill_process, kill_process_group, test_kill_process_group};

use super::folder::About;

/// A process of this machine, told apart from later ones of the same number.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Process {
    /// Its number; the leader of a group gives the group its number.
    pub(super) pid: u32,
    /// When it started, in the kernel's ticks since the machine did.
    pub(super) started: u64,
    /// Which start of the machine that was.
    pub(super) boot: String,
}

impl Process {
    /// The process of this number as it is now; none when there is none, or when the system does not tell.
    pub(super) fn of(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        Some(Self { pid, started: start_time(&stat)?, boot: boot.trim().to_owned() })
    }

    /// Whether the process is still there.
    pub(super) fn is_there(&self) -> bool {
        Self::of(self.pid).as_ref() == Some(self)
    }

    /// Kills the group that the process leads. True when there was one.
    pub(super) fn kill_group(&self) -> bool {
        let Some(group) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else { return false };
        kill_process_group(group, Signal::KILL).is_ok()
    }

    /// Whether nothing of the group is left.
    pub(super) fn group_is_gone(&self) -> bool {
        let Some(group) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else { return true };
        test_kill_process_group(group).is_err()
    }
}

/// Kills every process that was started for the attempt: all of them have its names in their environment. Returns how
/// many there were. This finds what no note tells of: an agent whose runner died before it could note it, and what an
/// agent that is gone left behind.
pub(super) fn kill_all_of(about: &About) -> usize {
    let named = [format!("SPRINTGATE_JOB_ID={}", about.job), format!("SPRINTGATE_ATTEMPT={}", about.attempt)];
    let entries = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| *pid != std::process::id())
        .filter(|pid| {
            // The environments of other users' processes, and of those that just ended, cannot be read.
            let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let has = |name: &String| environment.split(|byte| *byte == 0).any(|is| is == name.as_bytes());
            named.iter().all(has)
        })
        .filter_map(|pid| Pid::from_raw(i32::try_from(pid).ok()?))
        .filter(|pid| kill_process(*pid, Signal::KILL).is_ok())
        .count()
}

/// The 22nd field. The second one is the program's name in parentheses, which may hold anything.
fn start_time(stat: &str) -> Option<u64> {
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_program_cannot_move_the_fields() {
        let fields: Vec<String> = (3..=52).map(|n| n.to_string()).collect();
        for name in ["sh", "a b", "x) 1 2 (y", ")"] {
            let stat = format!("12 ({name}) {}", fields.join(" "));
            assert_eq!(start_time(&stat), Some(22), "{name}");
        }
        assert_eq!(start_time("12 (sh"), None);
    }

    #[test]
    fn we_are_ourselves_and_nobody_else() {
        let ours = Process::of(std::process::id()).unwrap();
        assert!(ours.is_there());
        assert!(!Process { started: ours.started + 1, ..ours.clone() }.is_there());
        assert!(!Process { boot: "another".to_owned(), ..ours }.is_there());
    }
}
