//! One pattern of a plan: `*` stands for a part of one name, `**` for any run of folders.

use super::segments::Segments;

/// A pattern, ready to be laid on paths.
///
/// Like a plain path of a plan it may start at any folder, so `*.ts` means every such file.
pub(super) struct Glob<'p> {
    /// The runs of names before the last `**`, in order; any folders may lie before and after each of them.
    front: Vec<Vec<Name<'p>>>,
    /// What follows it: the names a path must end with. They are tried first, as most paths fail there.
    back: Vec<Name<'p>>,
}

/// One segment of a pattern that is not `**`.
enum Name<'p> {
    /// Exactly this.
    Literal(&'p str),
    /// What stands before the first star, after the last, and between them, stars included.
    Starred { before: &'p str, between: &'p str, after: &'p str },
}

impl<'p> Glob<'p> {
    pub(super) fn of(pattern: &'p str) -> Self {
        let names: Vec<_> = pattern.trim_start_matches('/').split('/').collect();
        let run = |names: &[&'p str]| names.iter().map(|name| Name::of(name)).collect();
        let mut front: Vec<_> = names.split(|name| *name == "**").map(run).collect();
        let back = front.pop().unwrap_or_default();
        Self { front, back }
    }

    /// A name without stars that every matching path has, and how far it is from the path's end.
    ///
    /// The longest one, as the one that fewest paths have.
    pub(super) fn key(&self) -> Option<(usize, &'p str)> {
        let literals = self.back.iter().rev().enumerate().filter_map(|(distance, name)| match name {
            Name::Literal(text) => Some((distance, *text)),
            Name::Starred { .. } => None,
        });
        literals.max_by_key(|(_, text)| text.len())
    }

    /// Whether the pattern describes the whole path or its end.
    pub(super) fn matches(&self, path: &Segments<'_>) -> bool {
        let Some(rest) = path.len().checked_sub(self.back.len()) else { return false };
        let fit = |names: &[Name<'_>], at: usize| {
            let mut pairs = names.iter().zip(at..at + names.len()).rev();
            pairs.all(|(name, at)| path.range(at, at + 1).is_some_and(|segment| name.fits(segment)))
        };
        if !fit(&self.back, rest) {
            return false;
        }
        // Each run at the first place where it fits: that leaves most to the runs after it.
        let mut runs = self.front.iter();
        let end = runs.try_fold(0, |from, run| {
            let place = (from..(rest + 1).saturating_sub(run.len())).find(|&at| fit(run, at))?;
            Some(place + run.len())
        });
        end.is_some()
    }
}

impl<'p> Name<'p> {
    fn of(text: &'p str) -> Self {
        match text.split_once('*') {
            Some((before, rest)) => {
                let (between, after) = rest.rsplit_once('*').unwrap_or(("", rest));
                Self::Starred { before, between, after }
            }
            None => Self::Literal(text),
        }
    }

    fn fits(&self, segment: &str) -> bool {
        match self {
            Self::Literal(text) => *text == segment,
            Self::Starred { before, between, after } => {
                let middle = segment.strip_prefix(before).and_then(|end| end.strip_suffix(after));
                let mut texts = between.split('*');
                // Each text at its first place: that leaves most to the texts after it.
                middle.is_some_and(|middle| {
                    texts.try_fold(middle, |rest, text| Some(rest.split_once(text)?.1)).is_some()
                })
            }
        }
    }
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
            ("*b*c*/x", "bc/x"),
            ("a*bc*de*f", "abcbdede-f"),
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
            ("src/a.ts/*.ts", "a.ts"),
            ("src/**/a/b/*.ts", "src/a/x.ts"),
            ("a/**/a/**/*.ts", "a/x.ts"),
            ("*bc*bc*", "abcd"),
            ("*b*c*", "cb"),
            ("ab*ba", "aba"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }

    #[test]
    fn the_key_is_the_longest_name_that_stands_fast() {
        assert_eq!(Glob::of("src/**/deep/mod.rs/x*").key(), Some((1, "mod.rs")));
        assert_eq!(Glob::of("folders/**/a/*").key(), Some((1, "a")));
        assert_eq!(Glob::of("folders/**/*.ts").key(), None);
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
