//! The worktree-lease machine a second time, each of its moves made once, what its refusals name and which locks a job
//! needs.

use sprintgate::domain::job::Kind;
use sprintgate::domain::machine::Word;
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::worktree::*;

use super::proof::{Made, every_edge_is_one_move, made, matrix};

const T0: Timestamp = Timestamp(1_000_000);
const LEASE: Millis = Millis::minutes(5);
const END: Timestamp = Timestamp(1_300_000);
const LATE: Timestamp = Timestamp(1_300_001);

#[test]
fn the_matrix() {
    matrix(
        "worktree",
        "
        IDLE                job_claimed    ACQUIRING_LOCK
        IDLE                job_terminal   RELEASED
        ACQUIRING_LOCK      lock_acquired  CREATING_OR_REUSING
        ACQUIRING_LOCK      lock_timeout   LOCK_TIMEOUT
        ACQUIRING_LOCK      job_terminal   RELEASED
        ACQUIRING_LOCK      stale_reset    STALE_RELEASED
        CREATING_OR_REUSING worktree_ready SYNCING
        CREATING_OR_REUSING sync_failed    SYNC_FAILED
        CREATING_OR_REUSING job_terminal   RELEASING
        CREATING_OR_REUSING stale_reset    STALE_RELEASED
        SYNCING             sync_done      READY
        SYNCING             sync_failed    SYNC_FAILED
        SYNCING             job_terminal   RELEASING
        SYNCING             stale_reset    STALE_RELEASED
        READY               job_terminal   RELEASING
        READY               stale_reset    STALE_RELEASED
        RELEASING           released       RELEASED
        RELEASING           stale_reset    STALE_RELEASED
        ",
    );
}

fn worktree<S>(job: &str, attempt: u32, state: S) -> Worktree<S> {
    Worktree { job: job.parse().unwrap(), attempt, state }
}

fn ours<S>(state: S) -> Worktree<S> {
    worktree("j", 2, state)
}

fn product(id: &str) -> Lock {
    Lock::Product(id.parse().unwrap())
}

fn url(text: &str) -> RemoteUrl {
    RemoteUrl::new(text).unwrap()
}

fn branch(of: &str, name: &str) -> Lock {
    Lock::branch(&url(of), name.parse().unwrap())
}

fn locks(ids: &[&str]) -> Locks {
    Locks::of(ids.iter().map(|id| product(id)).collect()).unwrap()
}

fn hold(ids: &[&str]) -> Hold {
    Hold { locks: locks(ids), until: END }
}

fn asking(ids: &[&str]) -> Worktree<AcquiringLock> {
    ours(AcquiringLock { wants: locks(ids), since: T0, until: END })
}

fn of_leased<S: Leased + std::fmt::Debug>(leased: impl Fn() -> Worktree<S>, all: &mut Vec<Made>) {
    assert_eq!(leased().stale_reset(END).unwrap_err(), Refusal::LeaseRuns { until: END });
    assert_eq!(leased().stale_reset(T0).unwrap_err(), Refusal::LeaseRuns { until: END });
    let step = leased().stale_reset(LATE).unwrap();
    assert_eq!(step.next().state, StaleReleased { finished_at: LATE });
    all.push(made("stale_reset", &step));
    assert_eq!(leased().renew(1, T0, LEASE).unwrap_err(), Refusal::NotOwner { yours: 1, owner: 2 });
    assert_eq!(leased().renew(2, LATE, LEASE).unwrap().state.until(), LATE + LEASE, "nobody has taken it");
    assert_eq!(leased().renew(2, END, LEASE).unwrap().state.until(), END + LEASE);
}

fn of_used<S: InUse>(used: impl Fn() -> Worktree<S>, all: &mut Vec<Made>) {
    let step = used().release();
    assert_eq!(step.next().state.hold, hold(&["a"]), "the locks stay until the folder is gone");
    all.push(made("release", &step));
}

