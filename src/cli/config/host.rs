//! The name of this machine, which worktrees and workers carry.

use std::process::{Command, Stdio};

use super::ConfigError;

/// The name that the system has for this machine.
pub(super) fn name() -> Result<String, ConfigError> {
    let from_kernel = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = match from_kernel.filter(|name| !name.trim().is_empty()) {
        Some(name) => name,
        None => {
            // elsewhere than on Linux there is no such file, and the program is part of every Unix
            let uname = Command::new("uname").arg("-n").stdin(Stdio::null()).stderr(Stdio::null()).output();
            uname.ok().and_then(|out| String::from_utf8(out.stdout).ok()).unwrap_or_default()
        }
    };
    let name = name.trim();
    if fits(name) { Ok(name.to_owned()) } else { Err(ConfigError::NoHost) }
}

/// Whether the text can be the name of a machine.
pub(super) fn fits(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic())
}
