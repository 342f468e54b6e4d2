//! Any sequence of events on one job: what is accepted is an edge of the law, what is refused changes nothing, and
//! every row on the way can be read back.

#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::gate::{Evidence, Head, Policy, Required, exempt, judge, waive};
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::{
    ATTEMPTS_MAX, AnyJob, Change, Claim, Failure, Job, Kind, LEASE, Publication, Queued, Row, Status, Stop,
    TRANSITIONS,
};
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::verify::VerifyResult;

#[derive(Arbitrary, Debug)]
struct Life {
    code: bool,
    required: u8,
    verify_only: bool,
    acts: Vec<Act>,
}

#[derive(Arbitrary, Debug)]
enum Act {
    Wait(u32),
    Claim,
    Start(u8),
    Verify(u8, u8),
    Finish { attempt: u8, head: u8, dirty: bool, push: Option<u8>, summary: Option<String> },
    Waive { attempt: u8, reason: String },
    Exempt(u8),
    Fail(u8, String),
    Skip(u8, String),
    Release(u8),
    Expire,
    Cancel,
}

fn commit(n: u8) -> CommitId {
    CommitId::new((n % 4).to_string().repeat(40)).expect("forty digits")
}

fn pick<T: Copy>(all: &[T], n: u8) -> T {
    all[usize::from(n) % all.len()]
}

fn decide(row: &Row, act: &Act, life: &Life, now: Timestamp) -> Option<Change> {
    let any = AnyJob::try_from(row.clone()).expect("a row that a move wrote is read back");
    macro_rules! held {
        ($job:ident => $step:expr) => {
            match any {
                AnyJob::Claimed($job) => $step.ok().map(Change::from),
                AnyJob::Running($job) => $step.ok().map(Change::from),
                _ => None,
            }
        };
    }
    match act {
        Act::Wait(_) | Act::Verify(..) => None,
        Act::Claim => {
            let AnyJob::Queued(job) = any else { return None };
            let all = [Required::Aligned, Required::AlignedOrPartial, Required::Any];
            let claim = Claim {
                token: "t".parse().expect("an id"),
                worker: "w".parse().expect("an id"),
                plan: String::new(),
                policy: Policy { required: pick(&all, life.required), verify_only: life.verify_only },
            };
            job.claim(claim, now, LEASE).ok().map(Change::from)
        }
        Act::Start(attempt) => {
            let AnyJob::Claimed(job) = any else { return None };
            job.start((*attempt).into(), now, LEASE).ok().map(Change::from)
        }
        Act::Finish { attempt, head, dirty, push, summary } => {
            let head = Head { commit: commit(*head), dirty: (*dirty).into() };
            let policy = row.policy.unwrap_or_default();
            let seen = row.evidence.as_ref();
            let proof = judge(&row.id, (*attempt).into(), seen, policy, summary.as_deref(), &head).ok()?;
            let publication = push.map(|n| Publication { commit: commit(n), at: now });
            held!(job => job.finish((*attempt).into(), proof, publication, summary.clone(), now))
        }
        Act::Waive { attempt, reason } => {
            let proof = waive(&row.id, (*attempt).into(), "ann".parse().expect("an id"), reason).ok()?;
            held!(job => job.finish((*attempt).into(), proof, None, None, now))
        }
        Act::Exempt(attempt) => {
            let proof = exempt(&row.id, (*attempt).into(), row.kind).ok()?;
            held!(job => job.finish((*attempt).into(), proof, None, None, now))
        }
        Act::Fail(attempt, why) => {
            held!(job => job.fail((*attempt).into(), Failure::Reported(why.clone()), now))
        }
        Act::Skip(attempt, why) => held!(job => job.skip((*attempt).into(), why, now)),
        Act::Release(attempt) => held!(job => job.release((*attempt).into(), "no clone", now)),
        Act::Expire => held!(job => job.expire(now)),
        Act::Cancel => match any {
            AnyJob::Queued(job) => Some(job.cancel(Stop::by_user("x"), now).into()),
            AnyJob::Claimed(job) => Some(job.cancel(Stop::by_user("x"), now).into()),
            AnyJob::Running(job) => Some(job.cancel(Stop::by_user("x"), now).into()),
            _ => None,
        },
    }
}

fuzz_target!(|life: Life| {
    let kind = if life.code { Kind::TaskImplementation } else { Kind::PlanChat };
    let mut now = Timestamp(1);
    let born =
        Job { id: JobId::new("j").expect("an id"), kind, attempt: 0, state: Queued { not_before: now } };
    let mut row = Row::from(born);
    for act in &life.acts {
        match act {
            Act::Wait(span) => now = now + Millis((*span).into()),
            Act::Verify(n, result) if row.status.is_held() => {
                let all = [
                    VerifyResult::Aligned,
                    VerifyResult::Partial,
                    VerifyResult::Empty,
                    VerifyResult::Divergent,
                ];
                row.evidence = Some(Evidence { result: pick(&all, *result), commit: commit(*n), at: now });
            }
            _ => {}
        }
        let Some(change) = decide(&row, act, &life, now) else { continue };
        assert_eq!((change.before(), change.attempt_before()), (row.status, row.attempt));
        assert!(
            TRANSITIONS.iter().any(|edge| {
                edge.from == row.status && edge.on == change.event() && edge.to == change.after()
            }),
            "{} -{}-> {}",
            row.status,
            change.event(),
            change.after()
        );
        row = change.row().clone();
        assert_eq!(row.status, change.after());
        assert!(row.attempt <= ATTEMPTS_MAX);
        if row.status == Status::Done && kind.changes_code() && row.waived_by.is_none() {
            let seen = row.evidence.as_ref().expect("no code is done without evidence");
            match &row.publication {
                Some(published) => assert_eq!(published.commit, seen.commit),
                None => assert_eq!(seen.result, VerifyResult::Empty),
            }
        }
    }
    AnyJob::try_from(row).expect("the last row is read back");
});
