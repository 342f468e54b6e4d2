//! One entity's rows, first to last: each hash, the chain between them, and the fold along the law.

use super::findings::Findings;
use crate::domain::replay::{Fold, Lawbook, Move};
use crate::store::{Current, GENESIS, LedgerEntry, entry_hash};

/// What was read of an entity.
pub(in crate::flow) struct History {
    machine: String,
    pub(in crate::flow) entity: String,
    fold: Fold,
    /// The number, event and hash of the last row.
    number: i64,
    event: String,
    hash: String,
}

impl History {
    /// Before the first row.
    pub(in crate::flow) fn of(machine: &str, entity: &str) -> Self {
        Self {
            machine: machine.to_owned(),
            entity: entity.to_owned(),
            fold: Fold::default(),
            number: 0,
            event: String::new(),
            hash: GENESIS.to_owned(),
        }
    }

    /// Takes the next row.
    pub(in crate::flow) fn row(&mut self, law: &Lawbook, row: LedgerEntry, findings: &mut Findings) {
        if entry_hash(&row) != row.hash {
            findings.row(&row, "its content does not have its hash");
        }
        if row.prev_hash != self.hash {
            findings.row(&row, "it does not follow the entity's row before it");
        }
        let next = self.number.saturating_add(1);
        if row.entity_seq < next {
            findings.row(&row, "its number is not above that of the row before it");
        } else if row.entity_seq == next.saturating_add(1) {
            findings.row(&row, &format!("the entity's row {next} is missing"));
        } else if row.entity_seq > next {
            findings.row(&row, &format!("the entity's rows {next} to {} are missing", row.entity_seq - 1));
        }
        let moved = Move { machine: &row.machine, from: row.from.as_deref(), event: &row.event, to: &row.to };
        for illegal in self.fold.take(law, &moved) {
            findings.row(&row, &illegal.to_string());
        }
        self.number = row.entity_seq;
        self.event = row.event;
        self.hash = row.hash;
    }

    /// Where the fold ends, beside what the table says.
    pub(in crate::flow) fn end(&self, current: Option<&Current>, findings: &mut Findings) {
        let Self { machine, entity, number, event, .. } = self;
        let Some(now) = current else {
            findings.add(format!("{machine} {entity}: the ledger knows it, its table does not"));
            return;
        };
        let status = self.status();
        if now.status != status || now.ledger_seq != *number || now.event != *event {
            findings.add(format!(
                "{machine} {entity}: the table says {} by {} after {} rows, the ledger {status} by {event} after {number}",
                now.status, now.event, now.ledger_seq
            ));
        }
    }

    pub(in crate::flow) fn status(&self) -> &str {
        self.fold.status().unwrap_or("not born")
    }

    pub(in crate::flow) fn number(&self) -> i64 {
        self.number
    }
}
