//! The job as one would write it without types for its states: one enum, one `match` a move, the same data and the
//! same guards.

use sprintgate::domain::gate::{Evidence, Grounds, Passed};
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::{ATTEMPTS_MAX, Brief, Claim, EndCause, Kind, Lease, Publication};
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::verify::VerifyResult;

/// A job, wherever it is.
pub(crate) struct Plain {
    pub(crate) id: JobId,
    pub(crate) kind: Kind,
    pub(crate) attempt: u32,
    pub(crate) state: State,
}

/// Where it is.
#[allow(dead_code, reason = "data that is carried along, as in the typed job")]
pub(crate) enum State {
    Queued {
        not_before: Timestamp,
    },
    Claimed {
        lease: Lease,
        brief: Brief,
    },
    Running {
        lease: Lease,
        brief: Brief,
        started_at: Timestamp,
    },
    Done {
        brief: Brief,
        started_at: Timestamp,
        finished_at: Timestamp,
        grounds: Grounds,
        publication: Option<Publication>,
        summary: Option<String>,
    },
    Failed {
        brief: Brief,
        started_at: Option<Timestamp>,
        finished_at: Timestamp,
        cause: EndCause,
        error: String,
    },
}

/// A move that was refused.
#[derive(Debug)]
pub(crate) struct Refused;

impl Plain {
    pub(crate) fn claim(self, claim: Claim, now: Timestamp, lease: Millis) -> Result<Self, Refused> {
        match self.state {
            State::Queued { not_before } if not_before <= now => {
                let lease = Lease { token: claim.token, worker: claim.worker, until: now + lease };
                let (plan, policy) = (claim.plan, claim.policy);
                let brief = Brief { claimed_at: now, plan, policy, base: None, evidence: None };
                let attempt = self.attempt.saturating_add(1);
                Ok(Self { attempt, state: State::Claimed { lease, brief }, ..self })
            }
            _ => Err(Refused),
        }
    }

    pub(crate) fn start(self, attempt: u32, now: Timestamp, lease: Millis) -> Result<Self, Refused> {
        match self.state {
            State::Claimed { lease: held, brief } if attempt == self.attempt => {
                let lease = Lease { until: now + lease, ..held };
                Ok(Self { state: State::Running { lease, brief, started_at: now }, ..self })
            }
            _ => Err(Refused),
        }
    }

    pub(crate) fn finish(
        self,
        attempt: u32,
        proof: Passed,
        publication: Option<Publication>,
        summary: Option<String>,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        let (brief, started_at) = match self.state {
            State::Claimed { brief, .. } if attempt == self.attempt => (brief, None),
            State::Running { brief, started_at, .. } if attempt == self.attempt => (brief, Some(started_at)),
            _ => return Err(Refused),
        };
        let of_this = proof.job() == &self.id && proof.attempt() == attempt;
        let fits = match proof.grounds() {
            Grounds::Verified { .. } => self.kind != Kind::SprintImplementation,
            Grounds::Aggregate { .. } => self.kind == Kind::SprintImplementation,
            Grounds::Waived { .. } => true,
            Grounds::NoCode => !self.kind.changes_code(),
        };
        let verified = proof.commit();
        let published = publication.as_ref().map(|published| &published.commit);
        let news = match proof.grounds() {
            Grounds::Verified { result, commit } | Grounds::Aggregate { result, commit } => {
                self.kind.changes_code()
                    && *result != VerifyResult::Empty
                    && brief.base.as_ref() != Some(commit)
            }
            Grounds::Waived { .. } | Grounds::NoCode => false,
        };
        if !of_this
            || !fits
            || (news && publication.is_none())
            || published.zip(verified).is_some_and(|(published, verified)| published != verified)
        {
            return Err(Refused);
        }
        let started_at = started_at.unwrap_or(brief.claimed_at);
        let mut brief = brief;
        let grounds = proof.into_grounds();
        if let Grounds::Aggregate { result, commit } = &grounds {
            brief.evidence = Some(Evidence { result: *result, commit: commit.clone(), at: now });
        }
        let state = State::Done { brief, started_at, finished_at: now, grounds, publication, summary };
        Ok(Self { state, ..self })
    }

    pub(crate) fn expire(self, now: Timestamp) -> Result<Self, Refused> {
        let (brief, started_at) = match self.state {
            State::Claimed { lease, brief } if lease.until < now => (brief, None),
            State::Running { lease, brief, started_at } if lease.until < now => (brief, Some(started_at)),
            _ => return Err(Refused),
        };
        if self.attempt < ATTEMPTS_MAX {
            return Ok(Self { state: State::Queued { not_before: now }, ..self });
        }
        let error = format!(
            "attempt {} of {ATTEMPTS_MAX} ended without a result: the worker gave no sign of life",
            self.attempt
        );
        let cause = EndCause::Expired;
        Ok(Self { state: State::Failed { brief, started_at, finished_at: now, cause, error }, ..self })
    }
}
