//! Whose a worktree is, and what becomes of it.

use crate::domain::attempt::Status as AttemptStatus;
use crate::domain::id::UserId;
use crate::domain::machine::Word;
use crate::domain::time::Timestamp;
use crate::domain::worktree::{Fate, Leave, Lock, Tenancy, has_left};
use crate::flow::archive::absent;
use crate::flow::{FlowError, Sprintgate, iso};
use crate::git::{Found, Place, ProductPlace};
use crate::store::{AttemptRecord, Confirmation, JobRecord, LockHolder, Tx};

/// Whose a worktree is.
#[derive(Debug)]
pub(super) enum Whose {
    /// An attempt's.
    Attempt(Box<(JobRecord, AttemptRecord)>),
    /// An attempt's of a job that has left for the archive of that name.
    Archived(String),
    /// A product's, and who works there if somebody does.
    Product(Option<LockHolder>),
    /// Nobody's that the database knows, or nothing of ours at all.
    Nobody,
}

/// What becomes of a worktree, and why: as a word and in words.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It can go.
    Goes(Leave),
    /// It stays, at least until then if that is known.
    Stays { why: &'static str, because: String, until: Option<Timestamp> },
    /// It is not ours, so that nobody here touches it.
    Foreign { why: &'static str, because: String },
}

/// A worktree with all that was found out about it.
#[derive(Debug)]
pub(super) struct Judged {
    pub(super) found: Found,
    pub(super) whose: Whose,
    pub(super) verdict: Verdict,
    pub(super) is_half_made: bool,
    /// When it was judged.
    pub(super) at: Timestamp,
}

impl Sprintgate {
    /// Judges what was found. With a user it is none where it is another user's: they do not hear of it either.
    /// `agent_gone`: whoever asks knows that nobody works there any more.
    pub(super) async fn judge(
        &self,
        tx: &mut dyn Tx,
        found: Found,
        only: Option<&UserId>,
        agent_gone: bool,
    ) -> Result<Option<Judged>, FlowError> {
        let at = tx.now();
        let place = match &found {
            Found::Ours(place) | Found::Notes(place) => place,
            // Shared by whoever works on the product's ideas: nobody's own.
            Found::Product(_) if only.is_some() => return Ok(None),
            Found::Product(place) => {
                let (whose, verdict) = self.judge_product(tx, place, at).await?;
                let is_half_made = self.git.is_half_made_product(place);
                return Ok(Some(Judged { found, whose, verdict, is_half_made, at }));
            }
            Found::Unknown { name, .. } if only.is_some() && name.contains('/') => return Ok(None),
            Found::Unknown { name, why } => {
                // a name alone can tell of another user's job
                if let (Some(place), Some(_)) = (Place::parse(name), only)
                    && whose(tx, &place, only).await?.is_none()
                {
                    return Ok(None);
                }
                let verdict = Verdict::Foreign { why: why.word(), because: why.meaning().to_owned() };
                return Ok(Some(Judged { found, whose: Whose::Nobody, verdict, is_half_made: false, at }));
            }
        };
        let Some(whose) = whose(tx, place, only).await? else { return Ok(None) };
        let verdict = match &whose {
            Whose::Attempt(both) => self.verdict(&both.0, &both.1, agent_gone, at),
            Whose::Archived(archive) => Verdict::Stays {
                why: "archived",
                because: format!("Its job has left for `{archive}`, an archive; a person decides."),
                until: None,
            },
            Whose::Product(_) | Whose::Nobody => not_in_database(),
        };
        let is_half_made = self.git.is_half_made(place);
        Ok(Some(Judged { found, whose, verdict, is_half_made, at }))
    }

    /// Whoever was given a product's worktree keeps it until it is known to have left, or was silent for a lease. Then it is
    /// the next one's who gets the product's lock.
    async fn judge_product(
        &self,
        tx: &mut dyn Tx,
        place: &ProductPlace,
        at: Timestamp,
    ) -> Result<(Whose, Verdict), FlowError> {
        let holder = tx.lock_holder(&Lock::Product(place.product.clone())).await?;
        let Some(user) = self.git.user_of_product(place)? else {
            let verdict = holder.as_ref().map_or(Verdict::Goes(Leave::Free), held_by);
            return Ok((Whose::Product(holder), verdict));
        };
        let mut verdict = Verdict::Goes(Leave::Free);
        match whose(tx, &user, None).await? {
            Some(Whose::Attempt(both)) => {
                let (job, attempt) = *both;
                if !has_left(attempt.row.status, is_stopped(&job)) {
                    let holder = holder.filter(|held| held.job == user.job && held.attempt == user.attempt);
                    let held = holder.as_ref().map(held_by);
                    let verdict = held.unwrap_or_else(|| self.verdict(&job, &attempt, false, at));
                    return Ok((Whose::Product(holder), verdict));
                }
            }
            // nobody can tell any more whether its agent has left: it is not used again
            Some(Whose::Archived(_)) => verdict = Verdict::Goes(Leave::Ended),
            Some(Whose::Product(_) | Whose::Nobody) | None => verdict = not_in_database(),
        }
        let held = holder.as_ref().filter(|_| matches!(verdict, Verdict::Goes(_))).map(held_by);
        Ok((Whose::Product(holder), held.unwrap_or(verdict)))
    }

    fn verdict(&self, job: &JobRecord, attempt: &AttemptRecord, agent_gone: bool, now: Timestamp) -> Verdict {
        let row = &attempt.row;
        let tenancy = Tenancy {
            status: row.status,
            ended_at: row.ended_at,
            is_here: row.frozen.host == self.settings.host,
            end_cause: job.row.end_cause.filter(|_| row.number == job.row.attempt),
            is_confirmed: is_confirmed(job),
            agent_gone,
        };
        match tenancy.fate(self.settings.lease, now) {
            Fate::Goes(why) => Verdict::Goes(why),
            Fate::Stays { why, until } => {
                Verdict::Stays { why: why.word(), because: why.meaning().to_owned(), until }
            }
        }
    }
}

impl Judged {
    /// Where it is in its life, as a word.
    pub(super) fn state(&self) -> &'static str {
        match &self.whose {
            Whose::Nobody => "unknown",
            Whose::Archived(_) => "archived",
            Whose::Product(Some(_)) => "held",
            Whose::Product(None) if self.is_half_made => "half_made",
            // whoever was given it may still be there
            Whose::Product(None) if !matches!(self.verdict, Verdict::Goes(Leave::Free)) => "ended",
            Whose::Product(None) => "free",
            Whose::Attempt(both) => match both.1.row.status {
                AttemptStatus::Held => "held",
                _ if matches!(self.found, Found::Notes(_)) => "notes_only",
                AttemptStatus::Cancelled if !is_confirmed(&both.0) => "cancelled_not_confirmed",
                _ if self.is_half_made => "half_made",
                _ => "ended",
            },
        }
    }
}

