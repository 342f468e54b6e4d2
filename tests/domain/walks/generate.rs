//! Draws worlds and acts. Most acts are meant well; about three in ten are hostile: dead attempts, wrong numbers,
//! foreign tokens and proofs, moves from the wrong state.
//!
//! An act is decoded from a throw of bytes, because that is drawn quickly and shrinks byte by byte: what stands first
//! in a table is the simplest.

use proptest::array::uniform16;
use proptest::collection::vec;
use proptest::prelude::*;
use sprintgate::domain::gate::Required;
use sprintgate::domain::machine::Word;
use sprintgate::domain::run::PrStrategy;
use sprintgate::domain::task::Status;
use sprintgate::domain::verify::VerifyResult;

use super::act::{Act, Finish, GivenFor, Jump, Pick, Proof, Published, Speaker, Voice};
use super::world::Shape;

/// Bytes, taken one after the other; zeros when they are used up.
struct Dice(std::array::IntoIter<u8, 16>);

/// What can be drawn, with weights.
type Table<T> = &'static [(usize, T)];

impl Dice {
    /// A number below `below`.
    fn n(&mut self, below: usize) -> usize {
        usize::from(self.0.next().unwrap_or(0)) % below
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.n(times) == times - 1
    }

    fn span(&mut self, unit: i64) -> i64 {
        i64::try_from(self.n(256)).unwrap() * unit
    }

    fn of<T: Copy>(&mut self, table: Table<T>) -> T {
        let mut left = self.n(table.iter().map(|(weight, _)| weight).sum());
        let found = table.iter().find(|(weight, _)| {
            let here = left < *weight;
            left = left.saturating_sub(*weight);
            here
        });
        found.unwrap().1
    }

    fn word<W: Word>(&mut self) -> W {
        W::ALL[self.n(W::ALL.len())]
    }

    fn pick(&mut self) -> Pick {
        Pick { fit: !self.once_in(6), n: self.n(8) }
    }

    fn speaker(&mut self) -> Speaker {
        let claim = self.pick();
        let off = self.of(&[(14, 0), (1, -1), (1, 1)]);
        let voice = self.of(&[(20, Voice::Own), (1, Voice::Foreign)]);
        Speaker { claim, off, voice }
    }

    fn finish(&mut self) -> Finish {
        use GivenFor::{OtherAttempt, OtherJob, ThisAttempt};
        const PROOFS: Table<Proof> = &[
            (8, Proof::Judge),
            (1, Proof::Waive { reasoned: true }),
            (1, Proof::Waive { reasoned: false }),
            (3, Proof::Exempt),
        ];
        Finish {
            proof: self.of(PROOFS),
            given_for: self.of(&[(16, ThisAttempt), (1, OtherJob), (1, OtherAttempt)]),
            moved_on: self.once_in(12),
            dirty: self.of(&[(11, 0), (1, 2)]),
            summary: self.of(&[(1, None), (1, Some(19)), (1, Some(20)), (3, Some(30))]),
            published: self.of(&[(3, None), (6, Some(Published::Verified)), (1, Some(Published::Other))]),
        }
    }

    fn claim(&mut self) -> Act {
        Act::Claim { worker: self.n(3), job: self.pick() }
    }
}

type Draw = fn(&mut Dice) -> Act;

/// The work of an agent, from the claim to its end.
const WORK: Table<Draw> = &[
    (11, Dice::claim),
    (7, |d| Act::Start(d.speaker())),
    (8, |d| {
        let result = if d.once_in(2) { d.word() } else { VerifyResult::Aligned };
        Act::Verify { by: d.speaker(), commit: d.n(4) as u8, result }
    }),
    (8, |d| Act::Finish(d.speaker(), d.finish())),
    (1, |d| Act::Fail { push: d.once_in(2), by: d.speaker() }),
    (2, |d| Act::Skip { reasoned: !d.once_in(4), by: d.speaker() }),
    (2, |d| Act::Release(d.speaker())),
    (2, |d| Act::Renew(d.speaker())),
    (1, |d| Act::Expire(d.pick())),
    (2, |_| Act::Sweep),
    (1, |d| Act::Pause { conflict: d.once_in(2), run: d.pick() }),
];

