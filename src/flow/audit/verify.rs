//! `audit verify`: reads the whole ledger and holds it against itself, its checkpoints, the law and the tables. It
//! reads in pages from one snapshot, and keeps no more than one page and one entity.

use super::bound::{Difference, differences};
use super::findings::{Findings, name};
use super::history::History;
use super::sealed::{self, Sealed};
use super::tables::Table;
use crate::domain::law::MACHINES;
use crate::domain::replay::Lawbook;
use crate::flow::wire::{AuditReport, CheckpointLine};
use crate::flow::{FlowError, Sprintgate};
use crate::store::{Checkpoint, GENESIS, Seal, StoreError, Tx, checkpoint_hash};

/// Rows that are read at a time.
const PAGE: u32 = 1000;
/// Checkpoints that are read at a time.
const CHECKPOINTS: u32 = 100;
/// Rows with numbers that were never given that are named.
const STRANGE: u32 = 100;

#[derive(Default)]
pub(super) struct Audit {
    pub(super) report: AuditReport,
    pub(super) findings: Findings,
}

impl Sprintgate {
    /// Recomputes every hash, chain and checkpoint, holds every row against the law, and compares each entity's end
    /// with its table. Changed, removed and inserted rows are found and named; rows at the end that were removed with
    /// their checkpoints and with all that the tables knew of them are only found by [`Self::audit_verify_expecting`].
    ///
    /// # Errors
    /// When the ledger cannot be read. What does not fit is in the report.
    pub async fn audit_verify(&self) -> Result<AuditReport, FlowError> {
        self.verify_ledger(None).await
    }

    /// The same, and the ledger has to have a checkpoint, or the record of an archive, with this hash, which was kept
    /// elsewhere.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` for what is no hash; when the ledger cannot be read.
    pub async fn audit_verify_expecting(&self, hash: &str) -> Result<AuditReport, FlowError> {
        let hash = hash.trim().to_ascii_lowercase();
        if hash.len() != GENESIS.len() || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(FlowError::invalid("expect", "is not a SHA-256 in 64 hexadecimal digits"));
        }
        self.verify_ledger(Some(&hash)).await
    }

    async fn verify_ledger(&self, expected: Option<&str>) -> Result<AuditReport, FlowError> {
        Ok(verify(&mut *self.store.read().await?, expected).await?)
    }
}

/// The same of what a transaction sees.
pub(in crate::flow) async fn verify(
    tx: &mut dyn Tx,
    expected: Option<&str>,
) -> Result<AuditReport, StoreError> {
    let law = Lawbook::new();
    let mut audit = Audit::default();
    for machine in MACHINES {
        audit.machine(tx, &law, machine).await?;
    }
    let archive = audit.archives(tx, expected).await?;
    let rows = audit.checkpoints(tx, expected, archive).await?;
    if rows != audit.report.rows + audit.report.archived_rows {
        audit.strangers(tx, rows).await?;
    }
    Ok(audit.close())
}

impl Audit {
    /// Every history of a machine, beside its table.
    async fn machine(
        &mut self,
        tx: &mut dyn Tx,
        law: &Lawbook,
        machine: &'static str,
    ) -> Result<(), StoreError> {
        let mut table = Table::of(machine);
        let mut history = History::of(machine, "");
        let mut sealed = Sealed::of(machine);
        let mut place = (String::new(), i64::MIN);
        loop {
            let page = tx.histories(machine, &place.0, place.1, PAGE).await?;
            let Some(last) = page.last() else { break };
            let (next, name) = ((last.entity.clone(), last.entity_seq), name(last));
            for row in page {
                self.report.rows += 1;
                if row.entity != history.entity {
                    self.end(tx, &mut table, &history).await?;
                    sealed.begin(tx, self, Some(&row.entity)).await?;
                    history = History::of(machine, &row.entity);
                }
                sealed.row(&row, &mut self.findings);
                history.row(law, row, &mut self.findings);
            }
            if next <= place {
                // An id that is no UTF-8 is read as another one, which is not where it stands.
                self.findings.add(format!("{name}: nothing behind it can be read, as its id is no text"));
                break;
            }
            place = next;
        }
        self.end(tx, &mut table, &history).await?;
        sealed.begin(tx, self, None).await?;
        table.rest(tx, &mut self.findings).await
    }

    async fn end(&mut self, tx: &mut dyn Tx, table: &mut Table, history: &History) -> Result<(), StoreError> {
        if history.number() > 0 {
            self.report.entities += 1;
            let row = table.row(tx, &history.entity, &mut self.findings).await?;
            history.end(row.as_ref(), &mut self.findings);
        }
        Ok(())
    }

