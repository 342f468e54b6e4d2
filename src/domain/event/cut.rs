//! Texts made to fit: measured as they stand in JSON, where a control character takes six bytes.

use super::json::escaped;

/// How many bytes the character takes within a JSON text.
fn width(c: char) -> usize {
    escaped(c).map_or(c.len_utf8(), |escape| escape.len())
}

/// The beginning of a text that fits into so many bytes of JSON, with an ellipsis where something is missing.
pub(super) fn cut(text: &str, bytes: usize) -> String {
    const MISSING: char = '…';
    if text.chars().map(width).sum::<usize>() <= bytes {
        return text.to_owned();
    }
    let mut left = bytes.saturating_sub(MISSING.len_utf8());
    let fits = |c: &char| {
        let fits = width(*c) <= left;
        left = left.saturating_sub(width(*c));
        fits
    };
    text.chars().take_while(fits).chain([MISSING]).collect()
}

/// A text that is of no use when it is cut: whole, or not at all.
pub(super) fn whole(text: String, bytes: usize) -> Option<String> {
    (text.chars().map(width).sum::<usize>() <= bytes).then_some(text)
}
