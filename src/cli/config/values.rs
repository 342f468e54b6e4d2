//! Takes text for a path, a number or a name, or says what is wrong with it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::environment::{FROM, Variable};
use super::settings::{PREPARE_SECONDS, PREPARE_SECONDS_DEFAULT};
use super::{ConfigError, Environment, LEASE_SECONDS, Prepare, host};
use crate::domain::remote::{BadRemoteUrl, RemoteUrl};
use crate::runner::Preparation;

pub(super) fn value(name: &str, from: &str, why: &str) -> ConfigError {
    ConfigError::Value { name: name.to_owned(), from: from.to_owned(), why: why.to_owned() }
}

pub(super) fn of_env(variable: &Variable, env: &Environment) -> Result<PathBuf, ConfigError> {
    given(&variable.name, FROM, Path::new(&variable.text), Some(env))
}

/// An absolute path; `~/` is the home folder where no shell has read it.
pub(super) fn given(
    name: &str,
    from: &str,
    path: &Path,
    env: Option<&Environment>,
) -> Result<PathBuf, ConfigError> {
    let text = path.to_string_lossy();
    if text.is_empty() {
        return Err(value(name, from, "is empty"));
    }
    if text.len() > 4096 || text.chars().any(char::is_control) {
        return Err(value(name, from, "is not a path: too long, or with control characters"));
    }
    if text.contains("://") || text.starts_with("sqlite:") {
        return Err(value(name, from, "is an address; only paths of files are known"));
    }
    if let (Some(env), Some(rest)) = (env, text.strip_prefix("~/")) {
        return Ok(home(env, "~")?.join(rest));
    }
    std::path::absolute(path).map_err(|_| value(name, from, "is relative, and there is no current folder"))
}

pub(super) fn home(env: &Environment, what: &'static str) -> Result<PathBuf, ConfigError> {
    base(env, "HOME")?.ok_or(ConfigError::NoHome { name: "HOME", what })
}

pub(super) fn xdg(
    env: &Environment,
    name: &'static str,
    below: &str,
    what: &'static str,
) -> Result<PathBuf, ConfigError> {
    let base = match base(env, name)? {
        Some(path) => path,
        None => home(env, what)?.join(below),
    };
    Ok(base.join("sprintgate"))
}

fn base(env: &Environment, name: &'static str) -> Result<Option<PathBuf>, ConfigError> {
    match env.exactly(name)? {
        Some(variable) if variable.text.starts_with('/') => Ok(Some(PathBuf::from(variable.text))),
        Some(_) => Err(value(name, FROM, "is not an absolute path")),
        None => Ok(None),
    }
}

pub(super) fn lease(env: &Environment, written: Option<u32>, file: &Path) -> Result<u32, ConfigError> {
    let (name, from, seconds) = match (env.setting("LEASE_SECONDS")?, written) {
        (Some(variable), _) => (variable.name, FROM.to_owned(), variable.text.parse::<u32>().ok()),
        (None, Some(seconds)) => ("lease_seconds".to_owned(), file.display().to_string(), Some(seconds)),
        (None, None) => return Ok(300),
    };
    match seconds.filter(|seconds| LEASE_SECONDS.contains(seconds)) {
        Some(seconds) => Ok(seconds),
        None => Err(value(&name, &from, "is not a whole number from 1 to 3600")),
    }
}

/// What is wrong with a second spelling of a repository.
pub(super) const TWICE: &str = "is there twice, by two spellings of one address";

pub(super) fn preparations(
    written: BTreeMap<String, Prepare>,
    file: &Path,
) -> Result<BTreeMap<String, Preparation>, ConfigError> {
    let from = file.display().to_string();
    let mut all = BTreeMap::new();
    for (repo, Prepare { command, seconds }) in written {
        let called = called("prepare", file, &repo)?;
        if command.first().is_none_or(String::is_empty) {
            return Err(value(&format!("prepare.{repo}.command"), &from, "names no program"));
        }
        let seconds = seconds.unwrap_or(PREPARE_SECONDS_DEFAULT);
        if !PREPARE_SECONDS.contains(&seconds) {
            let why = "is not a whole number from 1 to 3600";
            return Err(value(&format!("prepare.{repo}.seconds"), &from, why));
        }
        let preparation = Preparation { command, limit: Duration::from_secs(seconds.into()) };
        if all.insert(called, preparation).is_some() {
            return Err(value(&format!("prepare.{repo}"), &from, TWICE));
        }
    }
    Ok(all)
}

/// What a key of the file calls a repository: its name as it is, or the key that all spellings of its address share. The
/// text is not repeated: an address that is none may have a password.
pub(super) fn called(table: &str, file: &Path, text: &str) -> Result<String, ConfigError> {
    if !text.contains(['/', ':', '@']) {
        return Ok(text.to_owned());
    }
    let bad =
        |bad: BadRemoteUrl| value(table, &file.display().to_string(), &format!("has a key that is {bad}"));
    RemoteUrl::new(text).map(|url| url.key()).map_err(bad)
}

pub(super) fn host_name(name: &str, from: &str, text: String) -> Result<String, ConfigError> {
    if host::fits(&text) {
        Ok(text)
    } else {
        Err(value(name, from, "is not a name of 1 to 64 visible ASCII characters"))
    }
}

/// A JSON array of strings, or words between spaces.
pub(super) fn words(variable: &Variable) -> Result<Vec<String>, ConfigError> {
    let text = variable.text.trim();
    if text.starts_with('[') {
        return serde_json::from_str(text)
            .map_err(|_| value(&variable.name, FROM, "is not a JSON array of strings"));
    }
    Ok(text.split_whitespace().map(str::to_owned).collect())
}