/// Attempts that come to nothing: claimed, then silent or given back.
const LOSSES: Table<Draw> = &[
    (8, Dice::claim),
    (6, |d| Act::Start(d.speaker())),
    (4, |d| Act::Wait(Jump::LeaseEnd(d.n(4), 1))),
    (4, |d| Act::Wait(Jump::Due(d.n(4)))),
    (4, |d| Act::Release(d.speaker())),
    (4, |d| Act::Expire(d.pick())),
    (1, |_| Act::Sweep),
];

/// What people decide.
const DECISIONS: Table<Draw> = &[
    (4, |d| Act::StartRun { sprint: d.of(&[(3, 0), (1, 1)]), batch: d.once_in(5) }),
    (6, |d| {
        let to = d.of(&[(4, Some(Status::Done)), (2, Some(Status::ToDo)), (6, None)]);
        Act::SetTask { to: to.unwrap_or_else(|| d.word()), task: d.pick() }
    }),
    (2, |d| Act::CancelJob(d.pick())),
    (3, |d| Act::Pause { conflict: d.once_in(2), run: d.pick() }),
    (2, |d| Act::Resume(d.pick())),
    (3, |d| Act::Supersede(d.pick())),
    (1, |d| Act::CancelRun(d.pick())),
    (2, |d| Act::EditTask { task: d.n(6), required: d.word::<Required>(), verify_only: d.once_in(2) }),
    (1, |d| Act::Plan { story: d.n(3), sprint: d.n(2) }),
    (1, |d| Act::Block(d.n(2))),
    (1, |d| Act::Unblock(d.n(2))),
];

/// How the clock goes on.
const JUMPS: Table<Draw> = &[
    (1, |_| Act::Wait(Jump::Not)),
    (4, |d| Act::Wait(Jump::By(d.span(100)))),
    (1, |d| Act::Wait(Jump::By(d.span(15_000)))),
    (2, |d| Act::Wait(Jump::LeaseEnd(d.n(4), d.span(1) % 2))),
    (2, |d| Act::Wait(Jump::Due(d.n(4)))),
];

const ARCHIVE: Table<Draw> = &[(1, |d| Act::Archive(d.n(2)))];

/// What a walk is mostly made of.
#[derive(Debug, Clone, Copy)]
enum Lean {
    Work,
    Losses,
    Decisions,
}

fn act(lean: Lean, bytes: [u8; 16]) -> Act {
    let mut dice = Dice(bytes.into_iter());
    let table = dice.of(match lean {
        Lean::Work => &[(60, WORK), (18, JUMPS), (5, LOSSES), (20, DECISIONS), (1, ARCHIVE)],
        Lean::Losses => &[(10, WORK), (10, JUMPS), (70, LOSSES), (5, DECISIONS)],
        Lean::Decisions => &[(12, WORK), (8, JUMPS), (2, LOSSES), (80, DECISIONS), (1, ARCHIVE)],
    });
    dice.of(table)(&mut dice)
}

/// 2 or 3 stories under 2 backlog items, in 2 sprints or none; 4 to 6 tasks.
fn shape() -> impl Strategy<Value = Shape> {
    let stories = vec((0..2_usize, 0..9_u8), 2..=3);
    let tasks = vec((0..3_usize, 0..5_u8), 4..=6);
    (any::<bool>(), 0..3_u8, stories, tasks).prop_map(|(sprint, cascade, stories, tasks)| {
        let count = stories.len();
        let place = |n| if n < 6 { Some(0) } else { (n < 8).then_some(1) };
        Shape {
            strategy: if sprint { PrStrategy::Sprint } else { PrStrategy::Story },
            cascade_on_infrastructure: cascade == 2,
            stories: stories.into_iter().map(|(pbi, sprint)| (pbi, place(sprint))).collect(),
            tasks: tasks.into_iter().map(|(story, repo)| (story % count, repo == 4)).collect(),
        }
    })
}

/// A walk: a world, mostly with a run of its first sprint, and what is tried.
pub(super) fn walk(longest: usize) -> impl Strategy<Value = (Shape, Vec<Act>)> {
    let throws = vec(uniform16(any::<u8>()), 1..=longest);
    (shape(), 0..13_u8, 0..10_u8, throws).prop_map(|(shape, start, lean, throws)| {
        let lean = [Lean::Work, Lean::Losses, Lean::Decisions][usize::from(lean.saturating_sub(4) / 2)];
        let first = (start > 0).then_some(Act::StartRun { sprint: 0, batch: start > 9 });
        (shape, first.into_iter().chain(throws.into_iter().map(|bytes| act(lean, bytes))).collect())
    })
}
