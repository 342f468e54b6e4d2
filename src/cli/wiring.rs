//! Puts the adapters together. The only file of the shells that names the store and git.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::config::{Config, Database};
use super::error::CliError;
use crate::conformance::Failed;
use crate::domain::id::WorkerId;
use crate::domain::time::Millis;
use crate::flow::{FlowError, Maintenance, Session, Settings, Sprintgate};
use crate::git::{Git, GitSettings};
use crate::runner::Preparations;
use crate::store::postgres::{PostgresStore, PostgresUpkeep};
use crate::store::sqlite::{Clock, SqliteStore, SqliteUpkeep};
use crate::store::{Store, StoreError};

pub use crate::store::postgres::DatabaseUrl;
pub use crate::store::{JobFilter, Secret};

/// How long one git command may take.
const GIT_TIMEOUT: Duration = Duration::from_secs(120);

/// Opens the database and the repositories; the database must have been made by [`create`].
pub(crate) async fn open(config: &Config) -> Result<Sprintgate, CliError> {
    made(&config.database).await?;
    create(config).await
}

/// The database as something to keep, whose schema stays what it is; it must have been made.
pub(crate) async fn maintenance(config: &Config) -> Result<Maintenance, CliError> {
    made(&config.database).await?;
    maintenance_of(&config.database)
}

/// The same of any database, made or not.
pub(crate) fn maintenance_of(database: &Database) -> Result<Maintenance, CliError> {
    Ok(match database {
        Database::File(path) => Maintenance::new(Arc::new(SqliteUpkeep::new(path))),
        Database::Server(url) => {
            Maintenance::new(Arc::new(PostgresUpkeep::new(url).map_err(FlowError::from)?))
        }
    })
}

async fn made(database: &Database) -> Result<(), CliError> {
    if is_made(database).await? {
        return Ok(());
    }
    let what = match database {
        Database::File(path) => format!("there is no database {}", path.display()),
        Database::Server(url) => format!("the database {url} has no tables of Sprintgate"),
    };
    Err(CliError::NotInitialised { what })
}

/// Whether there is a database, of whatever version. A file that cannot be looked at counts as one: whoever opens it
/// says what is wrong.
pub(crate) async fn is_made(database: &Database) -> Result<bool, CliError> {
    match database {
        Database::File(path) => Ok(path.try_exists().unwrap_or(true)),
        Database::Server(url) => Ok(PostgresStore::is_made(url.reveal()).await.map_err(FlowError::from)?),
    }
}

/// The same, and makes the database when it is missing.
pub(crate) async fn create(config: &Config) -> Result<Sprintgate, CliError> {
    let store: Arc<dyn Store> = match &config.database {
        Database::File(path) => {
            Arc::new(SqliteStore::open(path, Clock::Database).await.map_err(FlowError::from)?)
        }
        Database::Server(url) => {
            Arc::new(PostgresStore::open(url.reveal(), Clock::Database).await.map_err(FlowError::from)?)
        }
    };
    let git = Git::new(GitSettings {
        worktree_root: config.worktree_root.clone(),
        vault_root: config.vault_root.clone(),
        timeout: GIT_TIMEOUT,
        credential_helper: config.credential_helper.clone(),
    })
    .map_err(FlowError::from)?;
    let settings = Settings {
        lease: Millis::seconds(i64::from(config.lease_seconds)),
        host: config.host.clone(),
        repo_roots: config.repo_roots.clone(),
        projects: config.projects.clone(),
    };
    let preparations = Preparations::new(config.prepare.clone(), &config.state_dir);
    Ok(Sprintgate::new(store, git, settings).with_readies(Arc::new(preparations)))
}

/// A server that the checks of a database cannot use.
pub(crate) fn unavailable(url: &DatabaseUrl, failed: Failed) -> CliError {
    let error = StoreError::Open { at: url.to_string(), source: Box::new(failed) };
    CliError::Flow(FlowError::from(error))
}

/// The session of a person: what it does stands in the ledger as done by a human.
pub(crate) fn person(config: &Config) -> Result<Session, CliError> {
    Ok(Session::person(Some(token(config)?), worker_id(config)?))
}

/// The session of a worker.
pub(crate) fn worker(config: &Config) -> Result<Session, CliError> {
    Ok(Session::worker(Some(token(config)?), worker_id(config)?))
}

/// The session of a client of the tools. It may lack a token: each tool that needs one says so itself.
pub(crate) fn client(config: &Config) -> Result<Session, CliError> {
    Ok(Session::worker(config.token.as_ref(), worker_id(config)?))
}

/// Whether the folder is the top of a clone with a work tree.
pub(crate) fn is_clone(path: &Path) -> bool {
    crate::git::is_clone(path)
}

/// A new name for this process: the host, the process and a few random digits.
pub(crate) fn worker_id(config: &Config) -> Result<WorkerId, CliError> {
    let random = getrandom::u32().map_err(|error| CliError::failed("NO_RANDOMNESS", error))?;
    let text = format!("{}-{}-{random:08x}", slug(&config.host), std::process::id());
    WorkerId::new(text).map_err(|error| CliError::failed("BAD_WORKER_ID", error))
}

fn token(config: &Config) -> Result<&Secret, CliError> {
    config
        .token
        .as_ref()
        .ok_or_else(|| CliError::NotInitialised { what: "there is no access token".to_owned() })
}

/// The host in the letters that an id may have.
fn slug(host: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let slug: String = host.chars().map(letter).take(40).collect();
    let slug = slug.trim_matches('-');
    if slug.is_empty() { "host".to_owned() } else { slug.to_owned() }
}
