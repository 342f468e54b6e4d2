//! Text made to fit where people read it.

/// The first `max` characters, and an ellipsis behind them where something is missing.
pub(crate) fn shortened(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::shortened;

    #[test]
    fn characters_are_counted_and_what_fits_is_left() {
        for (text, max, want) in [
            ("", 0, ""),
            ("a", 0, "…"),
            ("söö", 3, "söö"),
            ("sööt", 3, "söö…"),
            ("a\u{1f980}b", 2, "a\u{1f980}…"),
        ] {
            assert_eq!(shortened(text, max), want, "{text:?} {max}");
        }
    }
}
