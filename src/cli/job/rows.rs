//! Jobs as the rows of a list.

use crate::cli::table::{cell, table_or};
use crate::flow::wire::JobLine;

/// The jobs as a table, or `otherwise` when there are none.
pub(crate) fn jobs_table(otherwise: &str, jobs: &[JobLine]) -> String {
    let row = |job: &JobLine| {
        let status = match &job.end_cause {
            Some(cause) => format!("{} ({cause})", job.status),
            None => job.status.clone(),
        };
        [
            job.job_id.clone(),
            status,
            job.attempt.to_string(),
            cell(&job.task_code),
            cell(&job.title),
            cell(&job.verify_result),
            job.created_at.clone(),
        ]
    };
    let columns = ["JOB", "STATUS", "ATTEMPT", "TASK", "TITLE", "VERDICT", "CREATED"];
    table_or(otherwise, columns, jobs.iter().map(row).collect())
}
