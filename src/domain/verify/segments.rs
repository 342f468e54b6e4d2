//! A path cut at its slashes, so that matching never joins half a name to another.

/// A path and where its segments begin.
pub(super) struct Segments<'p> {
    path: &'p str,
    /// The start of each segment, and one past the end as if another followed.
    starts: Vec<usize>,
}

impl<'p> Segments<'p> {
    pub(super) fn of(path: &'p str) -> Self {
        let mut starts = vec![0];
        starts.extend(path.bytes().enumerate().filter(|&(_, byte)| byte == b'/').map(|(at, _)| at + 1));
        starts.push(path.len() + 1);
        Self { path, starts }
    }

    /// How many segments there are; at least one.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The segments from `first` to before `end`, with the slashes between them.
    pub(super) fn range(&self, first: usize, end: usize) -> Option<&'p str> {
        let (start, end) = (*self.starts.get(first)?, *self.starts.get(end)?);
        self.path.get(start..end.checked_sub(1)?)
    }

    /// The segments from `first` on.
    pub(super) fn from(&self, first: usize) -> Option<&'p str> {
        self.path.get(*self.starts.get(first)?..)
    }
}

#[cfg(test)]
mod tests {
    use super::Segments;

    #[test]
    fn a_range_is_a_run_of_whole_segments() {
        let path = Segments::of("src/verify/a.rs");
        assert_eq!(path.len(), 3);
        assert_eq!(path.range(0, 2), Some("src/verify"));
        assert_eq!(path.range(1, 2), Some("verify"));
        assert_eq!(path.range(2, 3), Some("a.rs"));
        assert_eq!(path.range(2, 4), None);
        assert_eq!(path.from(1), Some("verify/a.rs"));
        assert_eq!(Segments::of("").len(), 1);
    }
}
