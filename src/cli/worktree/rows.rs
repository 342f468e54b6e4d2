//! Rows about worktrees.

use crate::cli::table::table_or;
use crate::flow::wire::WorktreeView;

pub(super) use crate::cli::size::size as sized;

/// The worktrees as a table, or `otherwise` when there are none. Whoever asks is called `you` in it.
pub(super) fn worktrees_table(otherwise: &str, views: &[WorktreeView], asks: Option<&str>) -> String {
    let row = |view: &WorktreeView| {
        let tenant = view.attempt.as_ref();
        let whose = tenant.map(|tenant| match asks {
            Some(user) if user == tenant.user_id => "you".to_owned(),
            _ => tenant.user_id.clone(),
        });
        let size = view.bytes.map(|bytes| sized_at_least(bytes, view.bytes_are_least));
        let until = view.goes_at.as_ref().map(|at| format!(" It can go at {at}.")).unwrap_or_default();
        [
            view.folder.clone(),
            whose.unwrap_or_else(|| "-".to_owned()),
            tenant.map_or_else(|| "-".to_owned(), |tenant| tenant.host.clone()),
            view.state.clone(),
            size.unwrap_or_else(|| "-".to_owned()),
            view.fate.clone(),
            format!("{}{until}", view.because),
        ]
    };
    let columns = ["FOLDER", "WHOSE", "HOST", "STATE", "SIZE", "FATE", "WHY"];
    table_or(otherwise, columns, views.iter().map(row).collect())
}

/// A size, or the least that it is.
pub(super) fn sized_at_least(bytes: u64, is_least: bool) -> String {
    if is_least { format!("at least {}", sized(bytes)) } else { sized(bytes) }
}