    /// Every checkpoint, with the rows that it binds; how many rows there are, bound or not. `is_there` says whether what
    /// is expected was found elsewhere.
    async fn checkpoints(
        &mut self,
        tx: &mut dyn Tx,
        expected: Option<&str>,
        mut is_there: bool,
    ) -> Result<u64, StoreError> {
        let (mut rows, mut last): (u64, Option<Checkpoint>) = (0, None);
        loop {
            let page =
                tx.checkpoints(last.as_ref().map_or(i64::MIN, |last| last.number), CHECKPOINTS).await?;
            if page.is_empty() {
                break;
            }
            for checkpoint in page {
                self.report.checkpoints += 1;
                is_there |= expected == Some(checkpoint.hash.as_str());
                self.checkpoint(last.as_ref(), &checkpoint);
                let after = last.as_ref().map_or(i64::MIN, |last| last.upto_seq);
                let bound = seals(tx, after, checkpoint.upto_seq).await?;
                rows += bound.len() as u64;
                for difference in differences(&checkpoint, &bound) {
                    self.differs(tx, &checkpoint, difference).await?;
                }
                last = Some(checkpoint);
            }
        }
        let mut after = last.as_ref().map_or(i64::MIN, |last| last.upto_seq);
        loop {
            let page = tx.seals(after, i64::MAX, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            self.report.unbound_rows += page.len() as u64;
        }
        let given = tx.last_number().await?;
        for row in tx.ledger_after(given, STRANGE).await? {
            self.findings.row(&row, &format!("its number was never given: the last one is {given}"));
        }
        if let (Some(expected), false) = (expected, is_there) {
            self.findings
                .add(format!("no checkpoint has the hash {expected}: the ledger was cut off or rewritten"));
        }
        self.report.last_checkpoint = last.as_ref().map(CheckpointLine::from);
        Ok(rows + self.report.unbound_rows)
    }

    /// A checkpoint by itself and behind the one before it.
    fn checkpoint(&mut self, before: Option<&Checkpoint>, checkpoint: &Checkpoint) {
        let (number, hash) = before.map_or((0, GENESIS), |before| (before.number, &before.hash));
        let name = format!("checkpoint {}", checkpoint.number);
        if checkpoint_hash(checkpoint) != checkpoint.hash {
            self.findings.add(format!("{name}: its content does not have its hash"));
        }
        if checkpoint.prev_hash != hash {
            self.findings.add(format!("{name}: it does not follow the checkpoint before it"));
        }
        if checkpoint.number != number.saturating_add(1) {
            self.findings.add(format!("{name}: the number before it is {number}"));
        }
    }

    async fn differs(
        &mut self,
        tx: &mut dyn Tx,
        checkpoint: &Checkpoint,
        difference: Difference,
    ) -> Result<(), StoreError> {
        let number = checkpoint.number;
        let (seq, what) = match difference {
            Difference::Strange(seq) => {
                (Some(seq), format!("it is not what checkpoint {number} binds: changed since, or inserted"))
            }
            Difference::Moved(seq) => {
                (Some(seq), format!("it stands where checkpoint {number} binds another row"))
            }
            Difference::Missing { behind, mark } => (
                behind,
                format!("behind it a row is missing that checkpoint {number} binds, with the hash {mark}…"),
            ),
            Difference::Hidden => {
                let what = "its rows do not have the numbers and hashes that it binds";
                self.findings.add(format!("checkpoint {number}: {what}"));
                return Ok(());
            }
        };
        let Some(seq) = seq else {
            self.findings.add(format!("the beginning: {what}"));
            return Ok(());
        };
        match tx.ledger_after(seq.saturating_sub(1), 1).await?.pop().filter(|row| row.seq == seq) {
            Some(row) => self.findings.row(&row, &what),
            None => {
                let seal = tx.archived_rows(seq.saturating_sub(1), 1).await?.pop();
                let name = seal.map_or_else(|| format!("row {seq}"), |seal| sealed::name(&seal));
                self.findings.add(format!("{name}: {what}"));
            }
        }
        Ok(())
    }

    /// Names the rows that belong to no machine, where there are more `rows` than the machines' histories have.
    async fn strangers(&mut self, tx: &mut dyn Tx, rows: u64) -> Result<(), StoreError> {
        let mut after = i64::MIN;
        loop {
            let page = tx.ledger_after(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.seq;
            for row in page.iter().filter(|row| !MACHINES.contains(&row.machine.as_str())) {
                self.report.rows += 1;
                self.findings.add(format!("{}: there is no such machine", name(row)));
            }
        }
        let read = self.report.rows + self.report.archived_rows;
        if read != rows {
            self.findings.add(format!("the ledger has {rows} rows by number and {read} by entity"));
        }
        Ok(())
    }

    fn close(mut self) -> AuditReport {
        self.report.ok = self.findings.total == 0;
        self.report.findings_total = self.findings.total;
        self.report.findings = self.findings.listed;
        self.report
    }
}

/// The rows after `after` up to and with `upto`.
async fn seals(tx: &mut dyn Tx, after: i64, upto: i64) -> Result<Vec<Seal>, StoreError> {
    let mut rows: Vec<Seal> = Vec::new();
    loop {
        let page = tx.seals(rows.last().map_or(after, |last| last.seq), upto, PAGE).await?;
        if page.is_empty() {
            return Ok(rows);
        }
        rows.extend(page);
    }
}
