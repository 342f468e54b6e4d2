//! `audit replay`: one entity's history, folded, beside its row in the table.

use super::findings::Findings;
use super::history::History;
use crate::domain::law::MACHINES;
use crate::domain::replay::Lawbook;
use crate::flow::archive::absent;
use crate::flow::wire::Replayed;
use crate::flow::{FlowError, Sprintgate};
use crate::store::Tx;

/// Rows that are read at a time.
const PAGE: u32 = 1000;
/// Entities that a part of an id is told to fit.
const NAMED: u32 = 5;
/// The shortest part of an id that stands for it.
const SHORTEST: usize = 6;

impl Sprintgate {
    /// Folds the history of an entity: of a job by its id, of any other by `machine:id`. Six or more characters of its
    /// beginning do, where only one entity has them; so do those of its end, among the newest 10,000 of the machine.
    ///
    /// # Errors
    /// `NOT_FOUND`; `ARCHIVED`; `VALIDATION_ERROR` for a machine that there is not, and for a part of several ids.
    pub async fn audit_replay(&self, entity: &str) -> Result<Replayed, FlowError> {
        let (machine, id) = entity.split_once(':').unwrap_or(("job", entity));
        if !MACHINES.contains(&machine) {
            let machines = MACHINES.join(", ");
            return Err(FlowError::invalid("entity", format!("begins with none of {machines}")));
        }
        let law = Lawbook::new();
        let mut findings = Findings::default();
        let mut tx = self.store.read().await?;
        let id = named(&mut *tx, machine, id).await?;
        let mut history = History::of(machine, &id);
        let mut rows = Vec::new();
        loop {
            let page = tx.histories(machine, &id, history.number(), PAGE).await?;
            let full = page.len() == PAGE as usize;
            let of_it = rows.len();
            rows.extend(page.into_iter().take_while(|row| row.entity == id));
            for row in rows.iter().skip(of_it) {
                history.row(&law, row.clone(), &mut findings);
            }
            if !full || rows.len() < of_it + PAGE as usize {
                break;
            }
        }
        let table = tx.current(machine, &id, 1).await?.pop().filter(|row| row.entity == id);
        history.end(table.as_ref(), &mut findings);
        Ok(Replayed {
            machine: machine.to_owned(),
            entity: id,
            rows,
            status: history.status().to_owned(),
            table,
            ok: findings.total == 0,
            findings: findings.listed,
        })
    }
}

/// The id that is meant.
async fn named(tx: &mut dyn Tx, machine: &str, id: &str) -> Result<String, FlowError> {
    if !tx.history(machine, id, 1).await?.is_empty() {
        return Ok(id.to_owned());
    }
    if tx.current(machine, id, 1).await?.iter().any(|row| row.entity == id) {
        return Ok(id.to_owned());
    }
    let named = match id.chars().count() < SHORTEST {
        true => Vec::new(),
        false => tx.entities_named(machine, id, NAMED).await?,
    };
    match <[String; 1]>::try_from(named) {
        Ok([one]) => Ok(one),
        Err(none) if none.is_empty() => Err(match absent(tx, "entity", machine, id).await {
            FlowError::NotFound { .. } => FlowError::not_found("entity", &format!("{machine}:{id}")),
            archived => archived,
        }),
        Err(several) => {
            let several = several.join(", ");
            Err(FlowError::invalid("entity", format!("`{id}` is a part of several ids: {several}")))
        }
    }
}
