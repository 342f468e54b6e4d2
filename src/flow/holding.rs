//! Whose attempt a call speaks for, and whether that attempt still holds its job.
//!
//! Ownership is the claim, not the token: the number names the claim, and the token must be the one that made it
//! (or one that was minted for it).

use super::archive::absent_job;
use super::{Caller, FlowError, Session, text};
use crate::domain::attempt::Status as AttemptStatus;
use crate::domain::id::JobId;
use crate::domain::job::Status;
use crate::domain::machine::Word;
use crate::domain::time::Millis;
use crate::domain::worktree;
use crate::store::{AttemptRecord, JobRecord, Tx};

/// A job and the attempt that the caller speaks for, alive or not.
#[derive(Debug)]
pub(super) struct Holding {
    pub(super) job: JobRecord,
    pub(super) attempt: AttemptRecord,
}

impl Holding {
    /// Finds job and attempt. The attempt is the given one, else the one that the token was minted for, else the
    /// one that this session claimed, else the token's last one.
    pub(super) async fn find(
        tx: &mut dyn Tx,
        session: &Session,
        caller: &Caller,
        job: &str,
        attempt: Option<i64>,
    ) -> Result<Self, FlowError> {
        caller.may_write()?;
        let id: JobId = text::id("job_id", job)?;
        let absent = || FlowError::not_found("job", job);
        let given = attempt.map(number).transpose();
        let known = match (&caller.token.scope, &given) {
            (Some((_, minted)), _) => Some(*minted),
            (None, Ok(Some(given))) => Some(*given),
            (None, _) => session.claimed(&id),
        };
        let found = tx.job_and_attempt(&id, known).await?;
        let (record, beside) = match found {
            Some(found) if &found.0.user == caller.user() => found,
            Some(_) => return Err(absent()),
            // What a token of another job's may not speak of, it does not hear of either.
            None if caller.token.scope.as_ref().is_some_and(|(scope, _)| scope != &id) => {
                return Err(absent());
            }
            None => return Err(absent_job(tx, caller.user(), &id).await),
        };
        let given = given?;
        let number = match &caller.token.scope {
            Some((scope, _)) if scope != &id => return Err(absent()),
            Some((_, minted)) if given.is_some_and(|n| n != *minted) => {
                return Err(FlowError::Forbidden { what: "speak for another attempt" });
            }
            Some((_, minted)) => *minted,
            None => match given.or_else(|| session.claimed(&id)) {
                Some(number) => number,
                None => last_of(tx, caller, &record).await?,
            },
        };
        let row = match beside.filter(|attempt| attempt.row.number == number) {
            Some(attempt) => Some(attempt),
            None => tx.attempt(&id, number).await?,
        };
        let row =
            row.ok_or_else(|| FlowError::invalid("attempt", format!("job {id} has no attempt {number}")))?;
        if caller.token.scope.is_none() && &row.row.frozen.token != caller.token_id() {
            return Err(FlowError::Forbidden { what: "speak for a job that another token claimed" });
        }
        Ok(Self { job: record, attempt: row })
    }

    /// The attempt, if it still holds the job.
    pub(super) fn live(self) -> Result<Self, FlowError> {
        let (job, attempt) = (&self.job.row, &self.attempt.row);
        if holds(job.status, job.attempt, attempt.status, attempt.number) {
            Ok(self)
        } else {
            Err(self.lost())
        }
    }

    /// Renews the attempt's lease, and that of its products' worktrees; false when it does not hold the job any more, or
    /// was taken the worktrees, and then the caller undoes the transaction: it loses both or none.
    pub(super) async fn renew(&self, tx: &mut dyn Tx, lease: Millis) -> Result<bool, FlowError> {
        let renewed = tx.renew(&self.job.row.id, self.attempt.row.number, lease).await?;
        Ok(renewed && self.renew_shared(tx, lease).await?)
    }

    /// Renews the lease of its products' worktrees, if it has any; false when they were taken from it.
    pub(super) async fn renew_shared(&self, tx: &mut dyn Tx, lease: Millis) -> Result<bool, FlowError> {
        let (job, number) = (&self.job.row.id, self.attempt.row.number);
        if self.job.row.kind.changes_code() || tx.renew_worktree(job, number, lease).await? {
            return Ok(true);
        }
        let row = tx.worktree(job, number).await?;
        Ok(row.is_none_or(|row| row.status != worktree::Status::StaleReleased))
    }

    /// Why the attempt no longer holds the job.
    pub(super) fn lost(&self) -> FlowError {
        let row = &self.job.row;
        let job = row.id.to_string();
        if self.attempt.row.status == AttemptStatus::Cancelled {
            let cause = row.end_cause.map_or("", Word::word).to_owned();
            let reason = row.error.clone().unwrap_or_default();
            return FlowError::Cancelled { job, cause, reason };
        }
        if row.attempt == self.attempt.row.number && row.status.is_terminal() {
            return FlowError::Ended { job, status: row.status };
        }
        FlowError::LeaseLost { job, yours: self.attempt.row.number, current: row.attempt, status: row.status }
    }
}

/// Whether that attempt holds the job.
pub(super) fn holds(job: Status, current: u32, attempt: AttemptStatus, number: u32) -> bool {
    attempt == AttemptStatus::Held && job.is_held() && current == number
}

/// The number of the last attempt that the caller's token made; the job's last when it made none.
async fn last_of(tx: &mut dyn Tx, caller: &Caller, job: &JobRecord) -> Result<u32, FlowError> {
    if job.row.token.as_ref() == Some(caller.token_id()) {
        return Ok(job.row.attempt);
    }
    let attempts = tx.attempts(&job.row.id).await?;
    let own = attempts.iter().rev().find(|attempt| &attempt.row.frozen.token == caller.token_id());
    Ok(own.map_or(job.row.attempt, |attempt| attempt.row.number))
}

fn number(given: i64) -> Result<u32, FlowError> {
    u32::try_from(given)
        .ok()
        .filter(|n| *n > 0)
        .ok_or_else(|| FlowError::invalid("attempt", "is the number that wait_for_job gave, from 1"))
}
