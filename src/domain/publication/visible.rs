//! Text without what cannot be seen: control characters, characters that turn the direction of writing, and those that
//! have no width, with which text is made to look like other text or carries a message past its readers.

/// The text with one kind of line end, spaces for tabs, and nothing that cannot be seen.
pub(super) fn visible(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut after_return = false;
    text.chars().filter_map(move |c| {
        let second_half = std::mem::replace(&mut after_return, c == '\r') && c == '\n';
        match c {
            '\n' if second_half => None,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
            '\t' => Some(' '),
            c if c.is_control() || is_hidden(c) => None,
            c => Some(c),
        }
    })
}

/// Whether the character changes how text looks, or what it says to a program, without being seen itself.
pub(super) fn is_hidden(c: char) -> bool {
    matches!(c,
        // Soft hyphen, joiners of graphemes, fillers.
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
        // Direction of writing.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // No width.
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}'
        | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        // Variants of the character before, and tags.
        | '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}')
}
