//! Why a command did not succeed, with the code it is known by and the status the program ends with.

use std::error::Error;
use std::io;

use super::config::ConfigError;
use crate::flow::FlowError;

/// Why a command did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The use case did not happen.
    #[error(transparent)]
    Flow(#[from] FlowError),
    /// Something that `sprintgate init` makes is not there.
    #[error("{what}")]
    NotInitialised {
        /// What is missing.
        what: String,
    },
    /// The command line is not understood.
    #[error("{message}")]
    Usage {
        /// What is wrong with it.
        message: String,
    },
    /// An argument is understood but cannot be used.
    #[error("{argument}: {why}")]
    Argument {
        /// The argument, as the help calls it.
        argument: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// A file, folder or program of this machine failed.
    #[error("could not {what}")]
    Io {
        /// What was tried.
        what: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A part of the program failed in a way that has its own error type.
    #[error("{cause}")]
    Failed {
        /// The stable code.
        code: &'static str,
        /// How to mend it.
        hint: Option<String>,
        /// What failed.
        cause: Box<dyn Error + Send + Sync>,
    },
    /// Nobody reads what the program prints.
    #[error("nobody reads the output")]
    BrokenPipe,
}

impl CliError {
    /// A failure of a part with its own error type.
    pub fn failed(code: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failed { code, hint: None, cause: cause.into() }
    }

    /// An argument that is understood but cannot be used.
    pub fn argument(argument: &'static str, why: impl Into<String>) -> Self {
        Self::Argument { argument, why: why.into() }
    }

    /// A file, folder or program of this machine failed.
    pub fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Config(error) => error.code(),
            Self::Flow(error) => error.code(),
            Self::NotInitialised { .. } => "NOT_INITIALISED",
            Self::Usage { .. } => "USAGE",
            Self::Argument { .. } => "BAD_ARGUMENT",
            Self::Io { .. } => "IO",
            Self::Failed { code, .. } => code,
            Self::BrokenPipe => "BROKEN_PIPE",
        }
    }

    /// The status that the program ends with: 1 refused or failed, 2 usage and settings, 3 not initialised,
    /// 4 database unavailable.
    #[must_use]
    pub fn status(&self) -> u8 {
        match self {
            Self::BrokenPipe => 0,
            Self::NotInitialised { .. }
            | Self::Config(ConfigError::Missing { .. })
            | Self::Flow(FlowError::Unauthenticated { .. }) => 3,
            Self::Usage { .. } | Self::Argument { .. } | Self::Config(_) => 2,
            Self::Flow(_)
                if matches!(
                    self.code(),
                    "BUSY" | "DATABASE_UNAVAILABLE" | "OUTCOME_UNKNOWN" | "SCHEMA_NEWER" | "DATABASE_FAILED"
                ) =>
            {
                4
            }
            Self::Flow(_) | Self::Io { .. } | Self::Failed { .. } => 1,
        }
    }
}
