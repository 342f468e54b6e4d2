//! From a stored row to a typed effect; refuses rows that no move could have written.

use super::row::Row;
use super::state::{AnyEffect, Done, Effect, GaveUp, Pending, Reason, Retry, Running};
use super::words::{Status, Why};
use crate::domain::machine::{Inconsistent, Reading};

pub(super) fn parse(mut row: Row) -> Result<AnyEffect, Inconsistent> {
    shape(&row)?;
    let id = row.id.clone();
    let reading = Reading::new("effect", id.as_str(), row.status);
    Ok(match row.status {
        Status::Pending => {
            let due_at = reading.need(row.due_at, "due_at")?;
            AnyEffect::Pending(effect(row, Pending { due_at }))
        }
        Status::Running => {
            let holder = reading.need(row.holder.take(), "holder")?;
            let lease_until = reading.need(row.lease_until, "lease_until")?;
            AnyEffect::Running(effect(row, Running { holder, lease_until }))
        }
        Status::Retry => {
            let due_at = reading.need(row.due_at, "due_at")?;
            let error = reading.need(row.last_error.take(), "last_error")?;
            AnyEffect::Retry(effect(row, Retry { due_at, error }))
        }
        Status::Done => {
            let at = reading.need(row.finished_at, "finished_at")?;
            AnyEffect::Done(effect(row, Done { at }))
        }
        Status::GaveUp => {
            let at = reading.need(row.finished_at, "finished_at")?;
            let reason = reason(&mut row, reading)?;
            AnyEffect::GaveUp(effect(row, GaveUp { reason, at }))
        }
    })
}

/// What every status implies, whatever else a row holds.
fn shape(row: &Row) -> Result<(), Inconsistent> {
    use Status::{Done, GaveUp, Pending, Retry, Running};
    let reading = Reading::new("effect", row.id.as_str(), row.status);
    let waits = matches!(row.status, Pending | Retry);
    let ended = matches!(row.status, Done | GaveUp);
    reading.fits(waits == row.due_at.is_some(), "due_at")?;
    reading.fits((row.status == Running) == row.holder.is_some(), "holder")?;
    reading.fits((row.status == Running) == row.lease_until.is_some(), "lease_until")?;
    reading.fits(ended == row.finished_at.is_some(), "finished_at")?;
    reading.fits((row.status == GaveUp) == row.gave_up_why.is_some(), "gave_up_why")?;
    let dismissed = row.gave_up_why == Some(Why::Dismissed);
    reading.fits(dismissed == row.dismissed_by.is_some(), "dismissed_by")?;
    reading.fits(dismissed == row.dismiss_reason.is_some(), "dismiss_reason")?;
    // Only a try leaves an error, and one that waits has a try left.
    let tried = matches!(row.status, Retry | GaveUp) && row.tries > 0;
    reading.fits(tried || row.last_error.is_none(), "last_error")?;
    let first = u32::from(matches!(row.status, Running | Retry | Done));
    let last = row.tries_max.saturating_sub(u32::from(waits));
    reading.fits((first..=last).contains(&row.tries), "tries")
}

fn reason(row: &mut Row, reading: Reading<'_>) -> Result<Reason, Inconsistent> {
    let error = row.last_error.take();
    match reading.need(row.gave_up_why, "gave_up_why")? {
        Why::Spent => {
            reading.fits(row.tries == row.tries_max, "tries")?;
            Ok(Reason::Spent { error: reading.need(error, "last_error")? })
        }
        Why::Refused => Ok(Reason::Refused { error: reading.need(error, "last_error")? }),
        Why::Dismissed => {
            let by = reading.need(row.dismissed_by.take(), "dismissed_by")?;
            let reason = reading.need(row.dismiss_reason.take(), "dismiss_reason")?;
            Ok(Reason::Dismissed { by, reason, error })
        }
    }
}

fn effect<S>(row: Row, state: S) -> Effect<S> {
    Effect { id: row.id, kind: row.kind, tries: row.tries, tries_max: row.tries_max, state }
}
