//! One pattern of a plan: `*` stands for a part of one name, `**` for any run of folders.

use super::segments::Segments;

/// A pattern, ready to be laid on paths.
///
/// Like a plain path of a plan it may start at any folder, so `*.ts` means every such file.
pub(super) struct Glob<'p> {
    /// Up to the last `**`, which may be the one that every pattern starts with unsaid.
    front: Vec<Name<'p>>,
    /// What follows it: the names a path must end with. They are tried first, as most paths fail there.
    back: Vec<Name<'p>>,
}

/// One segment of a pattern.
#[derive(Clone, Copy)]
enum Name<'p> {
    /// `**`
    Folders,
    /// Exactly this.
    Literal(&'p str),
    /// What stands before the first star, after the last, and between them, stars included.
    Starred { before: &'p str, between: &'p str, after: &'p str },
}

impl<'p> Glob<'p> {
    pub(super) fn of(pattern: &'p str) -> Self {
        let names = pattern.trim_start_matches('/').split('/').map(Name::of);
        let mut front: Vec<_> = [Name::Folders].into_iter().chain(names).collect();
        let last = front.iter().rposition(|name| matches!(name, Name::Folders)).unwrap_or_default();
        let back = front.split_off(last + 1);
        Self { front, back }
    }

    /// A name without stars that every matching path has, and how far it is from the path's end.
    ///
    /// The longest one, as the one that fewest paths have.
    pub(super) fn key(&self) -> Option<(usize, &'p str)> {
        let literals = self.back.iter().rev().enumerate().filter_map(|(distance, name)| match name {
            Name::Literal(text) => Some((distance, *text)),
            _ => None,
        });
        literals.max_by_key(|(_, text)| text.len())
    }

    /// Whether the pattern describes the whole path or its end.
    pub(super) fn matches(&self, path: &Segments<'_>) -> bool {
        let Some(rest) = path.len().checked_sub(self.back.len()) else { return false };
        let fits = |name: Name<'_>, at| path.range(at, at + 1).is_some_and(|segment| name.fits(segment));
        if !self.back.iter().zip(rest..path.len()).rev().all(|(name, at)| fits(*name, at)) {
            return false;
        }
        if self.front.len() == 1 {
            return true;
        }
        wild(
            self.front.len(),
            rest,
            |part| matches!(self.front.get(part), Some(Name::Folders)),
            |part, at| self.front.get(part).is_some_and(|name| fits(*name, at)),
        )
    }
}

impl<'p> Name<'p> {
    fn of(text: &'p str) -> Self {
        match text.split_once('*') {
            Some(_) if text == "**" => Self::Folders,
            Some((before, rest)) => {
                let (between, after) = rest.rsplit_once('*').unwrap_or(("", rest));
                Self::Starred { before, between, after }
            }
            None => Self::Literal(text),
        }
    }

    fn fits(self, segment: &str) -> bool {
        match self {
            Self::Folders => true,
            Self::Literal(text) => text == segment,
            Self::Starred { before, between, after } => {
                segment.strip_prefix(before).and_then(|end| end.strip_suffix(after)).is_some_and(|middle| {
                    between.is_empty() || middle_fits(between.as_bytes(), middle.as_bytes())
                })
            }
        }
    }
}

/// Whether `middle` holds the texts of `between` in order, apart by any stretch.
fn middle_fits(between: &[u8], middle: &[u8]) -> bool {
    wild(
        between.len() + 2,
        middle.len(),
        |at| at == 0 || at > between.len() || between.get(at - 1) == Some(&b'*'),
        |part, at| part.checked_sub(1).and_then(|part| between.get(part)) == middle.get(at),
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
        assert!(!Glob::of(&(pattern + "c*")).matches(&Segments::of(&path)));
        let parts = "**/x/".repeat(1000) + "y*";
        assert!(!Glob::of(&parts).matches(&Segments::of(&"x/".repeat(2000))));
    }
}
