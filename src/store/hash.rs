//! The ledger's hash chain: each row's hash binds its content and the hash of the row before it.

use sha2::{Digest, Sha256};

use super::records::LedgerEntry;

/// What stands for the row before an entity's first.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The hash of a ledger row: SHA-256 over its fields in the order below, each written as its length in bytes, a
/// colon, its text and a line feed. A field that is absent is written as `-` and a line feed.
#[must_use]
pub fn entry_hash(entry: &LedgerEntry) -> String {
    let mut hasher = Sha256::new();
    let mut field = |text: Option<&str>| match text {
        Some(text) => {
            hasher.update(format!("{}:", text.len()));
            hasher.update(text);
            hasher.update("\n");
        }
        None => hasher.update("-\n"),
    };
    field(Some(&entry.prev_hash));
    field(Some(&entry.machine));
    field(Some(&entry.entity));
    field(Some(&entry.entity_seq.to_string()));
    field(entry.from.as_deref());
    field(Some(&entry.event));
    field(Some(&entry.to));
    field(Some(&entry.actor_kind));
    field(Some(&entry.actor_id));
    field(entry.attempt.map(|n| n.to_string()).as_deref());
    field(Some(&entry.at.0.to_string()));
    field(Some(&entry.facts));
    field(entry.evidence.as_deref());
    hex(&hasher.finalize())
}
