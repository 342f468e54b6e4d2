//! Which database is meant: a file of this machine, or a server.
//!
//! `--database`, then `SPRINTGATE_DATABASE_URL` or `SPRINTGATE_DATABASE`, then the same names of the original, then the
//! config file; then `DATABASE_URL`, which may have been set for quite another program, and so comes last of all that
//! was said; then the file in the data folder.

use std::fmt;
use std::path::{Path, PathBuf};

use super::environment::{FROM, Variable};
use super::values::{given, value};
use super::{ConfigError, Environment};
use crate::cli::wiring::DatabaseUrl;

/// Where the rows are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Database {
    /// An SQLite file, by its absolute path.
    File(PathBuf),
    /// A database of a PostgreSQL server.
    Server(DatabaseUrl),
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => path.display().fmt(f),
            Self::Server(url) => url.fmt(f),
        }
    }
}

impl Database {
    /// As the config file names it; it has what opens the database.
    pub(crate) fn to_setting(&self) -> String {
        match self {
            Self::File(path) => path.to_string_lossy().into_owned(),
            Self::Server(url) => url.reveal().to_owned(),
        }
    }
}

/// What `--database` says. An address with a password is refused: every user of the machine can read it there.
pub(super) fn of_flag(path: &Path) -> Result<Database, ConfigError> {
    typed("--database", path, "SPRINTGATE_DATABASE_URL")
}

/// Where `db copy` is to go: what `--to` says, else the variable of that name, which may have a password.
pub(crate) fn of_copy(
    to: Option<&Path>,
    variable: Option<&str>,
    env: &Environment,
) -> Result<Database, ConfigError> {
    const VARIABLE: &str = "SPRINTGATE_COPY_TO_URL";
    if let Some(path) = to {
        return typed("--to", path, VARIABLE);
    }
    let name = variable.unwrap_or(VARIABLE);
    match env.exactly(name)? {
        Some(said) => of_variable(&said, env),
        None => Err(value(name, FROM, "is not set, and --to was not given")),
    }
}

fn typed(flag: &str, path: &Path, variable: &str) -> Result<Database, ConfigError> {
    const FROM: &str = "the command line";
    match path.to_str().filter(|text| DatabaseUrl::is_meant(text)) {
        Some(text) => {
            let url = address(flag, FROM, text)?;
            if url.has_password() {
                let why = "has a password, which every user of this machine can read in the list of processes; put \
                    the address into ";
                return Err(value(flag, FROM, &format!("{why}{variable}")));
            }
            Ok(Database::Server(url))
        }
        None => given(flag, FROM, path, None).map(Database::File),
    }
}

/// What Sprintgate's own variables say, or those of the original.
pub(super) fn of_env(env: &Environment) -> Result<Option<Database>, ConfigError> {
    for program in ["SPRINTGATE", "SCRUM4ME"] {
        let url = env.exactly(&format!("{program}_DATABASE_URL"))?;
        let path = env.exactly(&format!("{program}_DATABASE"))?;
        match (url, path) {
            (Some(url), Some(path)) if url.text != path.text => {
                let why = format!("names another database than {}; unset one of them", path.name);
                return Err(value(&url.name, FROM, &why));
            }
            (Some(said), _) | (None, Some(said)) => return of_variable(&said, env).map(Some),
            (None, None) => {}
        }
    }
    Ok(None)
}

/// What `DATABASE_URL` says, whoever set it.
pub(super) fn of_anybody(env: &Environment) -> Result<Option<Database>, ConfigError> {
    let Some(said) = env.exactly("DATABASE_URL")? else { return Ok(None) };
    if !DatabaseUrl::is_meant(&said.text) {
        let why = "is not the address of a PostgreSQL database; if it is another program's, say with \
            SPRINTGATE_DATABASE or in the config file which database is Sprintgate's";
        return Err(value(&said.name, FROM, why));
    }
    address(&said.name, FROM, &said.text).map(|url| Some(Database::Server(url)))
}

/// What the config file says; paths in it are absolute.
pub(super) fn of_file(text: &str, file: &Path, env: &Environment) -> Result<Database, ConfigError> {
    let from = file.display().to_string();
    if DatabaseUrl::is_meant(text) {
        return address("database", &from, text).map(Database::Server);
    }
    let path = given("database", &from, Path::new(text), Some(env))?;
    // what a relative path in a file means would depend on where one stands
    if !text.starts_with(['/', '~']) {
        return Err(value("database", &from, "is not an absolute path"));
    }
    Ok(Database::File(path))
}

fn of_variable(said: &Variable, env: &Environment) -> Result<Database, ConfigError> {
    if DatabaseUrl::is_meant(&said.text) {
        return address(&said.name, FROM, &said.text).map(Database::Server);
    }
    super::values::of_env(said, env).map(Database::File)
}

fn address(name: &str, from: &str, text: &str) -> Result<DatabaseUrl, ConfigError> {
    DatabaseUrl::parse(text).map_err(|error| value(name, from, &error.to_string()))
}
