//! The arguments of a report, checked once for all outcomes.

use crate::flow::wire::{ReportStatus, UpdateJobStatus};
use crate::flow::{FlowError, text};
use crate::store::Usage;

/// Characters of a summary (`original` 6).
const SUMMARY_MAX: usize = 1000;
/// Characters of an error (`original` 6).
const ERROR_MAX: usize = 2000;
/// Characters of a model's name (`original` 6).
const MODEL_MAX: usize = 200;

/// Checks lengths, characters and counters.
pub(super) fn check(ask: &UpdateJobStatus) -> Result<Usage, FlowError> {
    text::maybe("summary", ask.summary.as_deref(), SUMMARY_MAX)?;
    text::maybe("error", ask.error.as_deref(), ERROR_MAX)?;
    text::maybe("model_id", ask.model_id.as_deref(), MODEL_MAX)?;
    text::maybe("branch", ask.branch.as_deref(), 255)?;
    let counters = [
        ("input_tokens", ask.input_tokens),
        ("output_tokens", ask.output_tokens),
        ("cache_read_tokens", ask.cache_read_tokens),
        ("cache_write_tokens", ask.cache_write_tokens),
    ];
    for (field, value) in counters {
        if value.is_some_and(|n| n < 0) {
            return Err(FlowError::invalid(field, "is negative"));
        }
    }
    Ok(Usage {
        model_id: ask.model_id.clone(),
        input_tokens: ask.input_tokens,
        output_tokens: ask.output_tokens,
        cache_read_tokens: ask.cache_read_tokens,
        cache_write_tokens: ask.cache_write_tokens,
    })
}

/// The outcome as attempts keep it; `running` is none.
pub(super) fn outcome(status: ReportStatus) -> Option<&'static str> {
    match status {
        ReportStatus::Running => None,
        ReportStatus::Done => Some("done"),
        ReportStatus::Failed => Some("failed"),
        ReportStatus::Skipped => Some("skipped"),
    }
}
