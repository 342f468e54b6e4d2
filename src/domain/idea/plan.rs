//! Whether a plan can be read: the check, and its two outcomes as proofs that go with the very text.

use super::text::Markdown;
use crate::domain::plan_doc::{Breach, PlanDoc};

/// A plan that keeps every rule. Only [`read_plan`] makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable {
    text: Markdown,
    doc: PlanDoc,
}

/// A plan that breaks a rule. Only [`read_plan`] makes one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the plan cannot be read: {}", .breaches.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Unreadable {
    text: Markdown,
    breaches: Vec<Breach>,
}

/// Judges a plan: `doc` is what stands in the front matter of `text`, or why there is nothing to be read.
///
/// # Errors
/// [`Unreadable`] with every rule that it breaks.
pub fn read_plan(text: Markdown, doc: Result<PlanDoc, Breach>) -> Result<Readable, Unreadable> {
    let doc = match doc {
        Ok(doc) => doc,
        Err(breach) => return Err(Unreadable { text, breaches: vec![breach] }),
    };
    let breaches = doc.breaches();
    if breaches.is_empty() { Ok(Readable { text, doc }) } else { Err(Unreadable { text, breaches }) }
}

impl Readable {
    /// What it says.
    #[must_use]
    pub fn doc(&self) -> &PlanDoc {
        &self.doc
    }

    pub(super) fn into_text(self) -> Markdown {
        self.text
    }
}

impl Unreadable {
    /// The rules that it breaks, at least one.
    #[must_use]
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    pub(super) fn into_text(self) -> Markdown {
        self.text
    }
}
