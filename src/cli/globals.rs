//! The flags that every command takes, and what commands make of them.

use std::path::PathBuf;

use super::config::{self, Config, Environment, Flags, Loaded};
use super::error::CliError;
use super::wiring;
use crate::flow::{Session, Sprintgate};

/// The flags that every command takes.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Globals {
    /// The config file [env: SPRINTGATE_CONFIG] [default: ~/.config/sprintgate/config.toml]
    #[arg(long, global = true, help_heading = "Global options", value_name = "PATH")]
    config: Option<PathBuf>,
    /// The SQLite file or the postgres:// address of the database [env: SPRINTGATE_DATABASE_URL] [default: ~/.local/share/sprintgate/sprintgate.db]
    #[arg(long, global = true, help_heading = "Global options", value_name = "PATH")]
    database: Option<PathBuf>,
    /// Print JSON, errors included
    #[arg(long, global = true, help_heading = "Global options")]
    pub(crate) json: bool,
}

impl Globals {
    /// The settings and where they came from.
    pub(crate) fn load(&self, may_be_missing: bool) -> Result<Loaded, CliError> {
        let flags = Flags { config: self.config.clone(), database: self.database.clone() };
        Ok(config::load(&flags, &Environment::of_process(), may_be_missing)?)
    }

    /// Refuses `--database`, for a command that uses none of the user's.
    pub(crate) fn without_database(&self, why: &str) -> Result<(), CliError> {
        self.database.as_ref().map_or(Ok(()), |_| Err(CliError::argument("--database", why)))
    }

    /// The settings.
    pub(crate) fn config(&self) -> Result<Config, CliError> {
        Ok(self.load(false)?.config)
    }

    /// The use cases, and the session of the person who typed the command.
    pub(crate) async fn open(&self) -> Result<(Sprintgate, Session), CliError> {
        let config = self.config()?;
        let session = wiring::person(&config)?;
        Ok((wiring::open(&config).await?, session))
    }
}
