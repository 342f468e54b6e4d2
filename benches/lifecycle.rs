//! What the typed moves cost beside a plain enum that does the same with the same data, in time and in allocations:
//! `cargo bench --no-default-features --bench lifecycle`. Every argument is made outside of what is measured.

#![allow(clippy::unwrap_used, clippy::panic)]

use divan::{AllocProfiler, Bencher, black_box};
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::gate::{Evidence, Head, Passed, Policy, judge};
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::*;
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;

#[path = "lifecycle/plain.rs"]
mod plain;

#[global_allocator]
static ALLOC: AllocProfiler = AllocProfiler::system();

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const TOO_LATE: Timestamp = Timestamp(NOW.0 + LEASE.0 + 1);

fn main() {
    divan::main();
}

fn queued() -> Job<Queued> {
    let id = JobId::new("0199c2d4-1111-7000-8000-000000000001").unwrap();
    Job { id, kind: Kind::TaskImplementation, attempt: 0, state: Queued { not_before: NOW } }
}

fn claim() -> Claim {
    Claim {
        token: "0199c2d4-2222-7000-8000-000000000002".parse().unwrap(),
        worker: "0199c2d4-3333-7000-8000-000000000003".parse().unwrap(),
        plan: "## Files\n- `src/cart.rs`: the total counts every line\n".repeat(8),
        policy: Policy::default(),
    }
}

fn commit() -> CommitId {
    CommitId::new("0123456789abcdef0123456789abcdef01234567").unwrap()
}

/// What a finished attempt hands in.
struct Result {
    evidence: Evidence,
    head: Head,
    publication: Publication,
    summary: Option<String>,
}

fn result() -> Result {
    Result {
        evidence: Evidence { result: VerifyResult::Aligned, commit: commit(), at: NOW },
        head: Head { commit: commit(), dirty: 0 },
        publication: Publication { commit: commit(), at: NOW },
        summary: Some("the total counts every line of the cart".to_owned()),
    }
}

/// The typed job after a step, as the store would hand it out again.
fn after<F: State, T: State>(step: &Step<F, T>) -> Job<T>
where
    Job<T>: Clone,
{
    step.next().clone()
}

fn claimed() -> Job<Claimed> {
    after(&queued().claim(claim(), NOW, LEASE).unwrap())
}

fn running() -> Job<Running> {
    let mut job = after(&claimed().start(1, NOW, LEASE).unwrap());
    job.state.brief.evidence = Some(result().evidence);
    job
}

fn proof(job: &Job<Running>) -> Passed {
    let brief = &job.state.brief;
    judge(&job.id, job.attempt, brief.evidence.as_ref(), brief.policy, None, &result().head).unwrap()
}

fn expiring(attempt: u32) -> Job<Running> {
    Job { attempt, ..running() }
}

/// The same jobs without types.
fn plain_queued() -> plain::Plain {
    let Job { id, kind, attempt, state } = queued();
    plain::Plain { id, kind, attempt, state: plain::State::Queued { not_before: state.not_before } }
}

fn plain_claimed() -> plain::Plain {
    let Job { id, kind, attempt, state: Claimed { lease, brief } } = claimed();
    plain::Plain { id, kind, attempt, state: plain::State::Claimed { lease, brief } }
}

fn plain_running(attempt: u32) -> plain::Plain {
    let Job { id, kind, attempt, state: Running { lease, brief, started_at } } = expiring(attempt);
    plain::Plain { id, kind, attempt, state: plain::State::Running { lease, brief, started_at } }
}

/// QUEUED, CLAIMED, RUNNING, DONE: each state's job goes in by value, and three steps come out.
#[divan::bench_group]
mod to_done {
    use super::*;

    #[divan::bench]
    fn typed(bencher: Bencher) {
        let jobs = || {
            let job = running();
            let proof = proof(&job);
            (queued(), claim(), claimed(), job, proof, result())
        };
        bencher.with_inputs(jobs).bench_local_values(|(queued, claim, claimed, running, proof, result)| {
            let claimed_now = queued.claim(claim, NOW, LEASE).unwrap();
            let started = claimed.start(black_box(1), NOW, LEASE).unwrap();
            let publication = Some(result.publication);
            let done = running.finish(black_box(1), proof, publication, result.summary, NOW).unwrap();
            (claimed_now, started, done)
        });
    }

