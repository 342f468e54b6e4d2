//! Roll-up: what a story, backlog item and sprint are, from what lies beneath them (`original` 2.3).
//!
//! Derived by level, not by edge: the whole picture is read each time, so that two children that end together
//! cannot both overlook the other.

use super::backlog::{pbi, sprint, story};
use super::shift::Shift;
use super::task;

/// A decided change of a story.
pub type StoryShift = Shift<story::Status, story::Event>;
/// A decided change of a backlog item.
pub type PbiShift = Shift<pbi::Status, pbi::Event>;
/// A decided change of a sprint.
pub type SprintShift = Shift<sprint::Status, sprint::Event>;

/// What a story is: FAILED with a failed task; DONE when all tasks are handled (done or excluded, at least one
/// done); else IN_SPRINT or OPEN.
#[must_use]
pub fn story_status(tasks: &[task::Status], in_sprint: bool) -> story::Status {
    let handled = tasks.iter().all(|t| matches!(t, task::Status::Done | task::Status::Excluded));
    if tasks.contains(&task::Status::Failed) {
        story::Status::Failed
    } else if handled && tasks.contains(&task::Status::Done) {
        story::Status::Done
    } else if in_sprint {
        story::Status::InSprint
    } else {
        story::Status::Open
    }
}

/// What a backlog item is: BLOCKED stays; FAILED with a failed story; DONE when it has stories and all are
/// done; else READY.
#[must_use]
pub fn pbi_status(now: pbi::Status, stories: &[story::Status]) -> pbi::Status {
    if now == pbi::Status::Blocked {
        pbi::Status::Blocked
    } else if stories.contains(&story::Status::Failed) {
        pbi::Status::Failed
    } else if all_done(stories) {
        pbi::Status::Done
    } else {
        pbi::Status::Ready
    }
}

/// What a sprint is: ARCHIVED stays; FAILED with a failed story; CLOSED when it has stories and all are done;
/// else OPEN. Only the sprint's own stories count, not others of the same backlog items.
#[must_use]
pub fn sprint_status(now: sprint::Status, stories: &[story::Status]) -> sprint::Status {
    if now == sprint::Status::Archived {
        sprint::Status::Archived
    } else if stories.contains(&story::Status::Failed) {
        sprint::Status::Failed
    } else if all_done(stories) {
        sprint::Status::Closed
    } else {
        sprint::Status::Open
    }
}

fn all_done(stories: &[story::Status]) -> bool {
    !stories.is_empty() && stories.iter().all(|s| *s == story::Status::Done)
}

/// The change that makes a story what it is.
#[must_use]
pub fn story(now: story::Status, tasks: &[task::Status], in_sprint: bool) -> Option<StoryShift> {
    Shift::between(story::TRANSITIONS, now, story_status(tasks, in_sprint)).ok().flatten()
}

/// The change that makes a backlog item what it is.
#[must_use]
pub fn pbi(now: pbi::Status, stories: &[story::Status]) -> Option<PbiShift> {
    Shift::between(pbi::TRANSITIONS, now, pbi_status(now, stories)).ok().flatten()
}

/// The change that makes a sprint what it is.
#[must_use]
pub fn sprint(now: sprint::Status, stories: &[story::Status]) -> Option<SprintShift> {
    Shift::between(sprint::TRANSITIONS, now, sprint_status(now, stories)).ok().flatten()
}
