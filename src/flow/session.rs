//! Who calls: a session shows a token with every call, and remembers the attempts it claimed.

use std::sync::{Mutex, PoisonError};

use super::{FlowError, Sprintgate};
use crate::domain::actor::Actor;
use crate::domain::attempt::Status as AttemptStatus;
use crate::domain::id::{JobId, TokenId, UserId, WorkerId};
use crate::domain::time::Timestamp;
use crate::store::{Secret, TokenHash, TokenKind, TokenRecord, Tx};

/// Claims that a session remembers.
const REMEMBERED: usize = 64;

/// One client's connection.
#[derive(Debug)]
pub struct Session {
    token: Option<TokenHash>,
    worker: WorkerId,
    person: bool,
    claimed: Mutex<Vec<(JobId, u32)>>,
}

impl Session {
    /// A worker's or agent's session. Without a token every call but `health` is refused.
    #[must_use]
    pub fn worker(token: Option<&Secret>, worker: WorkerId) -> Self {
        Self { token: token.map(Secret::hash), worker, person: false, claimed: Mutex::default() }
    }

    /// A person's session at the command line: what it does stands in the ledger as done by a human.
    #[must_use]
    pub fn person(token: Option<&Secret>, worker: WorkerId) -> Self {
        Self { person: true, ..Self::worker(token, worker) }
    }

    /// The hash of its token.
    pub(super) fn token(&self) -> Option<&TokenHash> {
        self.token.as_ref()
    }

    /// The process behind the session.
    #[must_use]
    pub fn worker_id(&self) -> &WorkerId {
        &self.worker
    }

    /// Remembers an attempt that this session claimed, and at most so many before it.
    pub fn remember(&self, job: &JobId, attempt: u32) {
        let mut claimed = self.claimed.lock().unwrap_or_else(PoisonError::into_inner);
        claimed.retain(|(known, _)| known != job);
        if claimed.len() >= REMEMBERED {
            claimed.remove(0);
        }
        claimed.push((job.clone(), attempt));
    }

    /// The attempt of the job that this session claimed last.
    #[must_use]
    pub fn claimed(&self, job: &JobId) -> Option<u32> {
        let claimed = self.claimed.lock().unwrap_or_else(PoisonError::into_inner);
        claimed.iter().find(|(known, _)| known == job).map(|(_, attempt)| *attempt)
    }

    /// The jobs that this session claimed, the newest first.
    #[must_use]
    pub fn claimed_jobs(&self) -> Vec<JobId> {
        let claimed = self.claimed.lock().unwrap_or_else(PoisonError::into_inner);
        claimed.iter().rev().map(|(job, _)| job.clone()).collect()
    }
}

/// A caller whose token was good at the beginning of this call.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The token.
    pub token: TokenRecord,
    person: bool,
    /// The token works for one attempt, and that has ended.
    past: bool,
}

impl Caller {
    /// The user behind the token.
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.token.user.id
    }

    /// The token's id.
    #[must_use]
    pub fn token_id(&self) -> &TokenId {
        &self.token.id
    }

    /// Who stands in the ledger.
    #[must_use]
    pub fn actor(&self) -> Actor {
        if self.person { Actor::Human(self.user().clone()) } else { Actor::Agent(self.token.id.clone()) }
    }

    /// Refuses demo accounts.
    ///
    /// # Errors
    /// [`FlowError::Demo`].
    pub fn may_write(&self) -> Result<(), FlowError> {
        if self.token.user.is_demo { Err(FlowError::Demo) } else { Ok(()) }
    }

    /// Refuses an agent whose attempt has ended: it may learn what became of its job, and nothing else.
    ///
    /// # Errors
    /// [`FlowError::Forbidden`].
    pub fn may_read(&self) -> Result<(), FlowError> {
        if self.past {
            Err(FlowError::Forbidden { what: "read after its attempt has ended" })
        } else {
            Ok(())
        }
    }

    /// Refuses demo accounts, pages, and agents that work for one attempt only.
    ///
    /// # Errors
    /// [`FlowError::Demo`] or [`FlowError::Forbidden`].
    pub fn may(&self, what: &'static str) -> Result<(), FlowError> {
        self.may_write()?;
        match self.token.kind {
            TokenKind::Attempt | TokenKind::WorkersUi => Err(FlowError::Forbidden { what }),
            TokenKind::Implementation | TokenKind::Planning => Ok(()),
        }
    }
}

impl Sprintgate {
    /// Checks the session's token, as it is now.
    pub(super) async fn caller(&self, tx: &mut dyn Tx, session: &Session) -> Result<Caller, FlowError> {
        let hash = session.token.as_ref().ok_or(FlowError::Unauthenticated { why: "missing" })?;
        let token = good(tx.token_by_hash(hash).await?, tx.now())?;
        let past = match &token.scope {
            Some((job, number)) => tx
                .attempt(job, *number)
                .await?
                .is_none_or(|attempt| attempt.row.status != AttemptStatus::Held),
            None => false,
        };
        Ok(Caller { token, person: session.person, past })
    }
}

/// The token, if it is good at that time.
pub(super) fn good(token: Option<TokenRecord>, now: Timestamp) -> Result<TokenRecord, FlowError> {
    let token = token.ok_or(FlowError::Unauthenticated { why: "unknown" })?;
    if token.revoked_at.is_some() {
        return Err(FlowError::Unauthenticated { why: "revoked" });
    }
    if token.expires_at.is_some_and(|end| end <= now) {
        return Err(FlowError::Unauthenticated { why: "expired" });
    }
    Ok(token)
}
