//! Paths as they are given by the environment or the config file.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::values::{TWICE, called, given, of_env, value};
use super::{ConfigError, Environment, FileConfig};

/// Where settings are read from.
pub(super) struct Source<'a> {
    pub(super) env: &'a Environment,
    pub(super) file: &'a Path,
}

impl Source<'_> {
    /// A path of the environment, else of the config file.
    pub(super) fn path(
        &self,
        variable: &str,
        key: &str,
        written: Option<&str>,
        default: impl FnOnce() -> Result<PathBuf, ConfigError>,
    ) -> Result<PathBuf, ConfigError> {
        match (self.env.setting(variable)?, written) {
            (Some(variable), _) => of_env(&variable, self.env),
            (None, Some(text)) => self.of_file(key, text),
            (None, None) => default(),
        }
    }

    /// A path of the config file.
    pub(super) fn of_file(&self, key: &str, text: &str) -> Result<PathBuf, ConfigError> {
        let from = self.file.display().to_string();
        let path = given(key, &from, Path::new(text), Some(self.env))?;
        // what a relative path in a file means would depend on where one stands
        if text.starts_with(['/', '~']) {
            Ok(path)
        } else {
            Err(value(key, &from, "is not an absolute path"))
        }
    }

    /// Where clones are, by the name or the key of the address of their repository, or the id of a product.
    pub(super) fn repo_roots(&self, says: &FileConfig) -> Result<BTreeMap<String, PathBuf>, ConfigError> {
        let mut roots = BTreeMap::new();
        for (name, text) in &says.repo_roots {
            let (called, key) = (called("repo_roots", self.file, name)?, format!("repo_roots.{name}"));
            if roots.insert(called, self.of_file(&key, text)?).is_some() {
                return Err(value(&key, &self.file.display().to_string(), TWICE));
            }
        }
        for (name, variable) in self.env.repo_roots()? {
            roots.insert(name, of_env(&variable, self.env)?);
        }
        Ok(roots)
    }
}
