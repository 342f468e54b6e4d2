//! `audit verify`: reads the whole ledger and holds it against itself, the law and the tables.

use std::collections::HashMap;

use super::wire::AuditReport;
use super::{FlowError, Sprintgate};
use crate::domain::law::{MACHINES, law};
use crate::domain::machine::Edge;
use crate::store::{GENESIS, LedgerEntry, entry_hash};

/// Rows that are read at a time.
const PAGE: u32 = 1000;
/// Findings that are listed; all are counted.
const FINDINGS_MAX: usize = 100;

/// The last row of an entity.
struct Last {
    seq: i64,
    status: String,
    hash: String,
    in_table: bool,
}

#[derive(Default)]
struct Audit {
    report: AuditReport,
    entities: HashMap<(String, String), Last>,
}

impl Sprintgate {
    /// Recomputes every hash and chain, holds every row against the law, and compares each entity's end with its
    /// table. Changed, removed and inserted rows are found and named.
    ///
    /// # Errors
    /// When the ledger cannot be read. What does not fit is in the report.
    pub async fn audit_verify(&self) -> Result<AuditReport, FlowError> {
        let law = law();
        let mut audit = Audit::default();
        let mut tx = self.store.read().await?;
        let mut after = 0;
        loop {
            let rows = tx.ledger_after(after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = last.seq;
            for row in rows {
                audit.row(&law, row);
            }
        }
        for machine in MACHINES {
            let mut after = String::new();
            loop {
                let page = tx.current(machine, &after, PAGE).await?;
                let Some(last) = page.last() else { break };
                after.clone_from(&last.entity);
                for entity in page {
                    audit.entity(machine, &entity.entity, &entity.status, entity.ledger_seq);
                }
            }
        }
        Ok(audit.close())
    }
}

impl Audit {
    fn find(&mut self, what: String) {
        self.report.findings_total += 1;
        if self.report.findings.len() < FINDINGS_MAX {
            self.report.findings.push(what);
        }
    }

    fn row(&mut self, law: &[Edge], row: LedgerEntry) {
        self.report.rows += 1;
        let name = format!("row {} ({} {} #{})", row.seq, row.machine, row.entity, row.entity_seq);
        if entry_hash(&row) != row.hash {
            self.find(format!("{name}: its content does not have its hash"));
        }
        let key = (row.machine.clone(), row.entity.clone());
        let (seq, status, hash) = match self.entities.get(&key) {
            Some(last) => (last.seq, Some(last.status.clone()), last.hash.clone()),
            None => (0, None, GENESIS.to_owned()),
        };
        if row.prev_hash != hash {
            self.find(format!("{name}: it does not follow the entity's row before it"));
        }
        if row.entity_seq != seq + 1 {
            self.find(format!("{name}: the entity's row {} is missing", seq + 1));
        }
        if row.from != status {
            let was = status.as_deref().unwrap_or("not born");
            self.find(format!("{name}: it leaves {:?}, and the entity was {was}", row.from));
        }
        let legal = match &row.from {
            None => row.event == "create",
            Some(from) => law.iter().any(|edge| {
                edge.machine == row.machine
                    && edge.from == from
                    && edge.event == row.event
                    && edge.to == row.to
            }),
        };
        if !legal {
            self.find(format!("{name}: the law has no {:?} -{}-> {}", row.from, row.event, row.to));
        }
        let last = Last { seq: row.entity_seq, status: row.to, hash: row.hash, in_table: false };
        self.entities.insert(key, last);
    }

    fn entity(&mut self, machine: &str, entity: &str, status: &str, seq: i64) {
        let found = match self.entities.get_mut(&(machine.to_owned(), entity.to_owned())) {
            None => Some(format!("{machine} {entity}: it has no ledger row")),
            Some(last) => {
                last.in_table = true;
                (last.status != status || last.seq != seq).then(|| {
                    format!(
                        "{machine} {entity}: the table says {status} after {seq} rows, the ledger {} after {}",
                        last.status, last.seq
                    )
                })
            }
        };
        if let Some(found) = found {
            self.find(found);
        }
    }

    fn close(mut self) -> AuditReport {
        let gone: Vec<String> = self
            .entities
            .iter()
            .filter(|(_, last)| !last.in_table)
            .map(|((machine, entity), _)| {
                format!("{machine} {entity}: the ledger knows it, its table does not")
            })
            .collect();
        for what in gone {
            self.find(what);
        }
        self.report.entities = self.entities.len() as u64;
        self.report.ok = self.report.findings_total == 0;
        self.report
    }
}
