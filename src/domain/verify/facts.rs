//! What is kept of a diff once it was read; how it is read is `scan`.

use std::collections::BTreeSet;

use super::scan::DiffScan;

/// What a diff changed, as far as a plan can be compared with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DiffFacts {
    /// Every file that was changed, made, removed, renamed (both names) or copied (both names).
    ///
    /// Relative to the repository's root, with `/`; bytes that are not UTF-8 are replaced.
    pub paths: BTreeSet<String>,
    /// Added and removed lines; headers do not count.
    pub changed_lines: u64,
    /// Whether anything but white space changed: a line, a name, a mode, a binary file, or the
    /// existence of an empty file.
    pub meaningful: bool,
}

impl DiffFacts {
    /// Reads a whole diff.
    pub fn of(diff: &[u8]) -> Self {
        let mut scan = DiffScan::new();
        for line in diff.split(|&byte| byte == b'\n') {
            scan.line(line);
        }
        scan.finish()
    }
}
