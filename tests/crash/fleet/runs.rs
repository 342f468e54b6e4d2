//! The runs: a server that stops and starts, and workers that are killed.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::sync::atomic::Ordering;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::cluster::{Cluster, End};
use super::tally::Tally;
use super::worker::{Fleet, WORKERS};
use crate::crash::seeded::Seeded;
use crate::crash::shop::{Shop, plan, until};

/// Jobs that are added at a time.
const JOBS: usize = 24;
/// How long the workers may take to end what is left.
const REST: Duration = Duration::from_secs(180);

fn seconds() -> Duration {
    let given = std::env::var("SPRINTGATE_FAULT_SECONDS").ok().map(|text| text.parse().unwrap());
    Duration::from_secs(given.unwrap_or(6))
}

/// Lets some time go by.
fn pass(millis: u64) {
    let (_keep, never) = mpsc::channel::<()>();
    let _ = never.recv_timeout(Duration::from_millis(millis));
}

/// Disturbs eight busy workers for as long as a run takes, so many times at least, and lets them end what is left.
/// `disturb` does it once and says what it did.
fn run(
    shop: &Shop,
    fleet: &Fleet,
    at_least: u32,
    query: &mut dyn FnMut(&str) -> String,
    mut disturb: impl FnMut(&mut Seeded) -> String,
) -> BTreeMap<String, u32> {
    let (mut random, mut ended) = (Seeded::new(20_261_121), BTreeMap::new());
    let open = "SELECT count(*) FROM claude_jobs WHERE finished_at IS NULL";
    thread::scope(|scope| {
        let _over = Over(fleet);
        for worker in 0..WORKERS {
            scope.spawn(move || fleet.work(shop, worker));
        }
        let begun = Instant::now();
        // A machine with much else to do may need longer for as much.
        while begun.elapsed() < seconds() || ended.values().sum::<u32>() < at_least {
            *ended.entry(disturb(&mut random)).or_default() += 1;
            if query(open).parse::<usize>().unwrap() < 2 * WORKERS {
                fs::write(shop.root().join("plan.md"), plan(JOBS)).unwrap();
                shop.ok(&["import", "plan.md"]);
                shop.ok(&["sprint", "start"]);
            }
        }
        until(REST, "the end of every job", || {
            pass(100);
            (query(open) == "0").then_some(())
        });
    });
    ended
}

/// Tells the workers that it is over, however it came to its end: the scope waits for them.
struct Over<'a>(&'a Fleet);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::SeqCst);
    }
}

#[test]
fn eight_workers_hear_nothing_of_a_server_that_stops_and_starts() {
    let cluster = std::cell::RefCell::new(Cluster::new());
    let shop = Shop::at(&cluster.borrow().url(), JOBS, 120);
    let fleet = Fleet::default();
    let mut number = 0;
    let kinds = u32::try_from(End::ALL.len()).unwrap();
    let ended = run(&shop, &fleet, kinds, &mut |sql| cluster.borrow().query(sql).unwrap(), |random| {
        pass(500 + random.below(1500));
        let how = End::ALL[number % End::ALL.len()];
        number += 1;
        cluster.borrow_mut().stop(how);
        pass(random.below(1000));
        cluster.borrow_mut().start();
        format!("{how:?}")
    });
    let tally = Tally::of(&shop, &|sql| cluster.borrow().query(sql).unwrap(), ended);
    eprintln!("{tally}");
    assert_eq!(*fleet.refused.lock().unwrap(), BTreeMap::new(), "{tally}");
    assert_eq!(fleet.deaths.load(Ordering::SeqCst), 0, "{tally}");
    // Not one attempt was lost.
    assert_eq!((tally.jobs.len(), tally.attempts.len()), (1, 1), "{tally}");
    assert!(End::ALL.iter().all(|how| tally.ended.contains_key(&format!("{how:?}"))), "{tally}");
}

/// Workers' servers are killed all the time; their jobs come back when their leases end.
fn killed(shop: &Shop, query: &dyn Fn(&str) -> String) {
    let fleet = Fleet::default();
    let ended = run(shop, &fleet, 1, &mut |sql| query(sql), |random| {
        pass(random.below(400));
        fleet.kill(usize::try_from(random.below(WORKERS as u64)).unwrap());
        "worker".to_owned()
    });
    let tally = Tally::of(shop, query, ended);
    let (deaths, refused) = (fleet.deaths.load(Ordering::SeqCst), fleet.refused.lock().unwrap());
    let counts: BTreeMap<_, _> = refused.iter().map(|(code, (count, _))| (code, count)).collect();
    eprintln!("{tally}; {deaths} servers died; refused {counts:?}");
    // Of a lease that ended while its worker was slow.
    assert!(refused.keys().all(|code| code == "LEASE_LOST" || code == "ALREADY_TERMINAL"), "{refused:#?}");
    assert!(tally.jobs.keys().all(|end| end.starts_with("DONE") || end == "FAILED expired"), "{tally}");
    assert!(deaths > 0 && tally.attempts.contains_key("EXPIRED"), "{tally}");
}

#[test]
fn jobs_of_killed_workers_end_once_on_postgres() {
    let cluster = Cluster::new();
    let shop = Shop::at(&cluster.url(), JOBS, 5);
    killed(&shop, &|sql| cluster.query(sql).unwrap());
}

#[test]
fn jobs_of_killed_workers_end_once_on_sqlite() {
    let shop = Shop::open(JOBS, 5);
    let database = shop.database();
    killed(&shop, &|sql| {
        let mut command = Command::new("sqlite3");
        command.args(["-cmd", ".timeout 20000", "-readonly"]).arg(&database).arg(sql);
        let out = command.output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap().trim().to_owned()
    });
}
