//! Jobs that end, effects that are tried, die and are tried again, and one small forge that merges: with the real machine,
//! `due` asked after each change, and every order of them gone through.

use std::collections::BTreeSet;

use sprintgate::domain::backlog::story;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::job;
use sprintgate::domain::publication::{Due, Scene, Work, WorkOf, due, still_merges};
use sprintgate::domain::pull_request::{
    AnyPullRequest as Any, Ask, Change, ForgeState, Found, PullRequest, Row, Unpublished, asks,
};
use sprintgate::domain::run::{self, PrStrategy};
use sprintgate::domain::time::Timestamp;

use super::commit;

/// How a job ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum End {
    Done(char),
    DoneWithoutACommit,
    Failed,
    FailedAndUndone,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Effect {
    Open,
    Ready,
    Draft,
    Merge(CommitId),
    Withdraw(CommitId),
    Close,
    Comment,
}

/// The pull request at the forge.
#[derive(Debug, Clone)]
pub(super) struct Pr {
    pub(super) state: ForgeState,
    pub(super) draft: bool,
    pub(super) scheduled: Option<CommitId>,
    pub(super) merged: Option<CommitId>,
}

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) strategy: PrStrategy,
    pub(super) protected: bool,
    /// The jobs to come, one after the other, and those that ended.
    pub(super) script: Vec<End>,
    /// Those that are made once the story is done.
    pub(super) later: Vec<End>,
    pub(super) jobs: Vec<WorkOf>,
    pub(super) undone: bool,
    /// The remote's branch, which moves before the job is DONE.
    pub(super) branch: Option<CommitId>,
    pub(super) row: Row,
    /// The lane: in order, each key once.
    pub(super) keys: BTreeSet<String>,
    pub(super) lane: Vec<Effect>,
    /// The first of the lane was done at the forge, and nobody knows it yet.
    pub(super) in_flight: bool,
    pub(super) kills: u32,
    pub(super) pr: Option<Pr>,
    pub(super) opened: u32,
    pub(super) comments: u32,
}

#[derive(Debug, Clone, Copy)]
enum Event {
    Push,
    Finish,
    Reopen,
    Try,
    Conclude,
    Kill,
    PassChecks,
    Poll,
}

const EVENTS: [Event; 8] = [
    Event::Push,
    Event::Finish,
    Event::Reopen,
    Event::Try,
    Event::Conclude,
    Event::Kill,
    Event::PassChecks,
    Event::Poll,
];

pub(super) fn world(strategy: PrStrategy, script: &[End]) -> World {
    let (id, branch) = ("p-1".parse().unwrap(), "feat/x".parse().unwrap());
    World {
        strategy,
        protected: false,
        script: script.to_vec(),
        later: Vec::new(),
        jobs: Vec::new(),
        undone: false,
        branch: None,
        row: PullRequest { id, strategy, branch, state: Unpublished }.into(),
        keys: BTreeSet::new(),
        lane: Vec::new(),
        in_flight: false,
        kills: 1,
        pr: None,
        opened: 0,
        comments: 0,
    }
}

/// The move on a publication in one of these states; none in any other.
macro_rules! fire {
    ($any:expr, $it:ident => $step:expr, $($state:ident)+) => {
        match $any {
            $(Any::$state($it) => Some(Change::from($step)),)+
            _ => None,
        }
    };
}

impl World {
    fn any(&self) -> Any {
        Any::try_from(self.row.clone()).unwrap()
    }

    fn scene(&self) -> Scene {
        let is_done = self.jobs.last().is_none_or(|job| job.status == job::Status::Done);
        let done = self.script.is_empty() && is_done && !self.undone;
        let open = self.script.len();
        Scene {
            status: self.row.status,
            strategy: self.strategy,
            head: self.row.head.clone(),
            auto_pr: true,
            forge: true,
            story: Some(if done { story::Status::Done } else { story::Status::InSprint }),
            run: Some(if done { run::Status::Done } else { run::Status::Running }),
            work: Work { open, ..Work::of(&self.jobs) },
            protected: self.protected,
            undone: self.undone,
        }
    }

