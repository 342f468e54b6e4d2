//! Reasons in one line: lists that end early and names that cannot pretend to be anything else.

use std::fmt::Write;

/// How many names a list shows.
const SHOWN: usize = 3;

/// How long a name may be, in characters; longer ones lose their beginning.
const NAME: usize = 80;

/// The first names, in back-ticks, and how many more there are.
pub(super) fn list(names: &[String]) -> String {
    let mut text =
        names.iter().take(SHOWN).map(|name| format!("`{}`", shown(name))).collect::<Vec<_>>().join(", ");
    if let Some(more) = names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        // Writing to a string does not fail.
        let _ = write!(text, " and {more} more");
    }
    text
}

/// `1 path`, `2 paths`.
pub(super) fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A name fit for one line of a report: no control characters, nothing that reorders text, cut to size.
///
/// Names come from the agent's commits, so they are shown but never allowed to format the message.
fn shown(name: &str) -> String {
    let skipped = name.chars().count().saturating_sub(NAME);
    let mut text = String::new();
    let kept = if skipped > 0 {
        text.push('…');
        skipped + 1
    } else {
        0
    };
    text.extend(name.chars().skip(kept).map(|c| if is_unruly(c) { '\u{fffd}' } else { c }));
    text
}

fn is_unruly(c: char) -> bool {
    c.is_control()
        || matches!(c, '`' | '\u{2028}' | '\u{2029}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_early() {
        let names = |n: usize| (0..n).map(|i| format!("f{i}")).collect::<Vec<_>>();
        assert_eq!(list(&names(1)), "`f0`");
        assert_eq!(list(&names(3)), "`f0`, `f1`, `f2`");
        assert_eq!(list(&names(5)), "`f0`, `f1`, `f2` and 2 more");
    }

    #[test]
    fn a_name_is_cut_by_characters_and_kept_on_its_line() {
        let long = shown(&"ä".repeat(200));
        assert_eq!(long.chars().count(), NAME);
        assert!(long.starts_with("…ä"));
        assert_eq!(shown("a\n`b\u{202e}"), "a\u{fffd}\u{fffd}b\u{fffd}");
    }
}
