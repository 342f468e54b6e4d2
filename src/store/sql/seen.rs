//! A row as this transaction has read and locked it: what its move needs to know, kept so that it is not read twice.

use super::cells::Cells;
use super::dialect::DbRow;
use crate::domain::event::Payload;
use crate::domain::job;
use crate::store::{Change, StoreError};

/// A row before its move.
#[derive(Clone)]
pub(super) struct Seen {
    machine: &'static str,
    entity: String,
    status: String,
    /// The attempt or try that fences it, where it has one.
    fence: Option<i64>,
    pub(super) ledger_seq: i64,
    /// The hash of its last row in the ledger.
    pub(super) hash: Option<String>,
    pub(super) user: Option<String>,
    pub(super) product: Option<String>,
    about: Option<About>,
}

/// What is told of a job besides its move.
#[derive(Clone)]
struct About {
    task: Option<crate::domain::id::TaskId>,
    idea: Option<crate::domain::id::IdeaId>,
    branch: Option<String>,
    pr_url: Option<String>,
}

impl Seen {
    /// A job.
    pub(super) fn job(row: &DbRow) -> Result<Self, StoreError> {
        let cells = Cells(row);
        let (entity, status) = (cells.get("id")?, cells.get("status")?);
        Self { fence: Some(cells.get("attempt")?), ..Self::of("job", entity, status, &cells)? }.about(&cells)
    }

    /// An attempt.
    pub(super) fn attempt(row: &DbRow) -> Result<Self, StoreError> {
        let cells = Cells(row);
        Self::of("attempt", cells.get("id")?, cells.get("status")?, &cells)
    }

    /// A row of another machine, whose writes are not fenced.
    pub(super) fn plain(machine: &'static str, row: &DbRow) -> Result<Self, StoreError> {
        let cells = Cells(row);
        Self::of(machine, cells.get("id")?, cells.get("status")?, &cells)
    }

    /// Which one it is.
    pub(super) fn entity(&self) -> &str {
        &self.entity
    }

    /// The attempt that was read beside its job.
    pub(super) fn attempt_beside(row: &DbRow) -> Result<Self, StoreError> {
        let cells = Cells(row);
        let (ledger_seq, hash) = (cells.get("a_ledger_seq")?, cells.get("a_hash")?);
        let seen = Self::of("attempt", cells.get("a_id")?, cells.get("a_status")?, &cells)?;
        Ok(Self { ledger_seq, hash, ..seen })
    }

    /// A run.
    pub(super) fn run(row: &DbRow) -> Result<Self, StoreError> {
        let cells = Cells(row);
        Self::of("sprint_run", cells.get("id")?, cells.get("status")?, &cells)
    }

    /// A task, or what stands above one: its cells carry the machine's name.
    pub(super) fn beneath(machine: &'static str, row: &DbRow) -> Result<Self, StoreError> {
        let cells = Cells(row);
        let column = |name: &str| format!("{machine}_{name}");
        Ok(Self {
            machine,
            entity: cells.get(&column("id"))?,
            status: cells.get(&column("status"))?,
            fence: None,
            ledger_seq: cells.get(&column("seq"))?,
            hash: cells.get(&column("hash"))?,
            user: None,
            product: cells.get(&column("product"))?,
            about: None,
        })
    }

    /// A row that was looked up as a change expects it.
    pub(super) fn expected(change: &Change, row: &DbRow) -> Result<Self, StoreError> {
        let (cells, edge) = (Cells(row), change.edge());
        let seen = Self::of(edge.machine, change.entity(), edge.from.to_owned(), &cells)?;
        let seen = Self { fence: change.fence().map(i64::from), ..seen };
        if matches!(change, Change::Job(_)) { seen.about(&cells) } else { Ok(seen) }
    }

    fn of(
        machine: &'static str,
        entity: String,
        status: String,
        cells: &Cells<'_>,
    ) -> Result<Self, StoreError> {
        Ok(Self {
            machine,
            entity,
            status,
            fence: None,
            ledger_seq: cells.get("ledger_seq")?,
            hash: cells.get("hash")?,
            user: cells.get("user_id")?,
            product: cells.get("product_id")?,
            about: None,
        })
    }

    fn about(self, cells: &Cells<'_>) -> Result<Self, StoreError> {
        let (task, idea) = (cells.id_if("task_id")?, cells.id_if("idea_id")?);
        let about = About { task, idea, branch: cells.get("branch")?, pr_url: cells.get("pr_url")? };
        Ok(Self { about: Some(about), ..self })
    }

    /// Whether it is this entity.
    pub(super) fn is(&self, machine: &str, entity: &str) -> bool {
        self.machine == machine && self.entity == entity
    }

    /// Whether it is of the same entity as that one.
    pub(super) fn is_of(&self, other: &Self) -> bool {
        self.is(other.machine, &other.entity)
    }

    /// Whether it is as the change expects it.
    pub(super) fn fits(&self, change: &Change) -> bool {
        self.status == change.edge().from && self.fence == change.fence().map(i64::from)
    }

    /// What is told of a job's move besides it.
    pub(super) fn told(&self, to: &job::Row) -> Payload {
        let payload = Payload::of_job(to);
        let Some(about) = self.about.clone() else { return payload };
        // A claim begins without what the attempt before it published.
        let pr_url = about.pr_url.filter(|_| to.status != job::Status::Claimed);
        payload.at(about.task, about.idea, about.branch, pr_url)
    }
}
