//! Who fires an event: a person, an agent that holds an attempt, or the system itself.

use super::id::{TokenId, UserId};
use super::machine::words;

words! {
    /// The kind of an actor, as the ledger keeps it.
    pub enum ActorKind: "actor kind" {
        /// A person, at the command line or a page.
        Human = "human",
        /// A worker or the agent it runs, through a token.
        Agent = "agent",
        /// The program itself: sweeps, roll-up, cascades.
        System = "system",
    }
}

/// Who fires an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A person.
    Human(UserId),
    /// A worker or agent, by the token it showed.
    Agent(TokenId),
    /// The program itself.
    System,
}

impl Actor {
    /// The kind, for the ledger.
    #[must_use]
    pub fn kind(&self) -> ActorKind {
        match self {
            Self::Human(_) => ActorKind::Human,
            Self::Agent(_) => ActorKind::Agent,
            Self::System => ActorKind::System,
        }
    }

    /// The person, if it is one.
    #[must_use]
    pub fn person(&self) -> Option<&UserId> {
        match self {
            Self::Human(user) => Some(user),
            Self::Agent(_) | Self::System => None,
        }
    }

    /// The user or token behind it; empty for the system.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Human(user) => user.as_str(),
            Self::Agent(token) => token.as_str(),
            Self::System => "",
        }
    }
}
