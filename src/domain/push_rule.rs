//! By what rule a remote refuses a push, and what a job's error says of a push that failed.
//!
//! ```
//! use sprintgate::domain::push::PushClass;
//! use sprintgate::domain::push_rule::{PushFailed, PushRule};
//!
//! let failed = PushFailed::of("push failed (rejected): hook: [remote rejected] (hook declined)").unwrap();
//! assert_eq!(failed, PushFailed { class: PushClass::Rejected, rule: Some(PushRule::Hook) });
//! assert_eq!(failed.class.code(), "PUSH_REJECTED");
//! ```

use super::job::Failure;
use super::machine::{Word, words};
use super::push::PushClass;

words! {
    /// A rule by which a remote refuses a push.
    pub enum PushRule: "push rule" {
        /// The branch is protected: by its name nobody moves it, or not so.
        ProtectedBranch = "protected-branch",
        /// A hook, which may look at anything.
        Hook = "hook",
        /// One that the remote does not name.
        Unnamed = "unnamed",
    }
}

/// How a push failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PushFailed {
    /// Of what class it is.
    pub class: PushClass,
    /// The rule that forbids it, where the class is `rejected`.
    pub rule: Option<PushRule>,
}

impl PushFailed {
    /// The failure of the job, with the rule before the other side's words; none for what fails no job.
    #[must_use]
    pub fn failure(self, why: &str) -> Option<Failure> {
        match self.rule {
            Some(rule) => self.class.failure(&format!("{rule}: {why}")),
            None => self.class.failure(why),
        }
    }

    /// How the push failed, by the error of a job that ended so.
    #[must_use]
    pub fn of(error: &str) -> Option<Self> {
        let (class, why) = error.strip_prefix("push failed (")?.split_once("): ")?;
        let rule = why.split_once(": ").and_then(|(rule, _)| PushRule::parse(rule).ok());
        let class = PushClass::parse(class).ok()?;
        Some(Self { class, rule: rule.filter(|_| class == PushClass::Rejected) })
    }
}