    fn write(&mut self, change: Change) {
        let before = self.row.head.clone();
        // Each is asked for with its move, also when it was before.
        self.lane.extend(asks(&change).into_iter().map(|ask| match ask {
            Ask::MarkReady { .. } => Effect::Ready,
            Ask::MarkDraft { .. } => Effect::Draft,
            Ask::EnableAutoMerge { expected_head, .. } => Effect::Merge(expected_head),
            Ask::WithdrawAutoMerge { .. } => Effect::Withdraw(before.clone().unwrap()),
        }));
        self.row = change.row().clone();
    }

    fn add(&mut self, key: String, effect: Effect) {
        if self.keys.insert(key) {
            self.lane.push(effect);
        }
    }

    fn settle(&mut self) {
        match due(&self.scene()) {
            Due::Nothing => {}
            Due::Open { draft } => {
                assert_eq!(draft, self.strategy != PrStrategy::Story);
                self.add("open".into(), Effect::Open);
            }
            Due::CompleteStory { head } => {
                let change = fire!(self.any(), it => it.complete_story(&head).unwrap(), PrOpened);
                self.write(change.unwrap());
            }
            Due::CompleteSprint { head } => {
                let change = fire!(self.any(), it => it.complete_sprint(&head).unwrap(), DraftOpened);
                self.write(change.unwrap());
            }
            Due::HandOver { head } => {
                self.add(format!("ready/{head}"), Effect::Ready);
                self.add("comment".into(), Effect::Comment);
            }
            Due::Withdraw => {
                let change =
                    fire!(self.any(), it => it.withdraw(), WaitingForChecks AutoMergeEnabled ChecksFailed);
                self.write(change.unwrap());
            }
            Due::Close => self.add("close".into(), Effect::Close),
        }
    }

    /// The world after the event; none where it cannot happen.
    fn after(&self, event: Event) -> Option<Self> {
        let mut next = self.clone();
        match event {
            Event::Push => {
                let End::Done(letter) = *self.script.first()? else { return None };
                let new = next.branch.replace(commit(letter));
                (new != next.branch).then_some(())?;
            }
            Event::Finish => next.finish()?,
            Event::Reopen => {
                (self.script.is_empty() && !self.later.is_empty()).then_some(())?;
                next.script = std::mem::take(&mut next.later);
                next.settle();
            }
            Event::Try => next.attempt()?,
            Event::Conclude => next.conclude()?,
            Event::Kill => {
                (self.in_flight && self.kills > 0).then_some(())?;
                next.in_flight = false;
                next.kills -= 1;
            }
            Event::PassChecks => {
                let branch = self.branch.clone();
                let pr = next.pr.as_mut()?;
                let merges = pr.state == ForgeState::Open && pr.scheduled.is_some() && pr.scheduled == branch;
                (merges && !pr.draft).then_some(())?;
                (pr.state, pr.merged) = (ForgeState::Merged, branch);
            }
            Event::Poll => {
                let pr = self.pr.clone()?;
                let now = Timestamp(9);
                let change = match pr.state {
                    ForgeState::Open => return None,
                    ForgeState::Merged => {
                        fire!(self.any(), it => it.merge(pr.merged.clone(), pr.merged, now),
                        PrOpened DraftOpened WaitingForChecks AutoMergeEnabled ReadyForReview ChecksFailed)
                    }
                    ForgeState::Closed => fire!(self.any(), it => it.close("closed", now),
                        PrOpened DraftOpened WaitingForChecks AutoMergeEnabled ReadyForReview ChecksFailed),
                };
                next.write(change?);
                next.settle();
            }
        }
        Some(next)
    }

