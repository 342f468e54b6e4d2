//! What `init` found and what it made.

use crate::cli::plain;

/// What was found and what was made.
#[derive(Debug, serde::Serialize)]
pub(super) struct Report {
    pub(super) user: String,
    /// `found` or `made`.
    pub(super) token: &'static str,
    pub(super) database: String,
    /// `found` or `made`.
    pub(super) database_state: &'static str,
    pub(super) config: String,
    /// `found` or `made`.
    pub(super) config_state: &'static str,
}

impl Report {
    /// As people read it.
    pub(super) fn for_people(&self) -> String {
        format!(
            "user      {user}\ndatabase  {database} ({database_state})\nconfig    {config} ({config_state})\n\
             token     {token}; it stands in the config file\n\nNext: sprintgate product add NAME --clone PATH",
            user = plain::line(&self.user),
            database = plain::line(&self.database),
            database_state = self.database_state,
            config = plain::line(&self.config),
            config_state = self.config_state,
            token = self.token,
        )
    }
}
