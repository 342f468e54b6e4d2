//! Any row of jobs: it is refused with the name of a column, or read and written back as it was.

#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::gate::{Evidence, Policy, Required};
use sprintgate::domain::job::{AnyJob, EndCause, Kind, Publication, Row, Status};
use sprintgate::domain::machine::Word;
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;

/// Which columns are set, and to which word.
#[derive(Arbitrary, Debug)]
struct Cells {
    status: u8,
    kind: u8,
    attempt: u8,
    times: [Option<i64>; 5],
    token: bool,
    worker: bool,
    plan: Option<String>,
    policy: Option<(u8, bool)>,
    base: bool,
    evidence: Option<(u8, u8)>,
    published: Option<u8>,
    end_cause: Option<u8>,
    caused_by: bool,
    waived_by: bool,
    waive_reason: Option<String>,
    summary: Option<String>,
    error: Option<String>,
}

fn word<W: Word>(n: u8) -> W {
    W::ALL[usize::from(n) % W::ALL.len()]
}

fn commit(n: u8) -> CommitId {
    CommitId::new((n % 3).to_string().repeat(40)).expect("forty digits")
}

fuzz_target!(|cells: Cells| {
    let [not_before, lease_until, claimed_at, started_at, finished_at] =
        cells.times.map(|time| time.map(Timestamp));
    let row = Row {
        id: "j".parse().expect("an id"),
        kind: word::<Kind>(cells.kind),
        status: word::<Status>(cells.status),
        attempt: cells.attempt.into(),
        not_before,
        token: cells.token.then(|| "t".parse().expect("an id")),
        worker: cells.worker.then(|| "w".parse().expect("an id")),
        lease_until,
        claimed_at,
        started_at,
        finished_at,
        plan: cells.plan,
        policy: cells
            .policy
            .map(|(required, verify_only)| Policy { required: word::<Required>(required), verify_only }),
        base: cells.base.then(|| commit(0)),
        evidence: cells.evidence.map(|(result, n)| Evidence {
            result: word::<VerifyResult>(result),
            commit: commit(n),
            at: Timestamp(0),
        }),
        publication: cells.published.map(|n| Publication { commit: commit(n), at: Timestamp(0) }),
        end_cause: cells.end_cause.map(word::<EndCause>),
        caused_by: cells.caused_by.then(|| "c".parse().expect("an id")),
        waived_by: cells.waived_by.then(|| "u".parse().expect("an id")),
        waive_reason: cells.waive_reason,
        summary: cells.summary,
        error: cells.error,
    };
    match AnyJob::try_from(row.clone()) {
        Err(misfit) => assert!(!misfit.column.is_empty()),
        Ok(any) => {
            assert_eq!(any.status(), row.status);
            let back = match any {
                AnyJob::Queued(job) => Row::from(job),
                AnyJob::Claimed(job) => Row::from(job),
                AnyJob::Running(job) => Row::from(job),
                AnyJob::Done(job) => Row::from(job),
                AnyJob::Failed(job) => Row::from(job),
                AnyJob::Cancelled(job) => Row::from(job),
            };
            assert_eq!(back, row);
        }
    }
});
