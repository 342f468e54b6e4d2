//! When a changed line says nothing.

/// Tells whether a reader would see nothing: white space of any script and zero-width characters.
///
/// Text that is not UTF-8 is never blank.
pub(super) fn is_blank(text: &[u8]) -> bool {
    match std::str::from_utf8(text.trim_ascii()) {
        Ok(rest) => rest.chars().all(|c| c.is_whitespace() || is_zero_width(c)),
        Err(_) => false,
    }
}

/// Characters without width that `char::is_whitespace` does not know.
fn is_zero_width(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::is_blank;

    #[test]
    fn only_what_can_be_seen_counts() {
        for blank in ["", " ", "\t \r", "\u{b}\u{c}", "\u{a0}\u{3000}", "\u{feff}\u{200b}"] {
            assert!(is_blank(blank.as_bytes()), "{blank:?}");
        }
        for seen in [".", "  }", "\u{a0}x", "ä"] {
            assert!(!is_blank(seen.as_bytes()), "{seen:?}");
        }
        assert!(!is_blank(b" \xff"));
    }
}
