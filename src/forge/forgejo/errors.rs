//! What Forgejo means by a refusal to merge. One status means several things; the words tell them apart, and what no row
//! knows is unknown.

/// What a refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// The pull request is at another commit.
    HeadMoved,
    /// A merge is scheduled already, for whatever commit.
    Scheduled,
    /// It is a draft.
    Draft,
    /// The token's user may not merge.
    NoRight,
    /// The repository does not merge in that way.
    Style,
    /// It was merged.
    Over,
    /// Checks or reviews are missing.
    NotReady,
    /// It does not merge with its base, or Forgejo looks still.
    Conflict,
    /// Anything else.
    Unknown,
}

const WORDS: &[(Said, &[&str])] = &[
    (Said::HeadMoved, &["head out of date"]),
    (Said::Scheduled, &["already scheduled"]),
    (Said::Draft, &["work in progress"]),
    (Said::NoRight, &["not allowed to merge"]),
    (Said::Style, &["allowed merge style", "invalid merge style"]),
    (Said::Over, &["already merged", "already been merged"]),
    (Said::NotReady, &["not ready to be merged", "enough approvals", "status checks", "requested changes"]),
    (Said::Conflict, &["conflict", "try again later", "not mergeable", "\"stderr\"", "unrelated histories"]),
];

/// What the text means.
pub(super) fn said(text: &str) -> Said {
    let text = text.to_ascii_lowercase();
    let fits = |words: &&(Said, &[&str])| words.1.iter().any(|words| text.contains(words));
    WORDS.iter().find(fits).map_or(Said::Unknown, |(said, _)| *said)
}