/// A product's worktree stays while somebody works there.
pub(super) fn held_by(holder: &LockHolder) -> Verdict {
    let LockHolder { job, attempt, expires_at } = holder;
    let because = format!("Attempt {attempt} of job {job} holds it until {}.", iso(*expires_at));
    Verdict::Stays { why: "held", because, until: None }
}

fn not_in_database() -> Verdict {
    let because = "There is no such attempt in this database.".to_owned();
    Verdict::Foreign { why: "not_in_database", because }
}

/// Whether a cancelled job's worker is known to have stopped.
pub(super) fn is_stopped(job: &JobRecord) -> bool {
    let confirmed = job.stop.as_ref().and_then(|stop| stop.confirmed);
    confirmed.is_some_and(|(_, how)| how != Confirmation::Unconfirmed)
}

/// Whether a cancelled job's worker is known to have stopped, or not to say so any more.
fn is_confirmed(job: &JobRecord) -> bool {
    job.stop.as_ref().is_some_and(|stop| stop.confirmed.is_some())
}

/// Whose it is; none where it is another user's than that one.
async fn whose(tx: &mut dyn Tx, place: &Place, only: Option<&UserId>) -> Result<Option<Whose>, FlowError> {
    let id = &place.job;
    Ok(match tx.job_and_attempt(id, Some(place.attempt)).await? {
        Some((job, _)) if only.is_some_and(|user| user != &job.user) => None,
        Some((job, Some(attempt))) => Some(Whose::Attempt(Box::new((job, attempt)))),
        Some((_, None)) => Some(Whose::Nobody),
        None => match absent(tx, "job", "job", id.as_str()).await {
            FlowError::Archived { archive, .. } => match only {
                Some(user) if tx.archive_of_job(id, user).await?.is_none() => None,
                _ => Some(Whose::Archived(archive)),
            },
            FlowError::NotFound { .. } => Some(Whose::Nobody),
            error => return Err(error),
        },
    })
}
