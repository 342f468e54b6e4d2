//! The environment of an agent: nothing but what is named here or by the operator, and never what opens a database
//! or a forge.

use std::ffi::OsString;

/// Variables that every agent gets, where the runner has them.
pub const PASSED: &[&str] = &["PATH", "HOME", "LANG", "LC_ALL", "TERM", "TMPDIR", "USER", "LOGNAME", "TZ"];

/// Names that hold credentials of a database or a forge.
const CREDENTIALS: &[&str] = &[
    "DATABASE_URL",
    "GH_TOKEN",
    "GITHUB_TOKEN",
    "GH_ENTERPRISE_TOKEN",
    "GITHUB_ENTERPRISE_TOKEN",
    "FORGEJO_TOKEN",
    "FORGEJO_TOKENS",
    "GITEA_TOKEN",
    "GITEA_SERVER_TOKEN",
    "GITLAB_TOKEN",
    "GIT_ASKPASS",
    "SSH_ASKPASS",
    "SSH_AUTH_SOCK",
    "PGPASSWORD",
    "PGPASSFILE",
];

/// Why a variable cannot be passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The runner sets its own names itself.
    #[error("it is Sprintgate's own")]
    Own,
    /// It opens a database or a forge.
    #[error("it is a credential of a database or a forge")]
    Credential,
    /// No variable can have this name.
    #[error("it is no name of a variable")]
    Malformed,
}

/// Whether an operator may have this variable passed to agents.
///
/// # Errors
/// [`Refused`].
pub fn allowed(name: &str) -> Result<(), Refused> {
    let upper = name.to_ascii_uppercase();
    if name.is_empty() || name.contains(['=', '\0']) {
        Err(Refused::Malformed)
    } else if upper.starts_with("SPRINTGATE_") || upper.starts_with("SCRUM4ME_") {
        Err(Refused::Own)
    } else if CREDENTIALS.contains(&upper.as_str()) {
        Err(Refused::Credential)
    } else {
        Ok(())
    }
}

/// The variables that an agent gets from the runner's own environment.
pub(super) fn inherited(extra: &[String]) -> Vec<(OsString, OsString)> {
    let names = PASSED.iter().copied().chain(extra.iter().map(String::as_str));
    names.filter_map(|name| Some((name.into(), std::env::var_os(name)?))).collect()
}
