//! Reads a unified diff line by line and keeps only its facts.
//!
//! ```text
//! Preamble ──"diff …"──▶ Header ──"---"/"+++"──▶ Body ──"@@ … @@"──▶ Hunk
//!    │                     │                      ▲ │                  │
//!    └──────"---"/"+++"────┼──────────────────────┘ └──"diff …"──▶ …  │
//!                          │                      ▲                    │
//!                          ▼                      └── counted off ─────┘
//!                        Binary ──"diff …"──▶ Header
//! ```

use super::blank::is_blank;
use super::facts::DiffFacts;
use super::header::{Names, Side, bare_name, binary_names, git_names, side_name};
use super::hunk::{Hunk, Inside};

/// A diff being read.
///
/// Memory is bounded by the paths; a line is looked at once and not kept. Input that is no diff is
/// skipped, never refused.
#[derive(Debug, Default)]
pub struct DiffScan {
    facts: DiffFacts,
    place: Place,
    names: Names,
    /// A file was made or removed, and no line of it was seen yet: it may be empty.
    perhaps_empty: bool,
}

/// Where in the diff the next line stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    /// Before the first file.
    #[default]
    Preamble,
    /// After a `diff` line.
    Header,
    /// After `---` or `+++`, or after a hunk: a header or a hunk follows.
    Body,
    /// In a hunk with lines to come.
    Hunk(Hunk),
    /// In a binary patch, which only the next file ends.
    Binary,
}

impl DiffScan {
    /// Starts before the first line.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the next line, given without its `\n`; a `\r` at its end may stay.
    pub fn line(&mut self, line: &[u8]) {
        let Place::Hunk(hunk) = &mut self.place else { return self.outside(line) };
        let inside = hunk.take(line);
        if hunk.is_over() {
            self.place = Place::Body;
        }
        match inside {
            Inside::Unchanged => {}
            Inside::Changed(text) => self.changed(text),
            Inside::Foreign => {
                self.place = Place::Body;
                self.outside(line);
            }
        }
    }

    /// Ends the reading.
    pub fn finish(mut self) -> DiffFacts {
        self.settle();
        self.facts
    }

    fn outside(&mut self, line: &[u8]) {
        let header = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(rest) = header.strip_prefix(b"diff ") {
            return self.next_file(rest);
        }
        match self.place {
            Place::Binary => {}
            Place::Header => self.git_header(header),
            Place::Preamble | Place::Body | Place::Hunk(_) => self.plain(line, header),
        }
    }

    fn next_file(&mut self, rest: &[u8]) {
        self.settle();
        self.place = Place::Header;
        self.names = if let Some(names) = rest.strip_prefix(b"--git ") {
            git_names(names)
        } else {
            let merged = rest.strip_prefix(b"--cc ").or_else(|| rest.strip_prefix(b"--combined "));
            let name = merged.and_then(bare_name);
            Names { old: name.clone(), new: name }
        };
    }

    /// A line between `diff --git` and the first hunk.
    fn git_header(&mut self, header: &[u8]) {
        let (old, new) = (&mut self.names.old, &mut self.names.new);
        if let Some(name) = after(header, &[b"rename from ", b"copy from "]) {
            *old = bare_name(name);
            self.touched();
        } else if let Some(name) = after(header, &[b"rename to ", b"copy to "]) {
            *new = bare_name(name);
            self.touched();
        } else if after(header, &[b"old mode ", b"new mode ", b"mode "]).is_some() {
            self.touched();
        } else if after(header, &[b"new file mode ", b"deleted file mode "]).is_some() {
            // Whether this alone means something is known when the next file begins.
            self.touch();
            self.perhaps_empty = true;
        } else if header == b"GIT binary patch" {
            self.touched();
            self.perhaps_empty = false;
            self.place = Place::Binary;
        } else {
            self.plain(header, header);
        }
    }

    /// A line that every unified diff can have outside a hunk.
    fn plain(&mut self, line: &[u8], header: &[u8]) {
        match header {
            [b'-', b'-', b'-', b' ', name @ ..] => {
                if self.place != Place::Header {
                    self.names = Names::default();
                }
                self.side(Side::Old, name);
            }
            [b'+', b'+', b'+', b' ', name @ ..] => self.side(Side::New, name),
            [b'@', b'@', ..] => {
                if let Some(hunk) = Hunk::parse(header) {
                    self.place = Place::Hunk(hunk);
                }
            }
            [b'B', ..] => {
                let between = header.strip_prefix(b"Binary files ").and_then(|h| h.strip_suffix(b"differ"));
                if let Some(between) = between {
                    self.binary(between.trim_ascii_end());
                }
            }
            // The line above the version at the end of a mailed patch.
            b"-- " => {}
            // More lines than the hunk promised, or no hunk header at all: they did change.
            [b'+' | b'-', ..] if self.place == Place::Body => {
                self.changed(line.get(1..).unwrap_or_default());
            }
            _ => {}
        }
    }

    fn side(&mut self, side: Side, text: &[u8]) {
        let known = match side {
            Side::Old => self.names.old.as_deref(),
            Side::New => self.names.new.as_deref(),
        };
        if let Some(name) = side_name(text, side, known) {
            self.facts.paths.insert(name);
        }
        self.perhaps_empty = false;
        self.place = Place::Body;
    }

    fn binary(&mut self, between: &[u8]) {
        let named = binary_names(between, &self.names);
        if named.old.is_some() || named.new.is_some() {
            self.names = named;
        }
        self.touched();
        self.perhaps_empty = false;
    }

    fn changed(&mut self, text: &[u8]) {
        self.facts.changed_lines += 1;
        if !self.facts.meaningful && !is_blank(text) {
            self.facts.meaningful = true;
        }
    }

    /// Notes the file's names, and that something other than its lines changed.
    fn touched(&mut self) {
        if self.touch() {
            self.facts.meaningful = true;
        }
    }

    /// Notes the file's names; false when it has none.
    fn touch(&mut self) -> bool {
        let names = [&self.names.old, &self.names.new];
        self.facts.paths.extend(names.into_iter().flatten().cloned());
        names.iter().any(|name| name.is_some())
    }

    /// Ends the file: one that was made or removed without a line is an empty file.
    fn settle(&mut self) {
        if std::mem::take(&mut self.perhaps_empty) {
            self.facts.meaningful = true;
        }
    }
}

fn after<'l>(line: &'l [u8], starts: &[&[u8]]) -> Option<&'l [u8]> {
    starts.iter().find_map(|start| line.strip_prefix(*start))
}
