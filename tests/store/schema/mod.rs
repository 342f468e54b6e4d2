//! The live schema of both databases: compared, and shown on a page.

mod differ;
mod kept;
mod meant;
mod of_postgres;
mod of_sqlite;
mod page;
mod read;
