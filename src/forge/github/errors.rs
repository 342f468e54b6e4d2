//! What GitHub means by its words. The first row that fits counts.

/// What an answer about a merge means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// The pull request is at another commit.
    HeadMoved,
    /// A merge is scheduled already.
    Scheduled,
    /// Nothing is there to wait for.
    Clean,
    /// A check that nobody requires failed or runs.
    Unstable,
    /// No rule says what to wait for.
    NoRules,
    /// It is a draft.
    Draft,
    /// The repository does not merge by itself.
    NotAllowed,
    /// The token may not.
    NoRight,
    /// It does not merge with its base, or GitHub does not know yet.
    Conflict,
    /// It was merged or closed.
    Over,
    /// Anything else.
    Unknown,
}

const WORDS: &[(Said, &[&str])] = &[
    (Said::HeadMoved, &["head sha didn't match", "head branch was modified", "expected head"]),
    (Said::Clean, &["clean status"]),
    (Said::Unstable, &["unstable status"]),
    (Said::NoRules, &["protected branch rules not configured"]),
    (Said::Scheduled, &["already enabled", "already in auto merge", "already has auto merge"]),
    (
        Said::NotAllowed,
        &["auto merge is not allowed", "can't enable auto-merge", "not enabled for this repository"],
    ),
    (
        Said::NoRight,
        &["not accessible by", "must have push access", "does not have permission", "not authorized"],
    ),
    (Said::Draft, &["draft"]),
    (Said::Conflict, &["not mergeable", "merge conflict", "dirty", "not in the correct state"]),
    (Said::Over, &["is closed", "is merged", "already merged", "already closed"]),
];

/// What the text means.
pub(super) fn said(text: &str) -> Said {
    let text = text.to_ascii_lowercase();
    let fits = |words: &&(Said, &[&str])| words.1.iter().any(|words| text.contains(words));
    WORDS.iter().find(fits).map_or(Said::Unknown, |(said, _)| *said)
}

/// Whether a refusal to open says that one is open.
pub(super) fn exists(text: &str) -> bool {
    text.to_ascii_lowercase().contains("pull request already exists")
}

/// Whether a refusal to open says that the repository has no drafts.
pub(super) fn no_drafts(text: &str) -> bool {
    text.to_ascii_lowercase().contains("draft pull requests are not supported")
}
