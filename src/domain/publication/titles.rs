//! Titles of pull requests, which are the first lines of the commits that merge them, too.

use super::defused::defused;
use super::visible::visible;

/// The most characters of a title.
pub const TITLE_MAX: usize = 200;

/// What makes a draft of a pull request by its title at Forgejo, in any case.
const DRAFTS: &[&str] = &["wip:", "[wip]"];

/// The title of a story's pull request: its code, if it has one, and its title (`original` 9.3).
///
/// ```
/// use sprintgate::domain::publication::story_title;
///
/// assert_eq!(story_title(Some("ST-7"), "Pay by card"), "ST-7: Pay by card");
/// assert_eq!(story_title(None, "WIP: Pay\nby  card"), "Pay by card");
/// ```
#[must_use]
pub fn story_title(code: Option<&str>, title: &str) -> String {
    match code.map(str::trim).filter(|code| !code.is_empty()) {
        Some(code) => clean(&format!("{code}: {title}")),
        None => clean(title),
    }
}

/// The title of a sprint's pull request.
#[must_use]
pub fn sprint_title(goal: &str) -> String {
    clean(&format!("Sprint: {goal}"))
}

/// The title of the pull request that takes another one back.
#[must_use]
pub fn revert_title(original: &str) -> String {
    clean(&format!("Revert: {original}"))
}

/// One line of at most [`TITLE_MAX`] characters that says nothing to a forge. Cleaned twice it is the same.
fn clean(text: &str) -> String {
    let text = one_line(text);
    let text = plain(without_draft(&text), TITLE_MAX);
    if text.is_empty() { "Untitled".to_owned() } else { text }
}

/// Text of somebody else's as one line of at most `max` characters that says nothing to a forge, where no Markdown is
/// read.
pub(super) fn plain(text: &str, max: usize) -> String {
    let text = one_line(text);
    let text = text.trim_end_matches([' ', ':']);
    let fits = |text: &String| text.chars().count() <= max;
    let whole: String = defused(text).collect();
    if fits(&whole) {
        return whole;
    }
    // It is cut before anything is put in, so that what is cut reads as a text that was never longer.
    let cut = |length: usize| -> String {
        let kept: String = text.chars().take(length).collect();
        defused(&format!("{}…", kept.trim_end())).collect()
    };
    (0..max).rev().map(cut).find(fits).unwrap_or_default()
}

fn one_line(text: &str) -> String {
    let text: String = visible(text).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn without_draft(mut text: &str) -> &str {
    let rest = |text: &str| -> Option<usize> {
        let begins =
            |draft: &&&str| text.get(..draft.len()).is_some_and(|start| start.eq_ignore_ascii_case(draft));
        DRAFTS.iter().find(begins).map(|draft| draft.len())
    };
    while let Some(rest) = rest(text).and_then(|length| text.get(length..)) {
        text = rest.trim_start();
    }
    text
}
