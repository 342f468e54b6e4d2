//! What a run comes to: every job ended once, by legal moves alone.

use std::collections::BTreeMap;
use std::fmt;

use crate::crash::shop::Shop;

/// Counts of a run.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// What was ended, and how often.
    pub(super) ended: BTreeMap<String, u32>,
    /// Jobs by their status.
    pub(super) jobs: BTreeMap<String, u64>,
    /// Attempts by their status.
    pub(super) attempts: BTreeMap<String, u64>,
    /// Rows of the ledger that were verified.
    rows: u64,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ended, jobs, attempts, rows } = self;
        write!(f, "ended {ended:?}; jobs {jobs:?}; attempts {attempts:?}; {rows} rows of the ledger verified")
    }
}

impl Tally {
    /// Checks the shop, whose database answers queries.
    pub(super) fn of(shop: &Shop, query: &dyn Fn(&str) -> String, ended: BTreeMap<String, u32>) -> Self {
        let counts = |sql: &str| -> BTreeMap<String, u64> {
            let rows = query(sql);
            let rows = rows.lines().map(|row| row.rsplit_once('|').unwrap());
            rows.map(|(what, count)| (what.to_owned(), count.parse().unwrap())).collect()
        };
        let ends = "SELECT ends, count(*) FROM (SELECT (SELECT count(*) FROM ledger l WHERE l.machine = 'job' \
            AND l.entity = j.id AND l.to_status IN ('DONE', 'FAILED', 'CANCELLED')) AS ends FROM claude_jobs j) e \
            GROUP BY ends";
        let once: Vec<_> = counts(ends).into_keys().collect();
        assert_eq!(once, ["1"], "every job ends exactly once");
        let twice = "SELECT job_id, count(*) FROM attempts GROUP BY job_id, number HAVING count(*) > 1";
        assert_eq!(query(twice), "", "no attempt is there twice");
        let jobs = counts("SELECT status || ' ' || end_cause, count(*) FROM claude_jobs GROUP BY 1");
        let attempts = counts("SELECT status, count(*) FROM attempts GROUP BY 1");
        assert!(!attempts.contains_key("HELD"), "{attempts:?}");
        let finished = attempts.get("FINISHED").copied().unwrap_or(0);
        let done: u64 = jobs.iter().filter(|(end, _)| end.starts_with("DONE")).map(|(_, n)| n).sum();
        assert_eq!(finished, done, "{jobs:?} {attempts:?}");
        shop.sound();
        let rows = counts("SELECT 'rows', count(*) FROM ledger")["rows"];
        Self { ended, jobs, attempts, rows }
    }
}
