//! Breaks what a forge or an agent's tools read out of plain text: names that are told, numbers of issues that are closed,
//! addresses that become links, and words that keep checks from running. A character without width stands in the middle
//! of each, so that people see the text as it was.

/// It has no width, and no forge reads across it.
const BREAK: char = '\u{200b}';

/// The text, of which [`visible`](super::visible) has taken what could not be seen, in parts that are not to be cut.
pub(super) fn defused(text: &str) -> impl Iterator<Item = String> {
    let chars: Vec<char> = text.chars().collect();
    (0..chars.len()).filter_map(move |at| {
        let c = chars.get(at).copied()?;
        let before = chars.get(..at).unwrap_or_default();
        let after = chars.get(at + 1..).unwrap_or_default();
        let mut part = String::from(c);
        if is_broken(before, c, after) {
            part.push(BREAK);
        }
        Some(part)
    })
}

/// Whether something would be read across the place behind the character.
pub(super) fn is_broken(before: &[char], c: char, after: &[char]) -> bool {
    let next = after.first().copied();
    let digit = next.is_some_and(char::is_numeric);
    match c {
        // A name, a team, the domain of a mail address, a commit of another repository.
        '@' => next.is_some_and(|next| !next.is_whitespace()),
        // The number of an issue; at some forges a pull request's has another sign, and an alert begins as a picture does.
        '#' => next.is_some_and(char::is_alphanumeric),
        '!' => next.is_some_and(|next| next.is_alphanumeric() || next == '['),
        '-' => digit && ends_with_word(before, "gh"),
        // `[skip ci]`, also in the title of what is merged.
        '[' => next.is_some_and(char::is_alphanumeric),
        // An address, with a scheme or by its first letters.
        ':' => after.starts_with(&['/', '/']),
        'w' | 'W' => next == Some('.') && ends_with_word(before, "ww"),
        _ => false,
    }
}

/// Whether the characters end with that word, in any case, and not with a longer one.
fn ends_with_word(chars: &[char], word: &str) -> bool {
    let start = chars.len().checked_sub(word.len());
    let Some((head, tail)) = start.and_then(|start| chars.split_at_checked(start)) else { return false };
    let same = tail.iter().zip(word.chars()).all(|(c, w)| c.eq_ignore_ascii_case(&w));
    same && !head.last().is_some_and(|c| c.is_alphanumeric())
}
