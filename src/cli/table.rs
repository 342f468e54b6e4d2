//! Lists as people read them: columns without lines, as wide as the terminal, and safe to show.

use std::io::IsTerminal;

use comfy_table::{ContentArrangement, Table, presets};

use super::plain;

/// The narrowest a table is made for.
const NARROWEST: u16 = 40;

/// A table with these columns; every cell is escaped.
pub(crate) fn table<const N: usize>(
    columns: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(columns.map(str::to_owned));
    match width() {
        Some(width) => table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width),
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    for row in rows {
        table.add_row(row.map(|cell| plain::line(&cell)));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// The same, or `otherwise` when there are no rows.
pub(crate) fn table_or<const N: usize>(
    otherwise: &str,
    columns: [&str; N],
    rows: Vec<[String; N]>,
) -> String {
    if rows.is_empty() { otherwise.to_owned() } else { table(columns, rows) }
}

/// What stands in a cell without a value.
pub(crate) fn cell(value: &Option<String>) -> String {
    value.clone().unwrap_or_else(|| "-".to_owned())
}

/// How many there are, where counting may have ended early.
pub(crate) fn counted(number: i64, is_more: bool) -> String {
    format!("{number}{}", if is_more { "+" } else { "" })
}

/// The terminal's width; none where the reader is a file or a program.
fn width() -> Option<u16> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(terminal_size::Width(width), _)| width.max(NARROWEST))
}
