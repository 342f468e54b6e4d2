//! A walk by hand, to a sound world in which something of everything has happened.

use sprintgate::domain::run::PrStrategy;
use sprintgate::domain::verify::VerifyResult;

use super::act::{Act, Finish, GivenFor, Jump, Pick, Proof, Published, Speaker, Voice};
use super::world::{Shape, World};

/// The `n`-th of all.
pub(super) fn nth(n: usize) -> Pick {
    Pick { n, fit: false }
}

/// The one that made the `n`-th claim of the world.
pub(super) fn claimer(n: usize) -> Speaker {
    Speaker { claim: nth(n), off: 0, voice: Voice::Own }
}

pub(super) fn finish(proof: Proof) -> Finish {
    Finish {
        proof,
        given_for: GivenFor::ThisAttempt,
        moved_on: false,
        dirty: 0,
        summary: Some(30),
        published: (proof == Proof::Judge).then_some(Published::Verified),
    }
}

/// Three stories under two backlog items in two sprints; the second sprint works in two repositories.
pub(super) fn shape() -> Shape {
    Shape {
        strategy: PrStrategy::Story,
        cascade_on_infrastructure: false,
        stories: vec![(0, Some(0)), (1, Some(0)), (0, Some(1))],
        tasks: [0, 0, 0, 1, 1, 2, 2, 2, 2]
            .into_iter()
            .zip([false, false, false, false, false, false, true, false, true])
            .collect(),
    }
}

fn claim(worker: usize, job: usize) -> Act {
    Act::Claim { worker, job: nth(job) }
}

/// Job 0 is an idea's; jobs 1 to 5 are of the first run, jobs 6 to 9 of the second.
pub(super) fn acts() -> Vec<Act> {
    let verify = |n, commit| Act::Verify { by: claimer(n), commit, result: VerifyResult::Aligned };
    vec![
        Act::StartRun { sprint: 0, batch: false },
        Act::StartRun { sprint: 1, batch: false },
        claim(0, 1),
        Act::Wait(Jump::By(5_000)),
        Act::Start(claimer(0)),
        Act::Wait(Jump::By(5_000)),
        verify(0, 1),
        Act::Finish(claimer(0), finish(Proof::Judge)),
        claim(1, 2),
        Act::Finish(claimer(1), finish(Proof::Waive { reasoned: true })),
        claim(2, 3),
        Act::Skip { by: claimer(2), reasoned: true },
        claim(0, 4),
        Act::Start(claimer(3)),
        Act::Fail { by: claimer(3), push: false },
        claim(1, 0),
        Act::Finish(claimer(4), finish(Proof::Exempt)),
        claim(0, 6),
        Act::Release(claimer(5)),
        Act::Wait(Jump::By(10_000)),
        claim(1, 6),
        Act::Start(claimer(6)),
        verify(6, 2),
        claim(2, 7),
        Act::CancelJob(nth(9)),
        Act::Block(1),
        Act::Pause { run: nth(1), conflict: true },
    ]
}

/// The world at the end of it.
pub(super) fn sound() -> World {
    let mut world = World::new(&shape());
    for act in acts() {
        assert_eq!(world.play(&act), Ok(()), "{act:?}");
    }
    world
}
