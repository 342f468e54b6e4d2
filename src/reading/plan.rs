//! Reads a plan: Markdown whose YAML front matter holds a backlog item with its stories and tasks (`original` 3.30).

use super::Unfit;
use crate::domain::plan_doc::{self, Breach, PlanDoc};

/// The longest document that is read, in bytes.
pub const DOCUMENT_MAX: usize = 1 << 20;

/// Reads a plan's front matter and checks every rule; writes nothing.
///
/// # Errors
/// The line or the path of what does not fit.
pub fn read_plan(document: &str) -> Result<PlanDoc, Unfit> {
    if document.len() > DOCUMENT_MAX {
        return Err(Unfit::new(
            "plan",
            format!("has {} bytes, and at most {DOCUMENT_MAX} fit", document.len()),
        ));
    }
    plan_doc::read(document, front_matter).map_err(|breaches| {
        let shown: Vec<String> = breaches.iter().take(20).map(ToString::to_string).collect();
        let more = breaches.len().saturating_sub(shown.len());
        let more = if more > 0 { format!("; {more} more") } else { String::new() };
        Unfit::new("plan", format!("{}{more}", shown.join("; ")))
    })
}

/// What the YAML of a front matter says. Its first line is the document's second.
fn front_matter(yaml: &str) -> Result<PlanDoc, Breach> {
    serde_saphyr::from_str(yaml)
        .map_err(|error| Breach { path: "in the front matter".to_owned(), why: error.to_string() })
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
            ("---\npbi: {title: A", "which is missing"),
            ("---\npbi: [\n---\n", "front matter"),
            ("---\nstories: []\n---\n", "pbi"),
            ("---\npbi: {title: A, priority: 9}\nstories: []\n---\n", "pbi.priority"),
            ("---\npbi: {title: '', priority: 1}\nstories: []\n---\n", "pbi.title"),
            ("---\npbi: {title: A, priority: 1}\nstories: []\n---\n", "stories: needs at least one"),
        ];
        for (document, named) in rows {
            let error = read_plan(document).unwrap_err();
            assert_eq!(error.field, "plan");
            assert!(error.to_string().contains(named), "{document:?}: {error}");
        }
    }
}
