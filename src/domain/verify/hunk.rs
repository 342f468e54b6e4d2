//! A hunk: how many lines its header promises, and what each of them is.

/// The lines of a hunk that are still to come.
///
/// Counting is what keeps content apart from headers: inside a hunk `--- a/x` is a removed line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hunk {
    /// An ordinary hunk: lines left of the old and of the new file.
    Two { old: u64, new: u64 },
    /// A merge's hunk: one column a parent. No counts are needed, because in such a diff every
    /// header follows a line that cannot be content.
    Merge { parents: usize },
}

/// What a line inside a hunk is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inside<'l> {
    /// Context, or a remark such as the one about a missing line end.
    Unchanged,
    /// Added or removed; what stands after the sign.
    Changed(&'l [u8]),
    /// No line of this hunk, whatever its header promised.
    Foreign,
}

impl Hunk {
    /// Reads `@@ -a,b +c,d @@`; a missing count is 1.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let signs = line.iter().take_while(|&&byte| byte == b'@').count();
        let mut words = line.get(signs..)?.strip_prefix(b" ")?.split(|&byte| byte == b' ');
        match signs {
            0 | 1 => None,
            2 => {
                let old = length(words.next()?.strip_prefix(b"-")?)?;
                let new = length(words.next()?.strip_prefix(b"+")?)?;
                words.next()?.starts_with(b"@@").then_some(Self::Two { old, new })
            }
            _ => words.next()?.starts_with(b"-").then_some(Self::Merge { parents: signs - 1 }),
        }
    }

    /// Whether every promised line was seen.
    pub(super) fn is_over(self) -> bool {
        self == Self::Two { old: 0, new: 0 }
    }

    /// Says what `line` is and counts it off.
    pub(super) fn take<'l>(&mut self, line: &'l [u8]) -> Inside<'l> {
        match self {
            Self::Two { old, new } => match line {
                [b'+', text @ ..] if *new > 0 => {
                    *new -= 1;
                    Inside::Changed(text)
                }
                [b'-', text @ ..] if *old > 0 => {
                    *old -= 1;
                    Inside::Changed(text)
                }
                // Editors and mailers strip the blank of an empty context line.
                [b' ', ..] | [] | [b'\r'] => {
                    *old = old.saturating_sub(1);
                    *new = new.saturating_sub(1);
                    Inside::Unchanged
                }
                [b'\\', ..] => Inside::Unchanged,
                _ => Inside::Foreign,
            },
            Self::Merge { parents } => match line {
                [b' ' | b'+' | b'-', ..] => {
                    let (columns, text) = line.split_at((*parents).min(line.len()));
                    let changed = columns.iter().any(|&sign| sign != b' ');
                    if changed { Inside::Changed(text) } else { Inside::Unchanged }
                }
                [] | [b'\\', ..] => Inside::Unchanged,
                _ => Inside::Foreign,
            },
        }
    }
}

/// The length in `start,length` or `start`.
fn length(range: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(range).ok()?;
    match text.split_once(',') {
        Some((start, length)) => start.parse::<u64>().ok().and(length.parse().ok()),
        None => text.parse::<u64>().ok().map(|_| 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_promises_lines() {
        let two = |old, new| Some(Hunk::Two { old, new });
        assert_eq!(Hunk::parse(b"@@ -1,3 +4,5 @@ fn main()"), two(3, 5));
        assert_eq!(Hunk::parse(b"@@ -1 +1 @@"), two(1, 1));
        assert_eq!(Hunk::parse(b"@@ -0,0 +1,2 @@"), two(0, 2));
        assert_eq!(Hunk::parse(b"@@@ -1,3 -1,3 +1,5 @@@"), Some(Hunk::Merge { parents: 2 }));
        for other in ["", "@", "@@", "@@ ", "@@ -1", "@@ -1 +1", "@@ -x +1 @@", "@ -1 +1 @", "@@-1 +1 @@"] {
            assert_eq!(Hunk::parse(other.as_bytes()), None, "{other}");
        }
        assert_eq!(Hunk::parse(b"@@ -1,99999999999999999999 +1 @@"), None);
    }

    #[test]
    fn lines_are_counted_off() {
        let mut hunk = Hunk::Two { old: 2, new: 1 };
        assert_eq!(hunk.take(b"--- a/x"), Inside::Changed(b"-- a/x"));
        assert_eq!(hunk.take(b"\\ No newline at end of file"), Inside::Unchanged);
        assert_eq!(hunk.take(b""), Inside::Unchanged);
        assert!(hunk.is_over());
        assert_eq!(hunk.take(b"+x"), Inside::Foreign);
        assert_eq!(hunk.take(b"-x"), Inside::Foreign);
        assert_eq!(hunk.take(b"diff --git a/x b/x"), Inside::Foreign);
        let mut hunk = Hunk::Two { old: 2, new: 2 };
        for line in [b"+a", b"-b", b"-c", b"+d"] {
            assert!(!hunk.is_over());
            assert!(matches!(hunk.take(line), Inside::Changed(_)));
        }
        assert!(hunk.is_over());
    }

    #[test]
    fn a_merge_has_a_column_for_each_parent() {
        let mut hunk = Hunk::Merge { parents: 2 };
        assert_eq!(hunk.take(b"  same"), Inside::Unchanged);
        assert_eq!(hunk.take(b" +one"), Inside::Changed(b"one"));
        assert_eq!(hunk.take(b"--two"), Inside::Changed(b"two"));
        assert_eq!(hunk.take(b"+"), Inside::Changed(b""));
        assert_eq!(hunk.take(b""), Inside::Unchanged);
        assert_eq!(hunk.take(b"\\ No newline at end of file"), Inside::Unchanged);
        assert_eq!(hunk.take(b"diff --cc x"), Inside::Foreign);
    }
}
