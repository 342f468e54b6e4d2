//! Why the settings cannot be used. Texts here never repeat a value that may be a secret.

use std::io;
use std::path::PathBuf;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Somebody else can read or change the config file.
    #[error("the config file {} is open to other users (mode {mode:03o})", path.display())]
    Unsafe {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The config file that was named is not there.
    #[error("there is no config file {}", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The config file cannot be read.
    #[error("could not read the config file {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The config file cannot be written.
    #[error("could not write the config file {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The config file is not a file, or not one of a sound size.
    #[error("the config file {} {why}", path.display())]
    Strange {
        /// The file.
        path: PathBuf,
        /// What is strange.
        why: &'static str,
    },
    /// The config file is not TOML or has a key that nobody reads.
    #[error("the config file {} is wrong in line {line}: {why}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// A value does not fit.
    #[error("{name} ({from}) {why}")]
    Value {
        /// The setting, as it is spelled where it stands.
        name: String,
        /// `the environment`, `the command line` or the file.
        from: String,
        /// What is wrong.
        why: String,
    },
    /// A host of `forges` cannot be spoken to with these settings.
    #[error("forges: {why}")]
    Forge {
        /// What is wrong.
        why: String,
    },
    /// A default needs a variable that is not set.
    #[error("{name} is not set, so there is no default for {what}")]
    NoHome {
        /// The variable.
        name: &'static str,
        /// The setting.
        what: &'static str,
    },
    /// The machine does not tell its name.
    #[error("the name of this machine is unknown")]
    NoHost,
}

impl ConfigError {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unsafe { .. } => "CONFIG_UNSAFE",
            Self::Missing { .. } => "CONFIG_MISSING",
            Self::Read { .. } | Self::Strange { .. } => "CONFIG_UNREADABLE",
            Self::Write { .. } => "CONFIG_NOT_WRITTEN",
            Self::Syntax { .. } | Self::Value { .. } | Self::Forge { .. } => "CONFIG_INVALID",
            Self::NoHome { .. } => "NO_HOME",
            Self::NoHost => "NO_HOST",
        }
    }

    /// How to mend it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Unsafe { path, .. } => {
                Some(format!("it holds an access token: chmod 600 {}", quoted(&path.to_string_lossy())))
            }
            Self::Missing { .. } => Some("`sprintgate init` makes it".to_owned()),
            Self::NoHome { name, .. } => {
                Some(format!("set {name} to an absolute path, or the setting itself"))
            }
            Self::NoHost => Some("set SPRINTGATE_HOST, or `host` in the config file".to_owned()),
            Self::Read { .. }
            | Self::Write { .. }
            | Self::Strange { .. }
            | Self::Syntax { .. }
            | Self::Value { .. }
            | Self::Forge { .. } => None,
        }
    }
}

/// The text as one word of a shell command.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | '=');
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
