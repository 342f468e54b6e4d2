//! Reads a plan: Markdown whose YAML front matter holds a backlog item with its stories and tasks (`original` 3.30).

use super::FlowError;
use crate::domain::plan_doc::PlanDoc;

/// The longest document that is read, in bytes.
pub const DOCUMENT_MAX: usize = 1 << 20;

/// Reads a plan's front matter and checks every rule; writes nothing.
///
/// # Errors
/// `VALIDATION_ERROR` with the line or the path of what does not fit.
pub fn read_plan(document: &str) -> Result<PlanDoc, FlowError> {
    if document.len() > DOCUMENT_MAX {
        return Err(FlowError::invalid(
            "plan",
            format!("has {} bytes, and at most {DOCUMENT_MAX} fit", document.len()),
        ));
    }
    let yaml = front_matter(document)?;
    // The first line of the front matter is the document's second.
    let plan: PlanDoc = serde_saphyr::from_str(yaml)
        .map_err(|error| FlowError::invalid("plan", format!("in the front matter: {error}")))?;
    let breaches = plan.breaches();
    if breaches.is_empty() {
        return Ok(plan);
    }
    let shown: Vec<String> = breaches.iter().take(20).map(ToString::to_string).collect();
    let more = breaches.len().saturating_sub(shown.len());
    let more = if more > 0 { format!("; {more} more") } else { String::new() };
    Err(FlowError::invalid("plan", format!("{}{more}", shown.join("; "))))
}

/// The text between the first line `---` and the next line `---`.
fn front_matter(document: &str) -> Result<&str, FlowError> {
    let document = document.strip_prefix('\u{feff}').unwrap_or(document);
    let first = document.lines().next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Err(FlowError::invalid("plan", "line 1: the document starts with a line `---`"));
    }
    let body_at = document.find('\n').map_or(document.len(), |at| at + 1);
    let body = document.get(body_at..).unwrap_or_default();
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Ok(body.get(..at).unwrap_or_default());
        }
        at += line.len();
    }
    Err(FlowError::invalid("plan", "the front matter does not end: a second line `---` is missing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "---\npbi: {title: A, priority: 1}\nstories:\n- title: S\n  priority: 2\n  tasks:\n  - {title: T, priority: 3, implementation_plan: \"- `a.rs`\", verify_required: ALIGNED, unknown: 1}\n---\nbody\n";

    #[test]
    fn a_plan_is_read() {
        let plan = read_plan(GOOD).unwrap();
        assert_eq!(plan.stories[0].tasks[0].title, "T");
        assert!(read_plan(&GOOD.replace('\n', "\r\n")).is_ok());
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let rows = [
            ("", "line 1"),
            ("pbi: x", "line 1"),
            ("---\npbi: {title: A", "does not end"),
            ("---\npbi: [\n---\n", "front matter"),
            ("---\nstories: []\n---\n", "pbi"),
            ("---\npbi: {title: A, priority: 9}\nstories: []\n---\n", "pbi.priority"),
            ("---\npbi: {title: '', priority: 1}\nstories: []\n---\n", "pbi.title"),
            ("---\npbi: {title: A, priority: 1}\nstories: []\n---\n", "stories: needs at least one"),
        ];
        for (document, named) in rows {
            let error = read_plan(document).unwrap_err();
            assert_eq!(error.code(), "VALIDATION_ERROR");
            assert!(error.to_string().contains(named), "{document:?}: {error}");
        }
    }
}