    /// One transaction: the job's end, the push, and what is due.
    fn finish(&mut self) -> Option<()> {
        let end = *self.script.first()?;
        let (status, published) = match end {
            End::Done(letter) => (job::Status::Done, Some(commit(letter))),
            End::DoneWithoutACommit => (job::Status::Done, None),
            End::Failed | End::FailedAndUndone => (job::Status::Failed, None),
        };
        (published.is_none() || published == self.branch).then_some(())?;
        self.script.remove(0);
        let finished_at = Some(Timestamp(i64::try_from(self.jobs.len()).unwrap()));
        self.jobs.push(WorkOf { status, finished_at, published: published.clone() });
        self.undone |= end == End::FailedAndUndone;
        if let Some(head) = published {
            let change = fire!(self.any(), it => it.push(head).unwrap(), Unpublished BranchPushed PrOpened DraftOpened
                WaitingForChecks AutoMergeEnabled ReadyForReview ChecksFailed);
            self.write(change.unwrap());
        }
        self.settle();
        Some(())
    }

    /// The first of the lane, at the forge. Done twice it does what once does.
    fn attempt(&mut self) -> Option<()> {
        let effect = self.lane.first().filter(|_| !self.in_flight)?.clone();
        self.in_flight = true;
        let scene = self.scene();
        match (effect, &mut self.pr) {
            (Effect::Open, None) => {
                if let Due::Open { draft } = due(&scene) {
                    self.pr = Some(Pr { state: ForgeState::Open, draft, scheduled: None, merged: None });
                    self.opened += 1;
                }
            }
            (Effect::Merge(head), Some(pr))
                if still_merges(&scene, &head) && self.branch.as_ref() == Some(&head) =>
            {
                pr.scheduled = Some(head);
            }
            (Effect::Ready, Some(pr)) => pr.draft = false,
            (Effect::Draft, Some(pr)) => pr.draft = true,
            (Effect::Withdraw(head), Some(pr))
                if !(scene.status.is_asked() && scene.head.as_ref() == Some(&head)) =>
            {
                pr.scheduled = None;
            }
            (Effect::Close, Some(pr)) if pr.state == ForgeState::Open => pr.state = ForgeState::Closed,
            (Effect::Comment, _) => self.comments = 1,
            _ => {}
        }
        Some(())
    }

    /// One transaction: what the try learned, and what is due then.
    fn conclude(&mut self) -> Option<()> {
        self.in_flight.then_some(())?;
        self.in_flight = false;
        let effect = self.lane.remove(0);
        let change = match (effect, self.any(), &self.pr) {
            (Effect::Open, Any::BranchPushed(it), Some(pr)) => {
                let found = Found {
                    url: "https://example.org/o/shop/pulls/1".into(),
                    state: pr.state,
                    draft: pr.draft,
                    branch: "feat/x".into(),
                };
                Some(match self.strategy {
                    PrStrategy::Story => it.open(found).unwrap().into(),
                    _ => it.open_draft(found).unwrap().into(),
                })
            }
            (Effect::Merge(head), Any::WaitingForChecks(it), Some(pr))
                if pr.scheduled == Some(head.clone()) =>
            {
                it.accept_merge(&head).ok().map(Change::from)
            }
            _ => None,
        };
        if let Some(change) = change {
            self.write(change);
        }
        self.settle();
        Some(())
    }
}

/// Goes through every order, calls with each world on the way, and gives the worlds in which nothing happens any more.
pub(super) fn ends(start: World, mut each: impl FnMut(&World)) -> Vec<World> {
    let (mut seen, mut way, mut ends) = (BTreeSet::new(), vec![start], Vec::new());
    while let Some(world) = way.pop() {
        if !seen.insert(format!("{world:?}")) {
            continue;
        }
        each(&world);
        let next: Vec<World> = EVENTS.iter().filter_map(|event| world.after(*event)).collect();
        if next.is_empty() {
            ends.push(world);
        } else {
            way.extend(next);
        }
    }
    assert!(seen.len() > 10 && !ends.is_empty());
    ends
}
