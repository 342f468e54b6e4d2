//! Salvaged work as the rows of a list.

use crate::cli::age::age;
use crate::cli::table::{cell, table_or};
use crate::flow::wire::SalvageView;

/// Salvaged work as a table, or `otherwise` when there is none.
pub(super) fn salvages_table(otherwise: &str, salvages: &[SalvageView]) -> String {
    let row = |salvage: &SalvageView| {
        [
            salvage.job_id.clone(),
            salvage.attempt.to_string(),
            what(salvage),
            age(salvage.age_seconds),
            cell(&salvage.restored_at),
            place(salvage),
            salvage.repo_url.clone(),
        ]
    };
    let columns = ["JOB", "ATTEMPT", "KEPT", "AGE", "RESTORED", "WHERE", "REPOSITORY"];
    table_or(otherwise, columns, salvages.iter().map(row).collect())
}

/// What it consists of.
pub(super) fn what(salvage: &SalvageView) -> String {
    match salvage.paths {
        0 => salvage.kind.clone(),
        paths => format!("{}, {paths} files", salvage.kind),
    }
}

/// Where it is.
pub(super) fn place(salvage: &SalvageView) -> String {
    match (salvage.is_here, &salvage.host) {
        (true, _) => "here".to_owned(),
        (false, Some(host)) => format!("not here; kept on {host}"),
        (false, None) => "not here".to_owned(),
    }
}
