//! Patterns in a plan: `*` stands for a part of one name, `**` for any run of folders.

use super::segments::Segments;

/// A pattern, ready to be laid on paths.
///
/// Like a plain path of a plan it may start at any folder, so `*.ts` means every such file.
pub(super) struct Glob<'p> {
    parts: Vec<&'p str>,
    /// What follows the last star: a path that ends otherwise is turned down without a closer look.
    tail: &'p str,
}

impl<'p> Glob<'p> {
    pub(super) fn of(pattern: &'p str) -> Self {
        let mut parts = vec![ANY];
        parts.extend(pattern.trim_start_matches('/').split('/'));
        let tail = parts.last().and_then(|last| last.rsplit('*').next()).unwrap_or_default();
        Self { parts, tail }
    }

    /// Whether the pattern describes the whole path or its end.
    pub(super) fn matches(&self, path: &Segments<'_>) -> bool {
        if !path.from(0).is_some_and(|text| text.ends_with(self.tail)) {
            return false;
        }
        wild(
            self.parts.len(),
            path.len(),
            |part| self.parts.get(part) == Some(&ANY),
            |part, at| match (self.parts.get(part), path.range(at, at + 1)) {
                (Some(pattern), Some(name)) => name_matches(pattern.as_bytes(), name.as_bytes()),
                _ => false,
            },
        )
    }
}

const ANY: &str = "**";

fn name_matches(pattern: &[u8], name: &[u8]) -> bool {
    wild(
        pattern.len(),
        name.len(),
        |at| pattern.get(at) == Some(&b'*'),
        |part, at| pattern.get(part) == name.get(at),
    )
}

/// Matches a pattern with stars against a text, both given by length and comparison.
///
/// Only the last star is ever tried again, so the time is at most the product of the lengths.
fn wild(
    pattern: usize,
    text: usize,
    star: impl Fn(usize) -> bool,
    same: impl Fn(usize, usize) -> bool,
) -> bool {
    let (mut part, mut at) = (0, 0);
    let mut last_star = None;
    while at < text {
        if part < pattern && star(part) {
            part += 1;
            last_star = Some((part, at));
        } else if part < pattern && same(part, at) {
            part += 1;
            at += 1;
        } else if let Some((after, from)) = last_star {
            part = after;
            at = from + 1;
            last_star = Some((after, at));
        } else {
            return false;
        }
    }
    (part..pattern).all(star)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_its_folder() {
        let matches = |pattern, path| Glob::of(pattern).matches(&Segments::of(path));
        for (pattern, path) in [
            ("src/*.ts", "src/a.ts"),
            ("src/*.ts", "app/src/a.ts"),
            ("*.test.ts", "src/deep/a.test.ts"),
            ("src/**/*.ts", "src/a.ts"),
            ("src/**/*.ts", "src/a/b/c.ts"),
            ("src/*/mod.rs", "src/domain/mod.rs"),
            ("a/**/b/**/c*", "a/x/b/b/y/cd"),
            ("a*b*c/x", "aXbYbZc/x"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("src/*.ts", "src/a/b.ts"),
            ("src/*.ts", "mysrc/a.ts"),
            ("src/*.ts", "src/a.tsx"),
            ("src/*/mod.rs", "src/mod.rs"),
            ("src/**/*.ts", "src/a/b.rs"),
            ("a*b", "a/b"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = "*a".repeat(2000);
        let path = format!("{}b", "a".repeat(4000));
        assert!(!name_matches(pattern.as_bytes(), path.as_bytes()));
        let parts = "**/x/".repeat(1000) + "y*";
        assert!(!Glob::of(&parts).matches(&Segments::of(&"x/".repeat(2000))));
    }
}
