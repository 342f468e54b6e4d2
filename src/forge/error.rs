//! What can go wrong at a forge, and whether another try makes sense. Texts here carry no secrets.

use crate::domain::forge::ForgeHost;
use crate::domain::time::Millis;

/// A failure of a call to a forge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ForgeError {
    /// The forge wants fewer calls, or is not done with something.
    #[error("the forge asks to wait: {why}")]
    Wait {
        /// What it said.
        why: String,
        /// How long, if it said so.
        after: Option<Millis>,
    },
    /// It could not be reached, or answered that it cannot work.
    #[error("the forge is away: {why}")]
    Away {
        /// What happened.
        why: String,
    },
    /// It does not know the token.
    #[error("the forge does not accept the token: {why}")]
    Credentials {
        /// What it said.
        why: String,
    },
    /// The token may not do this.
    #[error("the token may not do this: {why}")]
    Forbidden {
        /// What it said.
        why: String,
    },
    /// There is no such thing, or the token may not see it.
    #[error("the forge has no {what}, or the token may not see it")]
    NotFound {
        /// What was asked for.
        what: String,
    },
    /// A pull request is open for the branch already. Whoever gets this finds it.
    #[error("a pull request is open for this branch already")]
    Exists,
    /// It refuses what was asked, and would again.
    #[error("the forge refuses: {why}")]
    Invalid {
        /// What it said.
        why: String,
    },
    /// The host is not on the operator's list.
    #[error("{host} is not on the list of forges")]
    NotAllowed {
        /// The host.
        host: ForgeHost,
    },
    /// It answered something that is not understood.
    #[error("the forge answered in an unknown form (status {status}): {why}")]
    Shape {
        /// What is not understood.
        why: String,
        /// The status of the answer.
        status: u16,
    },
    /// The answer is longer, or has more pages, than any sound one.
    #[error("the forge answered more than is read: {what}")]
    TooLarge {
        /// What was too much.
        what: &'static str,
    },
}

/// Whether another try makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// After a while: this long if the forge said so, else by whatever backs off.
    After(Option<Millis>),
    /// Every other try would meet the same.
    Never,
}

/// People mend tokens, and they sleep at times.
const UNTIL_MENDED: Millis = Millis::minutes(60);

impl ForgeError {
    /// Its name for machines.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Wait { .. } => "FORGE_WAIT",
            Self::Away { .. } => "FORGE_AWAY",
            Self::Credentials { .. } => "FORGE_CREDENTIALS",
            Self::Forbidden { .. } => "FORGE_FORBIDDEN",
            Self::NotFound { .. } => "FORGE_NOT_FOUND",
            Self::Exists => "FORGE_EXISTS",
            Self::Invalid { .. } => "FORGE_INVALID",
            Self::NotAllowed { .. } => "FORGE_NOT_ALLOWED",
            Self::Shape { .. } => "FORGE_SHAPE",
            Self::TooLarge { .. } => "FORGE_TOO_LARGE",
        }
    }

    /// Whether another try makes sense.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self {
            Self::Wait { after, .. } => Retry::After(*after),
            Self::Away { .. } | Self::Shape { .. } | Self::Exists => Retry::After(None),
            // Some forges say so to a token that has lost its rights.
            Self::Credentials { .. } | Self::Forbidden { .. } | Self::NotFound { .. } => {
                Retry::After(Some(UNTIL_MENDED))
            }
            Self::Invalid { .. } | Self::NotAllowed { .. } | Self::TooLarge { .. } => Retry::Never,
        }
    }

    pub(super) fn wait(why: impl Into<String>, seconds: i64) -> Self {
        Self::Wait { why: why.into(), after: Some(Millis::seconds(seconds)) }
    }
}

/// Settings that make no forge.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadForge {
    /// The address of its interface cannot be used.
    #[error("{api} is not the address of a forge's interface: it is https, without user, query and fragment")]
    Address {
        /// The address.
        api: String,
    },
    /// A host is there twice.
    #[error("{host} is listed twice")]
    Twice {
        /// The host.
        host: ForgeHost,
    },
    /// The certificates that it is to be believed by cannot be used.
    #[error("the certificates for {host} cannot be used: {why}")]
    Certificates {
        /// The host.
        host: ForgeHost,
        /// Why.
        why: String,
    },
    /// The client could not be made.
    #[error("no client for {host}: {why}")]
    Client {
        /// The host.
        host: ForgeHost,
        /// Why.
        why: String,
    },
}
