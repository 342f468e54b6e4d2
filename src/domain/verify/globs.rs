//! All patterns of a plan, found by a name that a path must have before they are tried.

use std::collections::{BTreeMap, BTreeSet};

use super::glob::Glob;
use super::segments::Segments;

/// Patterns with a number each.
#[derive(Default)]
pub(super) struct Globs<'p> {
    keyed: BTreeMap<(usize, &'p str), Vec<(Glob<'p>, usize)>>,
    /// The distances from the end that occur among the keys.
    distances: BTreeSet<usize>,
    /// Patterns that have a star in every name; these are tried on every path.
    loose: Vec<(Glob<'p>, usize)>,
}

impl<'p> Globs<'p> {
    pub(super) fn add(&mut self, pattern: &'p str, which: usize) {
        let glob = Glob::of(pattern);
        match glob.key() {
            Some(key) => {
                self.distances.insert(key.0);
                self.keyed.entry(key).or_default().push((glob, which));
            }
            None => self.loose.push((glob, which)),
        }
    }

    /// Calls `found` with each pattern that describes `path`.
    pub(super) fn describing(&self, path: &Segments<'_>, mut found: impl FnMut(usize)) {
        let keyed = self.distances.iter().filter_map(|&distance| {
            let at = path.len().checked_sub(distance + 1)?;
            self.keyed.get(&(distance, path.range(at, at + 1)?))
        });
        let candidates = keyed.flatten().chain(&self.loose);
        candidates.filter(|(glob, _)| glob.matches(path)).for_each(|(_, which)| found(*which));
    }
}
