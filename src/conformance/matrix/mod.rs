//! The guards of the database, machine by machine: every (state, event, state after) by raw SQL on the real tables,
//! against the law written down once more.

mod backlog;
mod edges;
mod outside;
mod people;
mod table;
mod tried;
mod work;
mod zoo;

pub use edges::legal;
pub use table::{Kind, Table, birth_row, ledger_row};
pub(super) use tried::{births, ledger_rows, moves};
pub use zoo::{births_of, tables};
