//! The law as comma-separated values.

use crate::domain::machine::Edge;

/// A header and a line an edge. No word of the law has a comma or a quote in it.
#[must_use]
pub fn csv(law: &[Edge]) -> String {
    let mut text = "machine,from,event,to\n".to_owned();
    for Edge { machine, from, event, to } in law {
        text.push_str(&format!("{machine},{from},{event},{to}\n"));
    }
    text
}
