//! The list of checks.

use std::pin::Pin;
use std::sync::Arc;

use super::{Bench, Failed, Seen};
use super::{
    boundaries, cascades, claims, lengths, limits, matrix, pages, replays, roll_ups, run_ends, sweeps,
};

/// What a check comes to.
pub(super) type Running = Pin<Box<dyn Future<Output = Result<Seen, Failed>> + Send>>;

/// How much of it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// Jobs that a worker of a crowd finds.
    pub(super) jobs: usize,
    /// How often a race is run.
    pub(super) rounds: usize,
}

impl Scale {
    /// A minute or two for all checks together: what the tests run.
    pub const BRIEF: Self = Self { jobs: 20, rounds: 3 };
    /// Minutes, with thousands of jobs.
    pub const FULL: Self = Self { jobs: 250, rounds: 40 };
}

/// Something that every database has to hold.
#[derive(Clone, Copy)]
pub struct Check {
    /// Its name, as tests and reports have it.
    pub name: &'static str,
    /// What it holds, as a sentence.
    pub says: &'static str,
    pub(super) make: fn(Arc<dyn Bench>, Scale) -> Running,
}

macro_rules! checks {
    ($($name:ident: $says:literal => $make:expr;)+) => {
        /// Every check, in the order in which they are run.
        pub const CHECKS: &[Check] = &[$(Check {
            name: stringify!($name),
            says: $says,
            make: |bench, scale| Box::pin($make(bench, scale)),
        }),+];
    };
}

checks! {
    moves_are_the_law:
        "of every machine exactly the moves of the law can be written" => matrix::moves;
    births_are_the_law:
        "nothing is born in another status, twice, or without its row of the ledger" => matrix::births;
    a_status_has_its_ledger_row:
        "a status is written with its own row of the ledger or not at all" => matrix::ledger_rows;
    two_workers_share_the_queue:
        "no job is claimed twice or lost, and those of a branch go in order" => claims::crowd::<2>;
    four_workers_share_the_queue:
        "no job is claimed twice or lost, and those of a branch go in order" => claims::crowd::<4>;
    eight_workers_share_the_queue:
        "no job is claimed twice or lost, and those of a branch go in order" => claims::crowd::<8>;
    sixteen_workers_share_the_queue:
        "no job is claimed twice or lost, and those of a branch go in order" => claims::crowd::<16>;
    half_a_use_case_is_none:
        "a use case that ends between any two statements leaves nothing, and whole all of it" => boundaries::cuts;
    sweepers_share_the_stale:
        "a lease that ran out ends its attempt once, however many sweep and report" => sweeps::sweepers;
    a_cascade_meets_reports:
        "a failure cancels its siblings whatever they report meanwhile, and each job ends once" => cascades::races;
    siblings_end_together:
        "stories, items and sprints that change at once come out as one after the other" => roll_ups::siblings;
    a_run_ends_once:
        "a run whose last jobs end together ends once, as one after the other" => run_ends::last_jobs;
    a_request_has_one_effect:
        "the same request at once, again or otherwise has one effect and one answer" => replays::requests;
    events_are_read_whole:
        "events are read page by page, none twice or lost, while others write" => pages::events;
    tables_are_read_whole:
        "entities and their histories are read page by page, none twice or lost" => pages::tables;
    limits_are_kept:
        "what is asked for at most so many times comes no oftener" => limits::kept;
    lengths_are_kept:
        "what is too long, too high or unknown is refused by its name" => lengths::kept;
}
