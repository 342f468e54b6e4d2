//! The law as JSON, which programs read and `tables diff` compares.

use serde::Serialize;

use crate::domain::law::Machine;

/// The version of the form; it grows when a field changes its meaning, comes or goes.
pub const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Law<'a> {
    format: u32,
    machines: &'a [Machine],
}

/// The machines with the version of the form, every field where it always is.
///
/// # Errors
/// When the machines cannot be written as JSON.
pub fn json(law: &[Machine]) -> serde_json::Result<String> {
    Ok(serde_json::to_string_pretty(&Law { format: FORMAT, machines: law })? + "\n")
}