#[test]
fn every_edge_is_one_typed_move() {
    let making = || ours(CreatingOrReusing { hold: hold(&["a"]) });
    let syncing = || ours(Syncing { hold: hold(&["a"]) });
    let ready = || ours(Ready { hold: hold(&["a"]) });
    let releasing = || ours(Releasing { hold: hold(&["a"]) });
    let mut all = vec![
        made("ask", &ours(Idle).ask(locks(&["a"]), T0, LEASE)),
        made("acquire", &asking(&["a"]).acquire(&[], T0).unwrap()),
        made("time_out", &asking(&["a"]).time_out(product("a"), T0 + LOCK_WAIT).unwrap()),
        made("give_up", &ours(Idle).give_up(T0)),
        made("give_up", &asking(&["a"]).give_up(T0)),
        made("made", &making().made()),
        made("synced", &syncing().synced()),
        made("fail_sync", &making().fail_sync("no space", T0)),
        made("fail_sync", &syncing().fail_sync("no such commit", T0)),
        made("released", &releasing().released(T0)),
    ];
    of_leased(|| asking(&["a"]), &mut all);
    of_leased(making, &mut all);
    of_leased(syncing, &mut all);
    of_leased(ready, &mut all);
    of_leased(releasing, &mut all);
    of_used(making, &mut all);
    of_used(syncing, &mut all);
    of_used(ready, &mut all);
    every_edge_is_one_move("worktree", "worktree", &all);
}

#[test]
fn defect_075_all_locks_are_taken_at_once_or_none() {
    let other = |ids: &[&str]| AnyWorktree::Ready(worktree("k", 1, Ready { hold: hold(ids) }));
    let wants = || asking(&["c", "a", "b"]);
    let step = wants().acquire(&[other(&["d"])], T0).unwrap();
    assert_eq!(step.next().state.hold, hold(&["a", "b", "c"]));
    let refused = |lock: &str, job: &str, attempt| Refusal::Held {
        lock: product(lock),
        job: job.parse().unwrap(),
        attempt,
    };
    // The first in the order of the locks is named, whoever comes first in the list.
    let others = [other(&["c"]), AnyWorktree::Releasing(worktree("l", 3, Releasing { hold: hold(&["b"]) }))];
    assert_eq!(wants().acquire(&others, T0).unwrap_err(), refused("b", "l", 3));
    // A dead attempt of the same job keeps its locks until it is reset; so does one whose lease ran out.
    let dead = AnyWorktree::Syncing(worktree("j", 1, Syncing { hold: Hold { until: T0, ..hold(&["a"]) } }));
    assert_eq!(wants().acquire(&[dead], END).unwrap_err(), refused("a", "j", 1));
    assert_eq!(wants().acquire(&[], LATE).unwrap_err(), Refusal::LeaseOver { until: END });
}

#[test]
fn defect_076_only_who_holds_locks_keeps_others_away() {
    let wanting = asking(&["a"]).state;
    let (missing, error, finished_at) = (product("a"), "no".to_owned(), T0);
    let free = [
        AnyWorktree::Idle(worktree("k", 1, Idle)),
        AnyWorktree::AcquiringLock(worktree("k", 1, wanting)),
        AnyWorktree::LockTimeout(worktree("k", 1, LockTimeout { missing, finished_at })),
        AnyWorktree::SyncFailed(worktree("k", 1, SyncFailed { error, finished_at })),
        AnyWorktree::Released(worktree("k", 1, Released { finished_at })),
        AnyWorktree::StaleReleased(worktree("k", 1, StaleReleased { finished_at })),
    ];
    assert!(asking(&["a"]).acquire(&free, T0).is_ok());
    let hold = || hold(&["a"]);
    let held = [
        AnyWorktree::CreatingOrReusing(worktree("k", 1, CreatingOrReusing { hold: hold() })),
        AnyWorktree::Syncing(worktree("k", 1, Syncing { hold: hold() })),
        AnyWorktree::Ready(worktree("k", 1, Ready { hold: hold() })),
        AnyWorktree::Releasing(worktree("k", 1, Releasing { hold: hold() })),
    ];
    for holder in &held {
        assert!(asking(&["a"]).acquire(std::slice::from_ref(holder), T0).is_err(), "{}", holder.status());
    }
    for status in free.iter().chain(&held).map(AnyWorktree::status) {
        assert_eq!(status.is_held(), held.iter().any(|holder| holder.status() == status), "{status}");
    }
    assert_eq!(free.len() + held.len(), Status::ALL.len());
}