    #[divan::bench]
    fn plain(bencher: Bencher) {
        let jobs = || {
            let proof = proof(&running());
            (plain_queued(), claim(), plain_claimed(), plain_running(1), proof, result())
        };
        bencher.with_inputs(jobs).bench_local_values(|(queued, claim, claimed, running, proof, result)| {
            let claimed_now = queued.claim(claim, NOW, LEASE).unwrap();
            let started = claimed.start(black_box(1), NOW, LEASE).unwrap();
            let publication = Some(result.publication);
            let done = running.finish(black_box(1), proof, publication, result.summary, NOW).unwrap();
            (claimed_now, started, done)
        });
    }
}

/// Three claims and three expiries, the last of which fails the job.
#[divan::bench_group]
mod to_failed {
    use super::*;

    #[divan::bench]
    fn typed(bencher: Bencher) {
        let again = |attempt| Job { attempt, ..queued() };
        let jobs = || [0, 1, 2].map(|attempt| (again(attempt), claim(), expiring(attempt + 1)));
        bencher.with_inputs(jobs).bench_local_values(|attempts| {
            attempts.map(|(queued, claim, running)| {
                let claimed = queued.claim(claim, NOW, LEASE).unwrap();
                (claimed, running.expire(black_box(TOO_LATE)).unwrap())
            })
        });
    }

    #[divan::bench]
    fn plain(bencher: Bencher) {
        let again = |attempt| plain::Plain { attempt, ..plain_queued() };
        let jobs = || [0, 1, 2].map(|attempt| (again(attempt), claim(), plain_running(attempt + 1)));
        bencher.with_inputs(jobs).bench_local_values(|attempts| {
            attempts.map(|(queued, claim, running)| {
                let claimed = queued.claim(claim, NOW, LEASE).unwrap();
                (claimed, running.expire(black_box(TOO_LATE)).unwrap())
            })
        });
    }
}

/// One move each.
#[divan::bench_group]
mod moves {
    use super::*;

    #[divan::bench]
    fn claim(bencher: Bencher) {
        let inputs = || (queued(), super::claim());
        bencher.with_inputs(inputs).bench_local_values(|(job, claim)| job.claim(claim, NOW, LEASE).unwrap());
    }

    #[divan::bench]
    fn start(bencher: Bencher) {
        bencher.with_inputs(claimed).bench_local_values(|job| job.start(black_box(1), NOW, LEASE).unwrap());
    }

    /// The gate's proof names its job and commit, and owns both names.
    #[divan::bench]
    fn judge(bencher: Bencher) {
        bencher.with_inputs(|| (running(), result().head)).bench_local_refs(|(job, head)| {
            let brief = &job.state.brief;
            super::judge(&job.id, black_box(1), brief.evidence.as_ref(), brief.policy, None, head).unwrap()
        });
    }

    #[divan::bench]
    fn finish(bencher: Bencher) {
        let inputs = || {
            let job = running();
            let proof = proof(&job);
            (job, proof, result())
        };
        bencher.with_inputs(inputs).bench_local_values(|(job, proof, result)| {
            job.finish(black_box(1), proof, Some(result.publication), result.summary, NOW).unwrap()
        });
    }

    #[divan::bench]
    fn release(bencher: Bencher) {
        bencher
            .with_inputs(running)
            .bench_local_values(|job| job.release(black_box(1), "no agent", NOW).unwrap());
    }

    #[divan::bench]
    fn expire(bencher: Bencher) {
        bencher.with_inputs(running).bench_local_values(|job| job.expire(black_box(TOO_LATE)).unwrap());
    }

    /// The error names the attempt.
    #[divan::bench]
    fn expire_the_last(bencher: Bencher) {
        bencher
            .with_inputs(|| expiring(ATTEMPTS_MAX))
            .bench_local_values(|job| job.expire(black_box(TOO_LATE)).unwrap());
    }

    #[divan::bench]
    fn cancel(bencher: Bencher) {
        let inputs = || (running(), Stop::by_user("a person wants it"));
        bencher.with_inputs(inputs).bench_local_values(|(job, stop)| job.cancel(stop, black_box(NOW)));
    }

    /// As the store does it: a row is parsed, moved, and made a change.
    #[divan::bench]
    fn start_of_a_row(bencher: Bencher) {
        bencher.with_inputs(|| Row::from(claimed())).bench_local_values(|row| {
            match AnyJob::try_from(row).unwrap() {
                AnyJob::Claimed(job) => Change::from(job.start(black_box(1), NOW, LEASE).unwrap()),
                _ => panic!("the row is CLAIMED"),
            }
        });
    }
}
