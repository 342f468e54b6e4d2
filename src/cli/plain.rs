//! Makes text from users and agents safe to show: what a terminal would act on, or what would change how the
//! text looks without being seen, is shown as an escape.

/// One line: line breaks and tabs are escaped too.
pub(super) fn line(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut shown, c| {
        if is_hidden(c) {
            shown.extend(c.escape_default())
        } else {
            shown.push(c)
        }
        shown
    })
}

/// Several lines: line breaks stay.
pub(super) fn block(text: &str) -> String {
    text.split('\n').map(|part| line(part.strip_suffix('\r').unwrap_or(part))).collect::<Vec<_>>().join("\n")
}

/// JSON text in which only visible characters are left bare; it means the same.
pub(super) fn json_text(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        // in JSON text such a character, a line break aside, only stands inside of a string
        if c != '\n' && is_hidden(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(c);
        }
    }
    shown
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(line("a\x1b[31mb\u{202e}c\nd\u{9b}"), r"a\u{1b}[31mb\u{202e}c\nd\u{9b}");
        assert_eq!(line("naïve 漢字 🚀"), "naïve 漢字 🚀");
        assert_eq!(block("a\r\nb\tc"), "a\nb\\tc");
    }

    #[test]
    fn json_keeps_its_meaning() {
        let text = serde_json::to_string_pretty(&["\u{9b}31m", "\u{202e}", "\u{e0041}", "é"]).unwrap();
        let shown = json_text(&text);
        assert!(shown.contains(r"\u009b") && shown.contains(r"\u202e") && shown.contains(r"\udb40\udc41"));
        assert_eq!(
            serde_json::from_str::<Vec<String>>(&shown).unwrap(),
            ["\u{9b}31m", "\u{202e}", "\u{e0041}", "é"]
        );
    }
}
