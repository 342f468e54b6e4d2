//! Roll-up: everything above a task that changes with it, from one picture of the locked rows (`original`
//! 2.3).
//!
//! By level, not by edge: the whole picture is read each time, so that two children that end together cannot
//! both overlook the other, and a run that began under a FAILED sprint is judged by its own jobs.
//!
//! ```
//! use sprintgate::domain::backlog::{pbi, sprint, story};
//! use sprintgate::domain::rollup::{Above, Picture, Rolled, roll_up};
//! use sprintgate::domain::run::{Tally, Verdict};
//! use sprintgate::domain::task;
//!
//! // The last task of the last story is done.
//! let picture = Picture {
//!     story: story::Status::InSprint,
//!     tasks: vec![task::Status::Done, task::Status::Excluded],
//!     pbi: Above { now: pbi::Status::Ready, others: vec![story::Status::Done] },
//!     sprint: Some(Above { now: sprint::Status::Open, others: vec![story::Status::Open] }),
//!     run: Some((Tally { done: 2, ..Tally::default() }, false)),
//! };
//! let rolled = roll_up(&picture);
//! assert!(matches!(
//!     rolled[..],
//!     [Rolled::Story(story), Rolled::Pbi(item), Rolled::Run(Verdict::Complete)]
//!         if story.to() == story::Status::Done && item.to() == pbi::Status::Done
//! ));
//! ```
//!
//! The sprint has another story that is not done, and stays as it is.

use super::backlog::{pbi, sprint, story};
use super::run::{Tally, Verdict, settle};
use super::task;

/// What stands above a task, read under locks after the task's change and before anything above it is written.
/// Locks are taken in the order of the fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The task's story.
    pub story: story::Status,
    /// All tasks of the story, as they are now.
    pub tasks: Vec<task::Status>,
    /// The story's backlog item.
    pub pbi: Above<pbi::Status>,
    /// The story's sprint; a story without one is OPEN where it would be IN_SPRINT.
    pub sprint: Option<Above<sprint::Status>>,
    /// The run to settle with it, if one is live: its jobs, and whether a failure that cascades ends it at once.
    pub run: Option<(Tally, bool)>,
}

/// Something that stands above stories.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Above<S> {
    /// Where it is.
    pub now: S,
    /// Its other stories, without the one that the picture is of.
    pub others: Vec<story::Status>,
}

impl<S: Copy> Above<S> {
    fn with(&self, story: story::Status) -> Vec<story::Status> {
        self.others.iter().copied().chain([story]).collect()
    }
}

/// One thing that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rolled {
    /// The story.
    Story(story::Shift),
    /// The backlog item.
    Pbi(pbi::Shift),
    /// The sprint.
    Sprint(sprint::Shift),
    /// The run ends; never `GoesOn`.
    Run(Verdict),
}

/// Whether a story has the same of a task before and after, so that nothing above it can change: work that is planned,
/// done or looked at is open, all the same.
#[must_use]
pub fn weigh_the_same(before: task::Status, after: task::Status) -> bool {
    let open =
        |status| matches!(status, task::Status::ToDo | task::Status::InProgress | task::Status::Review);
    before == after || (open(before) && open(after))
}

/// What changes, in the order in which it is written: story, backlog item, sprint, run. Said again of the picture
/// that results, nothing changes.
#[must_use]
pub fn roll_up(picture: &Picture) -> Vec<Rolled> {
    let Picture { story: now, tasks, pbi, sprint, run } = picture;
    let story = story::derive(*now, tasks, sprint.is_some());
    let after = story.map_or(*now, |shift| shift.to());
    let pbi = pbi::derive(pbi.now, &pbi.with(after));
    let sprint = sprint.as_ref().and_then(|sprint| sprint::derive(sprint.now, &sprint.with(after)));
    let run = run.map(|(tally, at_once)| settle(tally, at_once)).filter(|end| *end != Verdict::GoesOn);
    let all =
        [story.map(Rolled::Story), pbi.map(Rolled::Pbi), sprint.map(Rolled::Sprint), run.map(Rolled::Run)];
    all.into_iter().flatten().collect()
}
