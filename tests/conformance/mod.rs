//! The checks of `sprintgate::conformance`, each on each database.

use sprintgate::store::postgres::DatabaseUrl;

use crate::store::postgres::in_postgres::Database;

mod every;
mod own_schema;
mod selftest;

/// A new database without our schema, on the server that the tests start for themselves.
async fn empty() -> DatabaseUrl {
    DatabaseUrl::parse(Database::empty().await.url()).unwrap()
}
