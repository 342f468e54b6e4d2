//! What does not fit, by the name of the field.

/// What was given is not what it should be. Whoever gave it can find the place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {why}")]
pub struct Unfit {
    /// What was given, as `plan`, or the field of it.
    pub field: String,
    /// What is wrong with it.
    pub why: String,
}

impl Unfit {
    pub(super) fn new(field: impl Into<String>, why: impl Into<String>) -> Self {
        Self { field: field.into(), why: why.into() }
    }
}
