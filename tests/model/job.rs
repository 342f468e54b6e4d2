//! A job's row in a few bytes. Times become what the rules ask of them: a lease runs or ran out, a wait lasts or is
//! over. Every column's presence is kept, so that a row comes back exactly as it was written.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::gate::{Evidence, Policy};
use sprintgate::domain::id::{JobId, TokenId, UserId, WorkerId};
use sprintgate::domain::job::{EndCause, Kind, LEASE, Publication, Queued, Row, Status};
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::verify::VerifyResult;

/// The one moment at which everything in the model happens.
pub(crate) const NOW: Timestamp = Timestamp(1_800_000_000_000);
const BEFORE: Timestamp = Timestamp(NOW.0 - 1);
const LATER: Timestamp = Timestamp(NOW.0 + 1);

/// A commit, as its whole history: two bits for each attempt whose work is in it (four attempts a job), 1 for the
/// attempt's first commit and 2 for its second one too, and above them where in it a person's commit stands. The
/// attempts of a branch come one after the other, job by job, so that the set tells their order. 0 is the commit that
/// everything starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Commit(pub(crate) u32);

/// Where the bits begin that say after which place of the history a person's commit stands, from 1; 0: there is none.
const PERSON: u32 = 24;
const ATTEMPTS: u32 = (1 << PERSON) - 1;

impl Commit {
    /// What an attempt commits on top of this commit.
    pub(crate) fn with(self, job: u8, attempt: u8, again: bool) -> Self {
        let place = place(job, attempt);
        Self(self.0 & !(3 << place) | (1 + u32::from(again)) << place)
    }
    /// What a person commits on top of this commit.
    pub(crate) fn with_a_persons(self) -> Self {
        Self(self.0 | (self.last().map_or(0, |last| last / 2 + 1) + 1) << PERSON)
    }
    /// Whether the history holds a person's commit.
    pub(crate) fn holds_a_persons(self) -> bool {
        self.0 & !ATTEMPTS != 0
    }
    /// Whether the history holds that commit.
    pub(crate) fn has(self, other: Self) -> bool {
        let persons = !other.holds_a_persons() || self.0 >> PERSON == other.0 >> PERSON;
        persons && (0..PERSON).step_by(2).all(|at| self.0 >> at & 3 >= other.0 >> at & 3)
    }
    /// Whose commit it is: job and attempt; nobody's when it is a person's or the first.
    pub(crate) fn author(self) -> Option<(u8, u8)> {
        let last = self.last().filter(|_| !self.is_a_persons())?;
        Some(((last / 8) as u8, (last % 8 / 2 + 1) as u8))
    }
    /// What its author began from.
    pub(crate) fn start(self) -> Self {
        Self(self.0 & !self.last().map_or(0, |last| 3 << last))
    }
    /// Whether it is a person's commit itself.
    pub(crate) fn is_a_persons(self) -> bool {
        self.holds_a_persons() && Self(self.0 & ATTEMPTS).with_a_persons() == self
    }
    /// The place of the last attempt in the history.
    fn last(self) -> Option<u32> {
        (self.0 & ATTEMPTS).checked_ilog2().map(|bit| bit & !1)
    }
    /// The commit as the domain knows it.
    pub(crate) fn id(self) -> CommitId {
        CommitId::new(format!("{:040x}", self.0)).unwrap()
    }
    /// The commit of that name.
    pub(crate) fn of(id: &CommitId) -> Self {
        Self(u32::from_str_radix(&id.as_str()[32..], 16).unwrap())
    }
}

/// Where an attempt's two bits stand.
fn place(job: u8, attempt: u8) -> u32 {
    8 * u32::from(job) + 2 * u32::from(attempt - 1)
}

/// A job's row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Job {
    pub(crate) status: Status,
    pub(crate) attempt: u8,
    /// Whether it waits after a give-back; only while `not_before` is set.
    pub(crate) waits: Option<bool>,
    pub(crate) token: Option<u8>,
    pub(crate) worker: Option<u8>,
    /// Whether the lease runs; only while `lease_until` is set.
    pub(crate) lease: Option<bool>,
    pub(crate) evidence: Option<(Commit, VerifyResult)>,
    pub(crate) published: Option<Commit>,
    pub(crate) cause: Option<EndCause>,
    pub(crate) caused_by: Option<u8>,
    /// Which of the columns are set that only their presence counts of.
    pub(crate) columns: u16,
    /// The store's mark: it stands first on its branch, and its run hands out jobs.
    pub(crate) ready: bool,
}