#[test]
fn no_state_keeps_a_worktree_when_its_attempt_ends() {
    use sprintgate::domain::machine::legal;
    for status in Status::ALL.iter().filter(|status| !status.is_terminal() && **status != Status::Releasing) {
        assert!(legal(TRANSITIONS, *status).contains(&Event::JobTerminal), "{status}");
    }
    let ended = Row::from(ours(Idle).give_up(T0).next().clone());
    assert_eq!((ended.status, ended.finished_at), (Status::Released, Some(T0)));
}

#[test]
fn it_waits_a_minute_for_its_locks() {
    let until = T0 + Millis::minutes(1);
    let early = Timestamp(until.0 - 1);
    let wants = || asking(&["a", "b"]);
    assert_eq!(wants().time_out(product("a"), early).unwrap_err(), Refusal::StillWaits { until });
    assert_eq!(wants().time_out(product("z"), until).unwrap_err(), Refusal::NotWanted { lock: product("z") });
    let step = wants().time_out(product("b"), until).unwrap();
    assert_eq!(step.next().state, LockTimeout { missing: product("b"), finished_at: until });
}

#[test]
fn each_kind_of_job_has_its_locks() {
    let app = "https://forge.example/acme/app.git";
    let places = || Places {
        branches: vec![
            (url("https://forge.example/acme/web"), "feat/story-1".parse().unwrap()),
            (url(app), "feat/story-1".parse().unwrap()),
            (url("git@FORGE.example:Acme/App"), "feat/story-1".parse().unwrap()),
            (url(app), "feat/sprint-1".parse().unwrap()),
        ],
        products: ["p2", "p1", "p2"].map(|id| id.parse().unwrap()).to_vec(),
    };
    let web = branch("https://forge.example/acme/web", "feat/story-1");
    let (story, sprint) = (branch(app, "feat/story-1"), branch(app, "feat/sprint-1"));
    assert_eq!(story.to_string(), "branch feat/story-1 of forge.example/acme/app");
    assert_eq!(product("p1").to_string(), "product p1");
    for kind in Kind::ALL {
        let needs = locks_of(*kind, places());
        let (sorted, in_order) = match kind {
            Kind::TaskImplementation | Kind::SprintImplementation => (
                vec![sprint.clone(), story.clone(), web.clone()],
                vec![web.clone(), story.clone(), sprint.clone()],
            ),
            _ => (vec![product("p1"), product("p2")], vec![product("p2"), product("p1")]),
        };
        assert_eq!(needs.locks.unwrap().as_slice(), sorted, "{kind}");
        assert_eq!(needs.in_order, in_order, "{kind}");
    }
    let none = Needs { locks: None, in_order: Vec::new() };
    assert_eq!(locks_of(Kind::PlanChat, Places { products: Vec::new(), ..places() }), none);
    assert_eq!(locks_of(Kind::TaskImplementation, Places { branches: Vec::new(), ..places() }), none);
}

fn rows() -> Vec<Row> {
    let (missing, error, finished_at) = (product("a"), "no".to_owned(), T0);
    let hold = || hold(&["a", "b"]);
    vec![
        ours(Idle).into(),
        asking(&["a", "b"]).into(),
        ours(LockTimeout { missing, finished_at }).into(),
        ours(CreatingOrReusing { hold: hold() }).into(),
        ours(Syncing { hold: hold() }).into(),
        ours(SyncFailed { error, finished_at }).into(),
        ours(Ready { hold: hold() }).into(),
        ours(Releasing { hold: hold() }).into(),
        ours(Released { finished_at }).into(),
        ours(StaleReleased { finished_at }).into(),
    ]
}

