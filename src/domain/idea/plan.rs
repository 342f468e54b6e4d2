//! Whether a plan can be read: the check, and its two outcomes as proofs that go with the very text.

use super::text::Markdown;
use crate::domain::plan_doc::{self, Breach, PlanDoc};

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

/// Judges a plan: `parse` is handed the front matter of this very text.
///
/// A document from elsewhere says nothing about it:
///
/// ```compile_fail
/// # use sprintgate::domain::{idea::{Markdown, Readable, Unreadable, read_plan}, plan_doc::PlanDoc};
/// # fn nothing_proved(text: Markdown, another: PlanDoc) -> Result<Readable, Unreadable> {
/// read_plan(text, Ok(another))
/// # }
/// ```
///
/// # Errors
/// [`Unreadable`] with every rule that it breaks.
pub fn read_plan(
    text: Markdown,
    parse: impl FnOnce(&str) -> Result<PlanDoc, Breach>,
) -> Result<Readable, Unreadable> {
    match plan_doc::read(text.as_str(), parse) {
        Ok(doc) => Ok(Readable { text, doc }),
        Err(breaches) => Err(Unreadable { text, breaches }),
    }
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
