//! The work on a branch, from its jobs.

use sprintgate::domain::job::Status;
use sprintgate::domain::machine::Word;
use sprintgate::domain::publication::{Work, WorkOf};
use sprintgate::domain::time::Timestamp;

use super::commit;

fn job(status: Status, at: Option<i64>, published: Option<char>) -> WorkOf {
    WorkOf { status, finished_at: at.map(Timestamp), published: published.map(commit) }
}

#[test]
fn one_job_of_each_status() {
    for status in Status::ALL {
        let work = Work::of(&[job(*status, Some(1), Some('a'))]);
        let (open, done) = match status {
            Status::Queued | Status::Claimed | Status::Running => (1, false),
            Status::Done => (0, true),
            Status::Failed | Status::Cancelled => (0, false),
        };
        assert_eq!(work, Work { open, done, last_published: done.then(|| commit('a')) }, "{status}");
    }
    assert_eq!(Work::of(&[]), Work::default());
}

#[test]
fn the_last_that_published_counts() {
    let done = |at, letter| job(Status::Done, Some(at), letter);
    let last = |jobs: &[WorkOf]| Work::of(jobs).last_published;
    let (a, b) = (done(1, Some('a')), done(2, Some('b')));
    assert_eq!(last(&[a.clone(), b.clone()]), Some(commit('b')));
    assert_eq!(last(&[b.clone(), a.clone()]), Some(commit('b')));
    // One that had nothing to publish changes nothing.
    assert_eq!(last(&[b.clone(), done(3, None)]), Some(commit('b')));
    assert_eq!(last(&[done(3, None)]), None);
    // What a failed job pushed was not verified as the end of it.
    assert_eq!(last(&[b.clone(), job(Status::Failed, Some(3), Some('c'))]), Some(commit('b')));
    // At one moment the order decides.
    assert_eq!(last(&[a.clone(), done(1, Some('c'))]), Some(commit('c')));
    assert_eq!(last(&[done(1, Some('c')), a]), Some(commit('a')));
}
