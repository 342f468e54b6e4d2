//! Weighted random walks over one job, legal and illegal events alike, with everything that must always hold
//! checked after each step.

use proptest::prelude::*;
use proptest::test_runner::Config;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::gate::*;
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::*;
use sprintgate::domain::law::law;
use sprintgate::domain::machine::Word;
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::verify::VerifyResult;

use super::jobs::{claim, queued};

#[derive(Debug, Clone)]
enum Act {
    Wait(i64),
    Claim,
    Start(i64),
    Verify(u8, VerifyResult),
    Finish(i64, u8, bool),
    Fail(i64),
    Skip(i64),
    Release(i64),
    Expire,
    Cancel,
}

/// Which attempt the caller speaks for: mostly the present one, sometimes one too low or too high.
fn off() -> impl Strategy<Value = i64> {
    prop_oneof![8 => Just(0), 1 => Just(-1), 1 => Just(1)]
}

fn act() -> impl Strategy<Value = Act> {
    let result = prop::sample::select(VerifyResult::ALL);
    prop_oneof![
        4 => (0..400_000_i64).prop_map(Act::Wait),
        8 => Just(Act::Claim),
        6 => off().prop_map(Act::Start),
        6 => (0..3_u8, result).prop_map(|(commit, result)| Act::Verify(commit, result)),
        4 => (off(), 0..3_u8, any::<bool>()).prop_map(|(off, commit, push)| Act::Finish(off, commit, push)),
        1 => off().prop_map(Act::Fail),
        1 => off().prop_map(Act::Skip),
        4 => off().prop_map(Act::Release),
        6 => Just(Act::Expire),
        1 => Just(Act::Cancel),
    ]
}

fn commit(n: u8) -> CommitId {
    CommitId::new(n.to_string().repeat(40)).unwrap()
}

struct Walk {
    row: Row,
    now: Timestamp,
    claims: u32,
}

impl Walk {
    fn id() -> JobId {
        JobId::new("job1").unwrap()
    }

    /// Plays one act; a refusal changes nothing.
    fn play(&mut self, act: &Act) -> Option<Change> {
        let number = |off: &i64| u32::try_from(i64::from(self.row.attempt) + off).unwrap_or(0);
        let now = self.now;
        macro_rules! held {
            ($job:ident => $step:expr) => {
                match AnyJob::try_from(self.row.clone()).unwrap() {
                    AnyJob::Claimed($job) => $step.ok().map(Change::from),
                    AnyJob::Running($job) => $step.ok().map(Change::from),
                    _ => None,
                }
            };
        }
        match act {
            Act::Wait(span) => {
                self.now = now + Millis(*span);
                None
            }
            Act::Claim => match AnyJob::try_from(self.row.clone()).unwrap() {
                AnyJob::Queued(job) => job.claim(claim(), now, LEASE).ok().map(Change::from),
                _ => None,
            },
            Act::Start(off) => match AnyJob::try_from(self.row.clone()).unwrap() {
                AnyJob::Claimed(job) => job.start(number(off), now, LEASE).ok().map(Change::from),
                _ => None,
            },
            Act::Verify(n, result) => {
                if self.row.status.is_held() {
                    self.row.evidence = Some(Evidence { result: *result, commit: commit(*n), at: now });
                }
                None
            }
            Act::Finish(off, n, push) => {
                let head = Head { commit: commit(*n), dirty: 0 };
                let policy = self.row.policy.unwrap_or_default();
                let attempt = number(off);
                let seen = self.row.evidence.as_ref();
                let proof = judge(&Self::id(), attempt, seen, policy, None, &head).ok()?;
                let publication = push.then(|| Publication { commit: commit(*n), at: now });
                held!(job => job.finish(attempt, proof, publication, None, now))
            }
            Act::Fail(off) => held!(job => job.fail(number(off), Failure::Reported("no".into()), now)),
            Act::Skip(off) => held!(job => job.skip(number(off), "there is nothing to do", now)),
            Act::Release(off) => held!(job => job.release(number(off), "no clone", now)),
            Act::Expire => held!(job => job.expire(now)),
            Act::Cancel => match AnyJob::try_from(self.row.clone()).unwrap() {
                AnyJob::Queued(job) => Some(job.cancel(Stop::by_user("x"), now).into()),
                AnyJob::Claimed(job) => Some(job.cancel(Stop::by_user("x"), now).into()),
                AnyJob::Running(job) => Some(job.cancel(Stop::by_user("x"), now).into()),
                _ => None,
            },
        }
    }

