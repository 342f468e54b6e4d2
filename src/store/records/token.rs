//! Users, their tokens, and answers kept for requests that may be repeated.

use crate::domain::id::{JobId, TokenId, UserId};
use crate::domain::machine::words;
use crate::domain::time::Timestamp;
use crate::store::TokenHash;

words! {
    /// What a token may do.
    pub enum TokenKind: "token kind" {
        /// A worker: claims jobs and reports on them.
        Implementation = "IMPLEMENTATION",
        /// A planner: writes the backlog.
        Planning = "PLANNING",
        /// A page that only looks.
        WorkersUi = "WORKERS_UI",
        /// An agent: works for one attempt of one job and nothing else.
        Attempt = "ATTEMPT",
    }
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Who.
    pub id: UserId,
    /// The name, unique.
    pub username: String,
    /// A demo account reads and never writes.
    pub is_demo: bool,
}

/// A user to be added.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Who.
    pub id: UserId,
    /// The name, unique.
    pub username: String,
    /// A demo account reads and never writes.
    pub is_demo: bool,
}

/// A token to be added.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// Which.
    pub id: TokenId,
    /// Whose.
    pub user: UserId,
    /// The hash it is kept under.
    pub hash: TokenHash,
    /// What it may do.
    pub kind: TokenKind,
    /// A name for people.
    pub label: Option<String>,
    /// Valid before this moment.
    pub expires_at: Option<Timestamp>,
    /// The one attempt it works for, and the token that claimed it.
    pub scope: Option<(JobId, u32)>,
}

/// A token as it is kept, with its user.
#[derive(Debug, Clone)]
pub struct TokenRecord {
    /// Which.
    pub id: TokenId,
    /// Whose.
    pub user: User,
    /// What it may do.
    pub kind: TokenKind,
    /// A name for people.
    pub label: Option<String>,
    /// Revoked at.
    pub revoked_at: Option<Timestamp>,
    /// Valid before this moment.
    pub expires_at: Option<Timestamp>,
    /// The one attempt it works for.
    pub scope: Option<(JobId, u32)>,
}

/// The answer that a request got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The hash of the tool and arguments.
    pub digest: String,
    /// The answer as JSON text.
    pub response: String,
}
