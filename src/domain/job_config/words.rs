//! The words of a configuration: what an agent may do unasked, and how hard it thinks.

use crate::domain::machine::words;

words! {
    /// What the agent may do without asking, as its program spells it.
    pub enum PermissionMode: "permission mode" {
        /// Reads and plans, and changes nothing.
        Plan = "plan",
        /// Asks before it changes anything.
        Default = "default",
        /// Changes files without asking.
        AcceptEdits = "acceptEdits",
        /// Does everything without asking.
        BypassPermissions = "bypassPermissions",
    }
}

words! {
    /// How hard the agent thinks, as its program spells it.
    pub enum Effort: "effort" {
        /// No thinking: no word goes to the program.
        None = "none",
        /// Up to 6000 tokens.
        Medium = "medium",
        /// Up to 12 000 tokens.
        High = "high",
        /// Up to 24 000 tokens.
        XHigh = "xhigh",
        /// More than that.
        Max = "max",
    }
}

impl Effort {
    /// The effort of a budget in tokens; 0 and below is none.
    #[must_use]
    pub fn of(thinking_budget: i64) -> Self {
        match thinking_budget {
            ..=0 => Self::None,
            1..=6_000 => Self::Medium,
            6_001..=12_000 => Self::High,
            12_001..=24_000 => Self::XHigh,
            24_001.. => Self::Max,
        }
    }
}
