//! Processor time: this program's, and the server's with all its processes, those that ended too.

use std::fs;
use std::path::Path;

use crate::Result;
use crate::server::Server;

/// Seconds.
pub(crate) struct Cpu {
    pub(crate) ours: f64,
    pub(crate) theirs: f64,
}

/// Ticks of the kernel's clock in a second; Linux has no other for programs.
const TICKS: f64 = 100.0;

impl Cpu {
    pub(crate) fn now(server: &Server) -> Result<Self> {
        let postmaster = server.process();
        let mut theirs = 0.0;
        for entry in fs::read_dir("/proc")? {
            let path = entry?.path();
            if let Some((parent, own, waited)) = times(&path) {
                let is_it = path.file_name().is_some_and(|name| name == postmaster.to_string().as_str());
                theirs += match (is_it, parent == postmaster) {
                    // with those of its children that are gone
                    (true, _) => own + waited,
                    (_, true) => own,
                    _ => 0.0,
                };
            }
        }
        let (_, ours, _) = times(Path::new("/proc/self")).ok_or("there is no /proc")?;
        Ok(Self { ours: ours / TICKS, theirs: theirs / TICKS })
    }

    pub(crate) fn since(&self, before: &Self) -> Self {
        Self { ours: self.ours - before.ours, theirs: self.theirs - before.theirs }
    }
}

/// A process's parent, its ticks, and those of its children that it waited for.
fn times(process: &Path) -> Option<(u32, f64, f64)> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some((fields.get(1)?.parse().ok()?, number(11)? + number(12)?, number(13)? + number(14)?))
}