#[test]
fn every_state_comes_back_as_it_was_written() {
    let seen: Vec<Status> = rows().iter().map(|row| row.status).collect();
    assert_eq!(seen, Status::ALL, "each state once");
    for row in rows() {
        let read = AnyWorktree::try_from(row.clone()).unwrap();
        assert_eq!(read.status(), row.status);
        assert_eq!((read.owner().0.as_str(), read.owner().1), ("j", 2));
        let again = match read {
            AnyWorktree::Idle(it) => Row::from(it),
            AnyWorktree::AcquiringLock(it) => it.into(),
            AnyWorktree::LockTimeout(it) => it.into(),
            AnyWorktree::CreatingOrReusing(it) => it.into(),
            AnyWorktree::Syncing(it) => it.into(),
            AnyWorktree::SyncFailed(it) => it.into(),
            AnyWorktree::Ready(it) => it.into(),
            AnyWorktree::Releasing(it) => it.into(),
            AnyWorktree::Released(it) => it.into(),
            AnyWorktree::StaleReleased(it) => it.into(),
        };
        assert_eq!(again, row);
    }
}

#[test]
fn rows_that_no_move_wrote_are_refused() {
    // One letter a state, in the order of the words; `y` where the spoilt row is still one that can be.
    type Spoil = fn(&mut Row);
    let spoils: Vec<(&str, Spoil, &str)> = vec![
        ("attempt", |r| r.attempt = 0, "nnnnnnnnnn"),
        ("locks", |r| r.locks = vec![product("a")], "nynyynyynn"),
        ("locks", |r| r.locks = Vec::new(), "ynynnynnyy"),
        ("locks", |r| r.locks.reverse(), "ynynnynnyy"),
        ("locks", |r| r.locks = vec![product("a"), product("a")], "nnnnnnnnnn"),
        ("lease_until", |r| r.lease_until = None, "ynynnynnyy"),
        ("lease_until", |r| r.lease_until = Some(T0), "nynyynyynn"),
        ("waits_since", |r| r.waits_since = None, "ynyyyyyyyy"),
        ("waits_since", |r| r.waits_since = Some(T0), "nynnnnnnnn"),
        ("missing", |r| r.missing = None, "yynyyyyyyy"),
        ("missing", |r| r.missing = Some(product("a")), "nnynnnnnnn"),
        ("error", |r| r.error = None, "yyyyynyyyy"),
        ("error", |r| r.error = Some("no".into()), "nnnnnynnnn"),
        ("finished_at", |r| r.finished_at = None, "yynyynyynn"),
        ("finished_at", |r| r.finished_at = Some(T0), "nnynnynnyy"),
    ];
    for (column, spoil, letters) in spoils {
        assert_eq!(letters.len(), rows().len());
        for (mut row, letter) in rows().into_iter().zip(letters.chars()) {
            spoil(&mut row);
            let status = row.status;
            match AnyWorktree::try_from(row) {
                Ok(_) => assert_eq!(letter, 'y', "{status} {column}"),
                Err(bad) => assert_eq!((letter, bad.column), ('n', column), "{bad}"),
            }
        }
    }
}

#[test]
fn a_list_of_locks_is_sorted_and_has_each_once() {
    assert_eq!(Locks::of(Vec::new()), None);
    let sorted = vec![product("a"), product("b")];
    assert_eq!(Vec::from(locks(&["b", "a", "b"])), sorted);
    assert_eq!(Locks::try_from(sorted), Ok(locks(&["a", "b"])));
    for bad in [vec![], vec![product("b"), product("a")], vec![product("a"), product("a")]] {
        assert_eq!(Locks::try_from(bad.clone()), Err(BadLocks), "{bad:?}");
    }
}
