//! What both forges have in common where a merge is asked for.

use super::ask::MergeAsk;
use super::error::ForgeError;
use super::pull::Pull;
use crate::domain::forge::MergeAnswer;
use crate::domain::pull_request::MergeRefusal;

/// What is said already, before it is asked for: it is over, or stands at another commit.
pub(super) fn settled(pull: &Pull, ask: &MergeAsk<'_>) -> Result<Option<MergeAnswer>, ForgeError> {
    if let Some(answer) = over(pull)? {
        return Ok(Some(answer));
    }
    let head = pull.head()?;
    Ok((&head != ask.head).then_some(MergeAnswer::HeadMoved(Some(head))))
}

/// What is said of one that was merged or closed.
pub(super) fn over(pull: &Pull) -> Result<Option<MergeAnswer>, ForgeError> {
    if pull.is_open() {
        return Ok(None);
    }
    if pull.is_merged() {
        return Ok(Some(MergeAnswer::Merged(pull.merge()?)));
    }
    Ok(Some(MergeAnswer::Refused(MergeRefusal::Unknown, "it is closed".to_owned())))
}

/// Who may not merge is told so; it is no failure of the call.
pub(super) fn answered(asked: Result<MergeAnswer, ForgeError>) -> Result<MergeAnswer, ForgeError> {
    match asked {
        Err(ForgeError::Credentials { why } | ForgeError::Forbidden { why }) => {
            Ok(MergeAnswer::Refused(MergeRefusal::GhAuthError, why))
        }
        other => other,
    }
}
