//! The variables that are settings: Sprintgate's own names, then those of the original.

use std::collections::BTreeMap;
use std::ffi::OsString;

use super::ConfigError;
use super::secret::secret;
use crate::cli::wiring::Secret;

/// The process's variables, read once. A variable that is empty counts as not set.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, OsString>);

/// A variable that was set.
pub(super) struct Variable {
    /// Its name.
    pub(super) name: String,
    /// Its value.
    pub(super) text: String,
}

impl Environment {
    /// The variables of this process.
    #[must_use]
    pub fn of_process() -> Self {
        let named = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value));
        Self(std::env::vars_os().filter_map(named).collect())
    }

    /// Variables from elsewhere, as for a test.
    #[must_use]
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
    }

    /// The variable of exactly this name.
    pub(super) fn exactly(&self, name: &str) -> Result<Option<Variable>, ConfigError> {
        let Some(value) = self.0.get(name).filter(|value| !value.is_empty()) else { return Ok(None) };
        match value.to_str() {
            Some(text) => Ok(Some(Variable { name: name.to_owned(), text: text.to_owned() })),
            None => Err(ConfigError::Value {
                name: name.to_owned(),
                from: FROM.to_owned(),
                why: "is not UTF-8".to_owned(),
            }),
        }
    }

    /// The setting of this name: `SPRINTGATE_<name>`, else `SCRUM4ME_<name>`.
    pub(super) fn setting(&self, name: &str) -> Result<Option<Variable>, ConfigError> {
        match self.exactly(&format!("SPRINTGATE_{name}"))? {
            Some(variable) => Ok(Some(variable)),
            None => self.exactly(&format!("SCRUM4ME_{name}")),
        }
    }

    /// The access token of the environment.
    ///
    /// # Errors
    /// [`ConfigError::Value`] when it cannot be one.
    pub fn token(&self) -> Result<Option<Secret>, ConfigError> {
        self.setting("TOKEN")?.map(|v| secret(&v.name, FROM, v.text)).transpose()
    }

    /// Clones: `…_REPO_ROOT_REPO_<name>` by the repository's name, `…_REPO_ROOT_<id>` by the product's id.
    pub(super) fn repo_roots(&self) -> Result<BTreeMap<String, Variable>, ConfigError> {
        let mut roots = BTreeMap::new();
        for prefix in ["SCRUM4ME_REPO_ROOT_", "SPRINTGATE_REPO_ROOT_"] {
            for name in self.0.keys() {
                let Some(rest) = name.strip_prefix(prefix) else { continue };
                let key = rest.strip_prefix("REPO_").unwrap_or(rest);
                if key.is_empty() {
                    return Err(ConfigError::Value {
                        name: name.clone(),
                        from: FROM.to_owned(),
                        why: "names no repository and no product".to_owned(),
                    });
                }
                if let Some(variable) = self.exactly(name)? {
                    roots.insert(key.to_owned(), variable);
                }
            }
        }
        Ok(roots)
    }
}

/// What an error calls this source.
pub(super) const FROM: &str = "the environment";
