//! Lays flag, environment, file and default over each other.

use std::path::{Path, PathBuf};

use super::environment::FROM;
use super::forges::forges;
use super::secret::secret;
use super::source::Source;
use super::values::{given, home, host_name, lease, of_env, preparations, words, xdg};
use super::{Config, ConfigError, Database, Environment, FileConfig, access, database, host};
use crate::cli::wiring::Secret;

/// The flags that are settings.
#[derive(Debug, Clone, Default)]
pub struct Flags {
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--database`.
    pub database: Option<PathBuf>,
}

/// The settings, and where they came from.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The config file's path, whether or not there is one.
    pub file: PathBuf,
    /// What the config file says, if there is one.
    pub found: Option<FileConfig>,
    /// The database that the config file means, by itself; none when it names none and there is no default.
    pub file_database: Option<Database>,
}

/// Reads the settings. A config file that was named must be there unless `may_be_missing`.
///
/// # Errors
/// [`ConfigError`], whatever is wrong first.
pub fn load(flags: &Flags, env: &Environment, may_be_missing: bool) -> Result<Loaded, ConfigError> {
    let named = match &flags.config {
        Some(path) => Some(given("--config", "the command line", path, None)?),
        None => env.setting("CONFIG")?.map(|v| of_env(&v, env)).transpose()?,
    };
    let must_exist = named.is_some() && !may_be_missing;
    let file = match named {
        Some(path) => path,
        None => xdg(env, "XDG_CONFIG_HOME", ".config", "the config file")?.join("config.toml"),
    };
    let found = access::read(&file)?.map(|text| FileConfig::parse(&file, &text)).transpose()?;
    if found.is_none() && must_exist {
        return Err(ConfigError::Missing { path: file });
    }
    let says = found.clone().unwrap_or_default();
    let source = Source { env, file: &file };

    let data = |what| xdg(env, "XDG_DATA_HOME", ".local/share", what);
    let file_database = match &says.database {
        Some(text) => Some(database::of_file(text, &file, env)?),
        None => None,
    };
    let by_default = || Ok(Database::File(data("database")?.join("sprintgate.db")));
    let said = match &flags.database {
        Some(path) => Some(database::of_flag(path)?),
        None => database::of_env(env)?,
    };
    let database = match said.or_else(|| file_database.clone()) {
        Some(database) => database,
        None => match database::of_anybody(env)? {
            Some(database) => database,
            None => by_default()?,
        },
    };
    let file_database = file_database.or_else(|| by_default().ok());
    let config = Config {
        database,
        token: token(env, says.token.as_deref(), &file)?,
        worktree_root: source.path(
            "AGENT_WORKTREE_DIR",
            "worktree_root",
            says.worktree_root.as_deref(),
            || Ok(home(env, "worktree_root")?.join(".sprintgate-worktrees")),
        )?,
        vault_root: source.path("VAULT_ROOT", "vault_root", says.vault_root.as_deref(), || {
            Ok(data("vault_root")?.join("vault"))
        })?,
        state_dir: source.path("STATE_DIR", "state_dir", says.state_dir.as_deref(), || {
            xdg(env, "XDG_STATE_HOME", ".local/state", "state_dir")
        })?,
        lease_seconds: lease(env, says.lease_seconds, &file)?,
        repo_roots: source.repo_roots(&says)?,
        projects: match (env.setting("PROJECTS")?, &says.projects) {
            (Some(variable), _) => Some(of_env(&variable, env)?),
            (None, Some(text)) => Some(source.of_file("projects", text)?),
            (None, None) => home(env, "projects").ok().map(|home| home.join("Projects")),
        },
        host: match (env.setting("HOST")?, &says.host) {
            (Some(v), _) => host_name(&v.name, FROM, v.text)?,
            (None, Some(text)) => host_name("host", &file.display().to_string(), text.clone())?,
            (None, None) => host::name()?,
        },
        agent: match env.setting("AGENT")? {
            Some(variable) => words(&variable)?,
            None => says.agent.unwrap_or_default(),
        },
        credential_helper: env.setting("CREDENTIAL_HELPER")?.map(|v| v.text).or(says.credential_helper),
        forges: forges(&source, &says.forges)?,
        prepare: preparations(says.prepare, &file)?,
    };
    Ok(Loaded { config, file, found, file_database })
}

fn token(env: &Environment, written: Option<&str>, file: &Path) -> Result<Option<Secret>, ConfigError> {
    match (env.token()?, written) {
        (Some(token), _) => Ok(Some(token)),
        (None, Some(text)) => secret("token", &file.display().to_string(), text.to_owned()).map(Some),
        (None, None) => Ok(None),
    }
}
