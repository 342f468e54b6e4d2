//! What is told of the checks as they end: a line each, for people or as JSON.

use std::time::Duration;

use serde_json::json;

use crate::cli::error::CliError;
use crate::cli::{plain, print};
use crate::conformance::{Check, Database, Outcome, Schema};

/// How many checks ended how.
#[derive(Debug, Default)]
pub(super) struct Ended {
    pub(super) held: usize,
    pub(super) failed: usize,
    took: Duration,
}

impl Ended {
    pub(super) fn count(&mut self, outcome: &Outcome) {
        match outcome.seen {
            Ok(_) => self.held += 1,
            Err(_) => self.failed += 1,
        }
        self.took += outcome.took;
    }
}

pub(super) struct Told {
    as_json: bool,
}

impl Told {
    pub(super) fn new(as_json: bool) -> Self {
        Self { as_json }
    }

    /// How a check ended.
    pub(super) fn check(&self, check: &Check, outcome: &Outcome) -> Result<(), CliError> {
        let milliseconds = u64::try_from(outcome.took.as_millis()).unwrap_or(u64::MAX);
        if self.as_json {
            let (counts, error) = match &outcome.seen {
                Ok(seen) => (json!(seen), None),
                Err(failed) => (json!({}), Some(failed.to_string())),
            };
            return print::json_line(&json!({
                "check": check.name,
                "says": check.says,
                "ok": error.is_none(),
                "counts": counts,
                "error": error,
                "milliseconds": milliseconds,
            }));
        }
        let (name, seconds) = (check.name, seconds(outcome.took));
        print::text(&match &outcome.seen {
            Ok(seen) => format!("ok      {name} ({seconds}): {seen}"),
            Err(failed) => {
                let failed = plain::line(&failed.to_string());
                format!("FAILED  {name} ({seconds}), which is that {}\n        {failed}", check.says)
            }
        })
    }

    /// How all of them ended.
    pub(super) fn summary(&self, database: &Database, ended: &Ended) -> Result<(), CliError> {
        let (place, held, failed) = (database.to_string(), ended.held, ended.failed);
        if self.as_json {
            return print::json_line(&json!({ "database": place, "held": held, "failed": failed }));
        }
        let (place, seconds) = (plain::line(&place), seconds(ended.took));
        print::text(&match failed {
            0 => format!("\nAll {held} checks hold on {place}, in {seconds}."),
            _ => format!("\n{failed} of {} checks do not hold on {place}, in {seconds}.", held + failed),
        })
    }

    /// What is there of runs that were killed.
    pub(super) fn left_over(&self, schemas: &[Schema]) -> Result<(), CliError> {
        for schema in schemas {
            if self.as_json {
                print::json_line(&json!({ "left_over": schema.name }))?;
            } else {
                let name = plain::line(&schema.name);
                print::text(&format!(
                    "The schema {name} was left by a selftest that was killed; `sprintgate selftest --clean` drops it."
                ))?;
            }
        }
        Ok(())
    }

    /// What was there of them.
    pub(super) fn cleaned(&self, schemas: &[Schema]) -> Result<(), CliError> {
        if self.as_json {
            let names: Vec<&str> = schemas.iter().map(|schema| schema.name.as_str()).collect();
            return print::json(&json!({ "dropped": names }));
        }
        if schemas.is_empty() {
            return print::text("No selftest left anything.");
        }
        let dropped =
            schemas.iter().map(|schema| format!("dropped the schema {}", plain::line(&schema.name)));
        print::text(&dropped.collect::<Vec<_>>().join("\n"))
    }
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}
