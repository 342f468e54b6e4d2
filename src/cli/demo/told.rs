//! One event of the demo as a line.

use serde_json::Value;

use super::dialogue::Exchange;
use super::screen::Tone;
use crate::flow::wire::{HistoryLine, JobLine};

/// A line, with the time that it belongs to in milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) at: i64,
    pub(super) tone: Tone,
    pub(super) text: String,
}

/// A job's move.
pub(super) fn moved(job: &JobLine, row: &HistoryLine) -> Told {
    let from = row.from.as_deref().unwrap_or("-");
    let why = why(job, row);
    let why = if why.is_empty() { why } else { format!("  \"{why}\"") };
    let code = job.task_code.as_deref().unwrap_or("-");
    let step = format!("{from} -> {}", row.to);
    let text = format!("{code:<5}{step:<23}{:<9}{:<7}{why}", row.event, row.actor);
    let tone = match row.to.as_str() {
        "DONE" => Tone::Good,
        "FAILED" | "CANCELLED" => Tone::Bad,
        _ => Tone::Plain,
    };
    Told { at: millis(&row.at), tone, text: text.trim_end().to_owned() }
}

/// What is worth knowing about a move.
fn why(job: &JobLine, row: &HistoryLine) -> String {
    let facts: Value = serde_json::from_str(&row.facts).unwrap_or_default();
    let fact = |name: &str| facts.get(name).and_then(Value::as_str);
    match row.event.as_str() {
        "claim" => format!("attempt {}", row.attempt.unwrap_or_default()),
        "expire" => "its worker gave no sign of life".to_owned(),
        "release" => fact("why").unwrap_or_default().to_owned(),
        "finish" => format!("verified: {}", fact("verify_result").unwrap_or("-")),
        _ if matches!(row.to.as_str(), "FAILED" | "CANCELLED") => job.error.clone().unwrap_or_default(),
        _ => String::new(),
    }
}

/// An exchange between an agent and the gate.
pub(super) fn said(exchange: &Exchange) -> Told {
    let Exchange { at, task, attempt, said, refused, answer } = exchange;
    let (tone, answer) = match refused {
        Some(code) => (Tone::Bad, format!("refused {code}: {answer}")),
        None => (Tone::Quiet, answer.clone()),
    };
    Told { at: *at, tone, text: format!("  {task} (attempt {attempt}) {said} -> {answer}") }
}

/// Something that is not a job's.
pub(super) fn other(at: i64, text: String) -> Told {
    Told { at, tone: Tone::Heading, text }
}

fn millis(iso: &str) -> i64 {
    iso.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_millisecond)
}
