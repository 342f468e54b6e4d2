//! Kills at moments that nobody chose.

use std::collections::HashMap;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::kill;
use super::life::{End, Written, live};
use super::seeded::Seeded;
use super::server::{Dead, Server};
use super::shop::Shop;

const JOBS: usize = 20;
const KILLS: u32 = 25;

/// One life; its server is killed after that time, every second time with all that it had started.
fn round(shop: &Shop, number: u32, after: Duration, written: &mut Vec<Written>) -> Result<End, Dead> {
    let mut server = Server::start(shop);
    let (pid, whole) = (server.pid(), number.is_multiple_of(2));
    let ended = thread::scope(|scope| {
        let (over, is_over) = mpsc::channel::<()>();
        scope.spawn(move || {
            if is_over.recv_timeout(after) == Err(RecvTimeoutError::Timeout) {
                kill::one(pid);
            }
        });
        let ended = server.greet().and_then(|()| live(&mut server, &format!("round-{number}"), written));
        drop(over);
        ended
    });
    if whole {
        server.cut()
    } else {
        server.kill()
    }
    ended
}

#[test]
fn nothing_is_lost_whenever_the_server_is_killed() {
    let shop = Shop::open(JOBS, 1);
    let (mut written, mut random, mut killed) = (Vec::new(), Seeded::new(20_240_229), 0);
    let begun = Instant::now();
    let mut server = Server::ready(&shop);
    assert_eq!(live(&mut server, "first", &mut written), Ok(End::Done));
    drop(server);
    let (mut life, mut number) = (begun.elapsed(), 0);
    // However long a life takes at the moment, enough of them are cut short.
    while number < KILLS || killed <= KILLS / 2 {
        assert!(number < 4 * KILLS, "only {killed} kills hit");
        let after = Duration::from_micros(random.below(u64::try_from(life.as_micros()).unwrap()));
        let begun = Instant::now();
        match round(&shop, number, after, &mut written) {
            Err(Dead) => killed += 1,
            Ok(End::Done) => life = begun.elapsed(),
            Ok(End::Idle) => {}
        }
        assert_eq!(shop.json(&["audit", "verify"])["ok"], true, "after kill {number}");
        number += 1;
    }

    let end = Instant::now() + Duration::from_secs(30);
    let mut server = Server::ready(&shop);
    while shop.jobs().iter().any(|job| job["finished_at"].is_null()) {
        assert!(Instant::now() < end, "stuck: {:?}", shop.jobs());
        live(&mut server, "last", &mut written).unwrap();
    }
    drop(server);
    check(&shop, &written);
}

fn check(shop: &Shop, written: &[Written]) {
    let mut ends = HashMap::new();
    for job in shop.jobs() {
        let shown = shop.show(&job);
        let (status, cause) = (job["status"].as_str().unwrap(), job["end_cause"].as_str().unwrap());
        *ends.entry(format!("{status} {cause}")).or_insert(0) += 1;
        let attempts = shown["attempts"].as_array().unwrap();
        assert!((1..=3).contains(&attempts.len()), "{shown}");
        let ended = |word: &str| attempts.iter().filter(|attempt| attempt["status"] == word).count();
        assert_eq!(ended("HELD"), 0, "{shown}");
        match (status, cause) {
            ("DONE", _) => {
                assert_eq!((ended("FINISHED"), ended("EXPIRED")), (1, attempts.len() - 1), "{shown}");
                let head = job["head_sha"].as_str().unwrap().to_owned();
                assert_eq!(shop.published(&job), Some(head.clone()), "{shown}");
                let mine = |one: &&Written| one.job["job_id"] == job["job_id"];
                let last = written.iter().rfind(mine).unwrap();
                assert_eq!(last.verified, Some(head), "{shown}");
            }
            ("FAILED", "expired") => assert_eq!((attempts.len(), ended("EXPIRED")), (3, 3), "{shown}"),
            other => panic!("{other:?}: {shown}"),
        }
    }
    let done = ends.iter().filter(|(end, _)| end.starts_with("DONE")).map(|(_, n)| n).sum::<i32>();
    assert!(done > 5, "{ends:?}");
    shop.tidied();
    let kept = shop.kept();
    for one in written {
        assert!(kept.contains(&one.text), "{} is lost: {}", one.text, one.job);
    }
    shop.sound();
}