/// The id of a job in the model.
pub(crate) fn id_of(job: u8) -> JobId {
    JobId::new(format!("j{job}")).unwrap()
}

/// The id of a worker in the model.
pub(crate) fn worker_id(worker: u8) -> WorkerId {
    WorkerId::new(format!("w{worker}")).unwrap()
}

/// The id of a token in the model.
pub(crate) fn token_id(token: u8) -> TokenId {
    TokenId::new(format!("t{token}")).unwrap()
}

/// The number in an id of the model.
pub(crate) fn number(id: &str) -> u8 {
    id[1..].parse().unwrap()
}

impl Job {
    /// A job that waits for its attempt after `attempt`.
    pub(crate) fn born(job: u8, attempt: u8, ready: bool) -> Self {
        let born = sprintgate::domain::job::Job {
            id: id_of(job),
            kind: Kind::TaskImplementation,
            attempt: u32::from(attempt),
            state: Queued { not_before: BEFORE },
        };
        Self::pack(&Row::from(born), ready)
    }

    /// The row as the store would hand it out.
    pub(crate) fn row(&self, job: u8) -> Row {
        let set = |bit: u16| self.columns & 1 << bit != 0;
        let at = |bit| set(bit).then_some(NOW);
        let text = |bit| set(bit).then(|| "as it was said".to_owned());
        Row {
            id: id_of(job),
            kind: Kind::TaskImplementation,
            status: self.status,
            attempt: u32::from(self.attempt),
            not_before: self.waits.map(|waits| if waits { LATER } else { BEFORE }),
            token: self.token.map(token_id),
            worker: self.worker.map(worker_id),
            lease_until: self.lease.map(|runs| if runs { NOW + LEASE } else { BEFORE }),
            claimed_at: at(0),
            started_at: at(1),
            finished_at: at(2),
            plan: text(3),
            policy: set(4).then(Policy::default),
            base: set(5).then(|| Commit::default().id()),
            evidence: self.evidence.map(|(commit, result)| Evidence { result, commit: commit.id(), at: NOW }),
            publication: self.published.map(|commit| Publication { commit: commit.id(), at: NOW }),
            end_cause: self.cause,
            caused_by: self.caused_by.map(id_of),
            waived_by: set(6).then(|| UserId::new("u").unwrap()),
            waive_reason: text(7),
            summary: text(8),
            error: text(9),
        }
    }

    /// The row in short.
    pub(crate) fn pack(row: &Row, ready: bool) -> Self {
        let set = [
            row.claimed_at.is_some(),
            row.started_at.is_some(),
            row.finished_at.is_some(),
            row.plan.is_some(),
            row.policy.is_some(),
            row.base.is_some(),
            row.waived_by.is_some(),
            row.waive_reason.is_some(),
            row.summary.is_some(),
            row.error.is_some(),
        ];
        Self {
            status: row.status,
            attempt: u8::try_from(row.attempt).unwrap(),
            waits: row.not_before.map(|until| until > NOW),
            token: row.token.as_ref().map(|id| number(id.as_str())),
            worker: row.worker.as_ref().map(|id| number(id.as_str())),
            lease: row.lease_until.map(|until| until - NOW >= Millis(0)),
            evidence: row.evidence.as_ref().map(|seen| (Commit::of(&seen.commit), seen.result)),
            published: row.publication.as_ref().map(|published| Commit::of(&published.commit)),
            cause: row.end_cause,
            caused_by: row.caused_by.as_ref().map(|id| number(id.as_str())),
            columns: (0..).zip(set).fold(0, |bits, (bit, set)| bits | u16::from(set) << bit),
            ready,
        }
    }

    /// Notes the commit that the attempt starts from.
    pub(crate) fn note_base(&mut self) {
        self.columns |= 1 << 5;
    }
}
