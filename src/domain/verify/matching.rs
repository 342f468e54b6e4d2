//! Lays plan paths on diff paths: which stand for which, always at whole segments.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::globs::Globs;
use super::plan_path::PlanPath;
use super::segments::Segments;

/// Which planned paths were touched, and which touched paths were planned.
pub(super) struct Matches {
    /// One entry a plan path.
    pub(super) plan: Vec<Match>,
    /// One entry a diff path.
    pub(super) diff: Vec<Match>,
}

/// How a path of one side is found on the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Match {
    /// Not at all.
    None,
    /// Folder or pattern on the side of the plan, one of its files on the side of the diff.
    Within,
    /// Name by name.
    Named,
}

/// Compares every plan path with every diff path, by look-up rather than pair by pair.
///
/// A plan path stands for a diff path that is equal or ends with it, or with which it ends itself
/// (a plan may name a file by more folders than the repository has).
pub(super) fn matches(plan: &[PlanPath], diff: &BTreeSet<String>) -> Matches {
    let diff: Vec<Cow<'_, str>> = diff.iter().map(|path| slashed(path)).collect();
    let mut found = Matches { plan: vec![Match::None; plan.len()], diff: vec![Match::None; diff.len()] };
    let wanted = Wanted::of(plan);
    for (at, path) in diff.iter().enumerate() {
        let path = Segments::of(path);
        wanted.names.ends_of(&path, |which| found.note(which, at, Match::Named));
        wanted.folders.above(&path, |which| found.note(which, at, Match::Within));
        wanted.globs.describing(&path, |which| found.note(which, at, Match::Within));
    }
    longer_plan_paths(plan, &diff, &mut found);
    found
}

/// Finds the plan paths that end with a diff path.
fn longer_plan_paths(plan: &[PlanPath], diff: &[Cow<'_, str>], found: &mut Matches) {
    let by_name: BTreeMap<&str, usize> =
        diff.iter().enumerate().map(|(at, path)| (path.as_ref(), at)).collect();
    for (which, path) in plan.iter().enumerate() {
        let PlanPath::Plain(text) = path else { continue };
        let path = Segments::of(text);
        for at in (1..path.len()).filter_map(|first| by_name.get(path.from(first)?)) {
            found.note(which, *at, Match::Named);
        }
    }
}

impl Matches {
    /// Notes a pair; a match by name outweighs one within a folder.
    fn note(&mut self, plan: usize, diff: usize, how: Match) {
        for side in [self.plan.get_mut(plan), self.diff.get_mut(diff)].into_iter().flatten() {
            *side = how.max(*side);
        }
    }
}

/// The plan, ready for look-ups.
#[derive(Default)]
struct Wanted<'p> {
    names: Lookup<'p>,
    folders: Lookup<'p>,
    globs: Globs<'p>,
}

impl<'p> Wanted<'p> {
    fn of(plan: &'p [PlanPath]) -> Self {
        let mut wanted = Self::default();
        for (which, path) in plan.iter().enumerate() {
            match path {
                PlanPath::Plain(text) => {
                    wanted.names.add(text, which);
                    wanted.folders.add(text, which);
                }
                PlanPath::Folder(text) => wanted.folders.add(text, which),
                PlanPath::Pattern(text) => wanted.globs.add(text, which),
            }
        }
        wanted
    }
}

/// Plan paths by text, with the lengths in segments that occur among them.
#[derive(Default)]
struct Lookup<'p> {
    by_text: BTreeMap<&'p str, Vec<usize>>,
    lengths: BTreeSet<usize>,
}

impl<'p> Lookup<'p> {
    fn add(&mut self, text: &'p str, which: usize) {
        self.by_text.entry(text).or_default().push(which);
        self.lengths.insert(Segments::of(text).len());
    }

    /// Calls `found` with each entry that `path` equals or ends with.
    fn ends_of(&self, path: &Segments<'_>, mut found: impl FnMut(usize)) {
        for first in self.lengths.iter().map_while(|&length| path.len().checked_sub(length)) {
            self.get(path.from(first)).for_each(&mut found);
        }
    }

    /// Calls `found` with each entry that is a folder above `path`.
    fn above(&self, path: &Segments<'_>, mut found: impl FnMut(usize)) {
        for &length in &self.lengths {
            for end in length..path.len() {
                self.get(path.range(end - length, end)).for_each(&mut found);
            }
        }
    }

    fn get(&self, text: Option<&str>) -> impl Iterator<Item = usize> {
        text.and_then(|text| self.by_text.get(text)).into_iter().flatten().copied()
    }
}

fn slashed(path: &str) -> Cow<'_, str> {
    if path.contains('\\') { Cow::Owned(path.replace('\\', "/")) } else { Cow::Borrowed(path) }
}
