//! `health`: whether the database answers.

use jiff::Timestamp as Moment;

use super::Sprintgate;
use super::fresh::iso;
use super::wire::Health;
use crate::domain::time::Timestamp;

impl Sprintgate {
    /// Says how the server is. Never fails and asks for no token.
    pub async fn health(&self) -> Health {
        let database = if self.store.schema_version().await.is_ok() { "ok" } else { "down" };
        Health {
            status: "ok".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            time: iso(Timestamp(Moment::now().as_millisecond())),
            database: database.to_owned(),
        }
    }
}
