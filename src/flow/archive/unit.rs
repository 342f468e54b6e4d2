//! What leaves as one: a job with all that belongs to it alone, or an effect at its end.

use serde_json::Value;

use super::copies::Copies;
use crate::domain::replay::Lawbook;
use crate::flow::FlowError;
use crate::flow::audit::bundle::Entity;
use crate::flow::audit::findings::Findings;
use crate::flow::audit::history::History;
use crate::store::{Current, LedgerEntry, LeftRow, StoreError, Tx};

/// Rows of one entity that are read; an attempt or an effect has a handful.
const HISTORY_MAX: u32 = 10_000;

/// A job or an effect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Job(String),
    Effect(String),
}

/// All of it.
pub(super) struct Whole {
    pub(super) unit: Unit,
    pub(super) rows: Vec<LeftRow>,
    pub(super) entities: Vec<Entity>,
    pub(super) history: Vec<LedgerEntry>,
}

impl Unit {
    /// Its rows in the tables; none when it is gone.
    pub(super) async fn rows(&self, tx: &mut dyn Tx) -> Result<Vec<LeftRow>, StoreError> {
        match self {
            Self::Job(id) => tx.job_left(id).await,
            Self::Effect(id) => tx.effect_left(id).await,
        }
    }

    /// Whose row of that table this is, by its cells.
    pub(super) fn of_row<'a>(table: &str, cell: impl Fn(&str) -> Option<&'a Value>) -> Option<Self> {
        let text = |column| cell(column).and_then(Value::as_str).map(str::to_owned);
        match table {
            "effects" => text("id").map(Self::Effect),
            "claude_jobs" => text("id").map(Self::Job),
            "sprint_task_executions" => text("sprint_job_id").map(Self::Job),
            _ => text("job_id").map(Self::Job),
        }
    }

    /// Its rows in the tables, locked, when nothing keeps it and they are what its archive has; why it stays otherwise.
    /// No rows: it is gone.
    pub(super) async fn held(
        &self,
        tx: &mut dyn Tx,
        copies: &Copies,
    ) -> Result<Result<Vec<LeftRow>, String>, StoreError> {
        let stays = match self {
            Self::Job(id) => tx.job_stays(id).await?,
            Self::Effect(id) => tx.effect_stays(id).await?,
        };
        if let Some(why) = stays {
            return Ok(Err(why));
        }
        let rows = self.rows(tx).await?;
        Ok(if copies.are(self, &rows) { Ok(rows) } else { Err("changed".to_owned()) })
    }

    /// The machine and id of its first entity.
    pub(super) fn entity(&self) -> (&'static str, &str) {
        match self {
            Self::Job(id) => ("job", id),
            Self::Effect(id) => ("effect", id),
        }
    }

    /// Reads it with the ledger of each of its entities up to the row `bound`. Nothing when it is gone, when a row is not
    /// bound by a checkpoint yet, or when its ledger does not hold, which is for `audit verify` to name.
    pub(super) async fn whole(self, tx: &mut dyn Tx, bound: i64) -> Result<Option<Whole>, FlowError> {
        let law = Lawbook::new();
        let rows = self.rows(tx).await?;
        let (mut entities, mut all) = (Vec::new(), Vec::new());
        for entity in entities_of(&rows)? {
            let mut findings = Findings::default();
            let mut history = History::of(&entity.machine, &entity.entity);
            let ledger = tx.history(&entity.machine, &entity.entity, HISTORY_MAX).await?;
            let all_bound = ledger.iter().all(|row| row.seq <= bound);
            ledger.iter().for_each(|row| history.row(&law, row.clone(), &mut findings));
            let current = Current {
                entity: entity.entity.clone(),
                status: entity.status.clone(),
                event: entity.event.clone(),
                ledger_seq: entity.rows,
            };
            history.end(Some(&current), &mut findings);
            if findings.total > 0 || !all_bound {
                return Ok(None);
            }
            all.extend(ledger);
            entities.push(entity);
        }
        Ok((!entities.is_empty()).then_some(Whole { unit: self, rows, entities, history: all }))
    }
}

/// The entities among rows of tables, as they say that they are.
pub(super) fn entities_of(rows: &[LeftRow]) -> Result<Vec<Entity>, StoreError> {
    let entity = |row: &LeftRow| {
        let (machine, entity) = row.entity()?;
        let text = |column| row.cell(column).and_then(|cell| cell.as_str()).map(str::to_owned);
        let known = || {
            Some(Entity {
                machine: machine.to_owned(),
                entity: entity.clone(),
                status: text("status")?,
                event: text("status_event")?,
                rows: row.cell("ledger_seq")?.as_i64()?,
            })
        };
        let what = || format!("{machine} {entity}: its row has no status");
        Some(known().ok_or_else(|| StoreError::Inconsistent { what: what() }))
    };
    rows.iter().filter_map(entity).collect()
}
