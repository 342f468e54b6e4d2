//! The forges that may be spoken to: a host a table of the config file, each with its token. A host that is not listed is
//! never spoken to, whatever variables there are.

use std::path::PathBuf;

use super::access::secret_file;
use super::environment::Variable;
use super::source::Source;
use super::values::value;
use super::{ConfigError, Environment};
use crate::domain::credential::Credential;
use crate::domain::forge::{ForgeHost, ForgeKind};

/// One `[[forges]]` as it is written.
#[derive(Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileForge {
    /// Its host, with a port where that is not the usual one.
    pub host: String,
    /// `github`, or `forgejo` for Forgejo and Gitea.
    pub kind: String,
    /// Where its interface is, where that is not the usual place.
    pub api: Option<String>,
    /// The variable that has its token.
    pub token_env: Option<String>,
    /// The file that has its token and nothing else.
    pub token_file: Option<String>,
    /// Certificates to be believed beside the system's, as PEM.
    pub ca_file: Option<String>,
}

/// A forge that may be spoken to, with its token, which `Debug` does not show.
#[derive(Debug, Clone)]
pub struct ForgeConfig {
    /// Its host.
    pub host: ForgeHost,
    /// What it speaks.
    pub kind: ForgeKind,
    /// Where its interface is; none for the usual place.
    pub api: Option<String>,
    /// Its token.
    pub token: Credential,
    /// The variable that the token came from, which no agent gets.
    pub token_env: Option<String>,
    /// Certificates to be believed beside the system's.
    pub ca_file: Option<PathBuf>,
}

/// The forges of the config file, each host once.
pub(super) fn forges(source: &Source<'_>, written: &[FileForge]) -> Result<Vec<ForgeConfig>, ConfigError> {
    let mut forges: Vec<ForgeConfig> = Vec::with_capacity(written.len());
    for (place, one) in written.iter().enumerate() {
        let entry = Entry { source, place: place + 1 };
        let forge = entry.forge(one)?;
        if forges.iter().any(|other| other.host == forge.host) {
            return Err(entry.wrong("host", "is listed twice"));
        }
        forges.push(forge);
    }
    Ok(forges)
}

/// One of the tables, by its place in the file, from 1.
struct Entry<'a> {
    source: &'a Source<'a>,
    place: usize,
}

impl Entry<'_> {
    fn key(&self, key: &str) -> String {
        format!("forges[{}].{key}", self.place)
    }

    fn wrong(&self, key: &str, why: &str) -> ConfigError {
        value(&self.key(key), &self.source.file.display().to_string(), why)
    }

    fn forge(&self, written: &FileForge) -> Result<ForgeConfig, ConfigError> {
        let host = ForgeHost::new(&written.host)
            .map_err(|error| self.wrong("host", &format!("is no host: {}", error.why)))?;
        let kind = written
            .kind
            .parse::<ForgeKind>()
            .map_err(|_| self.wrong("kind", "is neither github nor forgejo (which is Gitea's, too)"))?;
        let (token, token_env) = self.token(written, &host, kind)?;
        let ca_file = written.ca_file.as_deref();
        let ca_file = ca_file.map(|text| self.source.of_file(&self.key("ca_file"), text)).transpose()?;
        if !written.api.as_deref().is_none_or(is_address) {
            return Err(self.wrong("api", "is no address: it is https, without user, query and fragment"));
        }
        Ok(ForgeConfig { host, kind, api: written.api.clone(), token, token_env, ca_file })
    }

    fn token(
        &self,
        written: &FileForge,
        host: &ForgeHost,
        kind: ForgeKind,
    ) -> Result<(Credential, Option<String>), ConfigError> {
        match (&written.token_env, &written.token_file) {
            (Some(_), Some(_)) => {
                Err(self.wrong("token_file", "is there beside token_env; one of them is enough"))
            }
            (Some(name), None) => {
                // The text is not repeated: it may be the token itself.
                let unset = || self.wrong("token_env", "names a variable that is not set");
                let variable = self.source.env.exactly(name).map_err(|_| unset())?.ok_or_else(unset)?;
                Ok((self.credential("token_env", &variable.text)?, Some(variable.name)))
            }
            (None, Some(text)) => {
                let path = self.source.of_file(&self.key("token_file"), text)?;
                let text = secret_file(&path).map_err(|why| self.wrong("token_file", &why))?;
                Ok((self.credential("token_file", &text)?, None))
            }
            (None, None) => match fall_back(self.source.env, host, kind)? {
                Some(variable) => Ok((self.credential("token_env", &variable.text)?, Some(variable.name))),
                None => Err(self.wrong("token_env", &without_token(host, kind))),
            },
        }
    }

    fn credential(&self, key: &str, text: &str) -> Result<Credential, ConfigError> {
        Credential::new(text).map_err(|error| self.wrong(key, &format!("leads to no token: {error}")))
    }
}

/// Whether the text may be shown in an error. What else an address must be the client knows that is made of it.
fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.contains(['@', '?', '#']) && !rest.contains(char::is_whitespace))
}

/// The variable that a listed host may take its token from when the file says nothing: `GITHUB_TOKEN` or `GH_TOKEN` for
/// github.com, and the original's `FORGEJO_TOKEN` for a host that `FORGEJO_HOST` or `FORGEJO_HOSTS` names.
fn fall_back(env: &Environment, host: &ForgeHost, kind: ForgeKind) -> Result<Option<Variable>, ConfigError> {
    match kind {
        ForgeKind::GitHub if *host == ForgeHost::github() => match env.exactly("GITHUB_TOKEN")? {
            Some(variable) => Ok(Some(variable)),
            None => env.exactly("GH_TOKEN"),
        },
        ForgeKind::GitHub => Ok(None),
        ForgeKind::Forgejo => {
            for name in ["FORGEJO_HOST", "FORGEJO_HOSTS"] {
                let Some(hosts) = env.exactly(name)? else { continue };
                if hosts.text.split([',', ' ']).any(|one| names(one.trim(), host)) {
                    return env.exactly("FORGEJO_TOKEN");
                }
            }
            Ok(None)
        }
    }
}

/// Whether the text is that host; the original's may have a scheme and a slash at the end.
fn names(text: &str, host: &ForgeHost) -> bool {
    let text = text.strip_prefix("https://").unwrap_or(text).trim_end_matches('/');
    ForgeHost::new(text).is_ok_and(|named| named == *host)
}

fn without_token(host: &ForgeHost, kind: ForgeKind) -> String {
    let also = match kind {
        ForgeKind::GitHub if *host == ForgeHost::github() => ", or set GITHUB_TOKEN or GH_TOKEN",
        ForgeKind::GitHub => "",
        ForgeKind::Forgejo => ", or set FORGEJO_TOKEN and name the host in FORGEJO_HOST or FORGEJO_HOSTS",
    };
    format!("is missing: there is no token for {host}; give token_env or token_file{also}")
}