    /// What must always hold of a row, whatever led to it.
    fn check(&self) {
        let row = &self.row;
        let held = row.status.is_held();
        let ended = row.status.is_terminal();
        assert!(AnyJob::try_from(row.clone()).is_ok(), "every reachable row parses");
        assert_eq!(row.attempt, self.claims, "the number counts the claims");
        assert!(row.attempt <= ATTEMPTS_MAX, "attempts are bounded");
        assert_eq!(
            held,
            row.lease_until.is_some() && row.token.is_some() && row.worker.is_some(),
            "held iff leased"
        );
        assert_eq!(ended, row.finished_at.is_some() && row.end_cause.is_some(), "ended iff finished");
        assert!(!held || row.attempt >= 1, "held by an attempt");
        if row.status == Status::Queued {
            let left = (&row.plan, &row.evidence, &row.base, row.claimed_at, row.started_at);
            assert_eq!(left, (&None, &None, &None, None, None), "nothing is left of an earlier attempt");
        }
        if let (Some(claimed), Some(started)) = (row.claimed_at, row.started_at) {
            assert!(
                claimed <= started && row.finished_at.is_none_or(|end| started <= end),
                "times are in order"
            );
        }
        if row.status == Status::Done {
            let seen = row.evidence.as_ref().expect("done has evidence");
            assert!(
                weigh(Some(seen.result), row.policy.unwrap(), None).is_ok(),
                "the gate opens on it again"
            );
            let published = row.publication.as_ref();
            assert!(published.is_none_or(|p| p.commit == seen.commit), "what was published was verified");
            let nothing = seen.result == VerifyResult::Empty;
            assert!(published.is_some() || nothing, "what was changed was published");
        }
        assert_eq!(row.status == Status::Failed || row.status == Status::Cancelled, row.error.is_some());
    }
}

proptest! {
    #![proptest_config(Config { cases: 2000, ..Config::default() })]

    #[test]
    fn whatever_happens_the_row_stays_sound(acts in prop::collection::vec(act(), 1..60)) {
        let first = Change::from(queued(0).cancel(Stop::by_user("x"), Timestamp(0)));
        let born = Row {
            status: Status::Queued,
            not_before: Some(Timestamp(0)),
            finished_at: None,
            end_cause: None,
            error: None,
            ..first.row().clone()
        };
        let law = law();
        let mut walk = Walk { row: born, now: Timestamp(1_000_000), claims: 0 };
        for act in &acts {
            let before = walk.row.clone();
            let Some(change) = walk.play(act) else {
                prop_assert_eq!(walk.row.status, before.status, "a refusal changes no status");
                continue;
            };
            prop_assert!(!before.status.is_terminal(), "nothing happens after an end");
            prop_assert_eq!((change.before(), change.attempt_before()), (before.status, before.attempt));
            let edge = law.iter().any(|edge| {
                edge.machine == "job" && edge.from == before.status.word()
                    && edge.event == change.event().word() && edge.to == change.row().status.word()
            });
            prop_assert!(edge, "{} -{}-> {} is no edge", before.status, change.event(), change.row().status);
            walk.claims += u32::from(change.event() == Event::Claim);
            walk.row = change.row().clone();
            walk.check();
        }
    }
}
