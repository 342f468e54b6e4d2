//! The ledger's hashes: a row's binds its content and the entity's row before it, a checkpoint's the rows of all
//! entities and the checkpoint before it, an archive's its manifest, its seals and the archive before it.

use sha2::{Digest, Sha256};

use super::records::{ArchiveRecord, ArchivedRow, Checkpoint, LedgerEntry, NewArchive, Seal};
use crate::domain::time::Timestamp;

/// What stands for the row before an entity's first, and for the checkpoint and the archive before the first.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The digits of a row's hash that a checkpoint keeps as its mark.
pub const MARK: usize = 8;

pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 });
    let mut text = String::with_capacity(bytes.len() * 2);
    text.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    text
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Fields, so written that different fields are different bytes: each as its length in bytes, a colon, its text and a
/// line feed. A field that is absent is written as `-` and a line feed.
struct Fields(Vec<u8>);

impl Fields {
    fn text(&mut self, text: &str) {
        self.decimal(text.len() as u64);
        self.0.push(b':');
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(b'\n');
    }

    fn number(&mut self, number: i64) {
        let digits = number.unsigned_abs().checked_ilog10().unwrap_or(0) + 1;
        self.decimal(u64::from(digits) + u64::from(number < 0));
        self.0.push(b':');
        self.signed(number);
        self.0.push(b'\n');
    }

    fn text_if(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.extend_from_slice(b"-\n"),
        }
    }

    fn signed(&mut self, number: i64) {
        if number < 0 {
            self.0.push(b'-');
        }
        self.decimal(number.unsigned_abs());
    }

    /// By hand, because a row has a dozen of them and half of the time would go into formatting.
    fn decimal(&mut self, mut number: u64) {
        let begin = self.0.len();
        loop {
            self.0.push(b'0' + (number % 10) as u8);
            number /= 10;
            if number == 0 {
                break;
            }
        }
        if let Some(digits) = self.0.get_mut(begin..) {
            digits.reverse();
        }
    }
}

/// The hash of a ledger row: SHA-256 over its fields from the hash before it to its evidence, without its
/// place in the whole ledger, which checkpoints bind.
#[must_use]
pub fn entry_hash(entry: &LedgerEntry) -> String {
    let mut fields = Fields(Vec::with_capacity(512));
    fields.text(&entry.prev_hash);
    fields.text(&entry.machine);
    fields.text(&entry.entity);
    fields.number(entry.entity_seq);
    fields.text_if(entry.from.as_deref());
    fields.text(&entry.event);
    fields.text(&entry.to);
    fields.text(&entry.actor_kind);
    fields.text(&entry.actor_id);
    match entry.attempt {
        Some(attempt) => fields.number(attempt),
        None => fields.text_if(None),
    }
    fields.number(entry.at.0);
    fields.text(&entry.facts);
    fields.text_if(entry.evidence.as_deref());
    digest(&fields.0)
}

/// The hash of a checkpoint: SHA-256 over its fields from the hash before it to its marks, written like a row's.
#[must_use]
pub fn checkpoint_hash(checkpoint: &Checkpoint) -> String {
    let mut fields = Fields(Vec::with_capacity(512 + checkpoint.marks.len()));
    fields.text(&checkpoint.prev_hash);
    fields.number(checkpoint.number);
    fields.number(checkpoint.at.0);
    fields.number(checkpoint.upto_seq);
    fields.number(checkpoint.rows);
    fields.text(&checkpoint.root);
    fields.text(&checkpoint.marks);
    digest(&fields.0)
}

impl Seal {
    /// The first digits of the hash, by which a row is found again.
    #[must_use]
    pub fn mark(&self) -> &str {
        self.hash.get(..MARK).unwrap_or(&self.hash)
    }
}

impl Checkpoint {
    /// The checkpoint over these rows, which are not none, after the one before it.
    #[must_use]
    pub fn over(before: Option<&Self>, at: Timestamp, rows: &[Seal]) -> Option<Self> {
        let mut lines = Fields(Vec::with_capacity(rows.len() * 80));
        let mut marks = String::with_capacity(rows.len() * MARK);
        for row in rows {
            lines.signed(row.seq);
            lines.0.push(b':');
            lines.0.extend_from_slice(row.hash.as_bytes());
            lines.0.push(b'\n');
            marks.push_str(row.mark());
        }
        let mut made = Self {
            number: before.map_or(0, |before| before.number).saturating_add(1),
            at,
            upto_seq: rows.last()?.seq,
            rows: rows.len().try_into().unwrap_or(i64::MAX),
            root: digest(&lines.0),
            marks,
            prev_hash: before.map_or_else(|| GENESIS.to_owned(), |before| before.hash.clone()),
            hash: String::new(),
        };
        made.hash = checkpoint_hash(&made);
        Some(made)
    }
}

/// The hash of an archive's record: SHA-256 over its fields from the hash before it to that of its seals, written like a
/// row's.
#[must_use]
pub fn archive_hash(archive: &ArchiveRecord) -> String {
    let mut fields = Fields(Vec::with_capacity(512));
    fields.text(&archive.prev_hash);
    fields.number(archive.number);
    fields.number(archive.at.0);
    fields.text(&archive.name);
    fields.text(&archive.manifest);
    fields.number(archive.jobs);
    fields.number(archive.effects);
    fields.number(archive.rows);
    fields.text(&archive.seals);
    digest(&fields.0)
}

impl ArchiveRecord {
    /// The record of an archive, after the one before it.
    #[must_use]
    pub fn after(before: Option<&Self>, at: Timestamp, new: NewArchive) -> Self {
        let mut made = Self {
            number: before.map_or(0, |before| before.number).saturating_add(1),
            at,
            name: new.name,
            manifest: new.manifest,
            jobs: new.jobs,
            effects: new.effects,
            rows: new.rows,
            seals: new.seals,
            prev_hash: before.map_or_else(|| GENESIS.to_owned(), |before| before.hash.clone()),
            hash: String::new(),
        };
        made.hash = archive_hash(&made);
        made
    }
}

/// The seals of an archive, hashed one after another: SHA-256 over `seq`, `machine`, `entity`, `entity_seq` and `hash` of
/// each, written like a row's fields.
pub struct ArchivedRows {
    hasher: Sha256,
    fields: Fields,
    rows: i64,
}

impl Default for ArchivedRows {
    fn default() -> Self {
        Self { hasher: Sha256::new(), fields: Fields(Vec::with_capacity(256)), rows: 0 }
    }
}

impl ArchivedRows {
    /// Takes the next one.
    pub fn add(&mut self, row: &ArchivedRow) {
        let fields = &mut self.fields;
        fields.0.clear();
        fields.number(row.seq);
        fields.text(&row.machine);
        fields.text(&row.entity);
        fields.number(row.entity_seq);
        fields.text(&row.hash);
        self.hasher.update(&fields.0);
        self.rows += 1;
    }

    /// How many there were.
    #[must_use]
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// Their hash.
    #[must_use]
    pub fn hash(self) -> String {
        hex(&self.hasher.finalize())
    }
}
