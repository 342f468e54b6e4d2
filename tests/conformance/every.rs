//! A test for each check and database, so that they are named and run beside each other.

use sprintgate::conformance::{CHECKS, Database, Scale, run};
use tokio_util::sync::CancellationToken;

use super::empty;

async fn holds(name: &str, database: Database) {
    let check = CHECKS.iter().find(|check| check.name == name).unwrap();
    let outcome = run(check, &database, Scale::BRIEF, &CancellationToken::new()).await;
    let seen = outcome.seen.unwrap_or_else(|failed| panic!("{}: {failed}", check.says));
    assert!(seen.counts().iter().any(|(_, count)| *count > 0), "{seen}");
    eprintln!("{seen}, in {:?}", outcome.took);
}

macro_rules! checks {
    ($($name:ident)+) => {
        const LISTED: &[&str] = &[$(stringify!($name)),+];

        mod sqlite {
            use super::{Database, holds};
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                holds(stringify!($name), Database::Sqlite).await;
            })+
        }

        mod postgres {
            use super::{Database, empty, holds};
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                holds(stringify!($name), Database::Postgres(empty().await)).await;
            })+
        }
    };
}

checks! {
    moves_are_the_law
    births_are_the_law
    a_status_has_its_ledger_row
    two_workers_share_the_queue
    four_workers_share_the_queue
    eight_workers_share_the_queue
    sixteen_workers_share_the_queue
    half_a_use_case_is_none
    sweepers_share_the_stale
    a_cascade_meets_reports
    siblings_end_together
    a_run_ends_once
    a_request_has_one_effect
    events_are_read_whole
    tables_are_read_whole
    limits_are_kept
    lengths_are_kept
}

#[test]
fn every_check_is_run_here() {
    assert_eq!(LISTED, CHECKS.iter().map(|check| check.name).collect::<Vec<_>>());
    assert!(CHECKS.iter().all(|check| !check.says.is_empty()));
}
