//! Text that somebody else wrote, an agent above all, as a quotation in Markdown: people read it letter by letter, and
//! nothing of it is a heading, a link, a picture, HTML, the name of a person who is told, or an issue that is closed.

use super::defused::is_broken;
use super::visible::visible;

/// The most characters of a quotation, with everything that was put in to keep it harmless.
pub const QUOTE_MAX: usize = 8000;

/// The last line of a quotation that was cut.
const CUT: &str = "> \\[…\\]\n";

/// The text as a quotation: lines that begin with `>`. Empty when there is nothing to be seen in it.
///
/// Every character of Markdown is escaped, every character of HTML is an entity, what a forge would read without either
/// is broken by a character without width, and what cannot be seen is left out. Several empty lines become one. It has at
/// most [`QUOTE_MAX`] characters and ends with `[…]` when it was cut.
///
/// ```
/// use sprintgate::domain::publication::quote;
///
/// assert_eq!(quote("# Done\n\n<b>*All*</b> of it"), "> \\# Done\n>\n> &lt;b&gt;\\*All\\*&lt;/b&gt; of it\n");
/// // The number is nobody's issue any more.
/// assert_eq!(quote("Closes #1"), "> Closes #\u{200b}1\n");
/// ```
#[must_use]
pub fn quote(text: &str) -> String {
    let mut rest = visible(text);
    let text: String = rest.by_ref().take(QUOTE_MAX).collect();
    let cut = rest.any(|c| !c.is_whitespace());
    let mut quoted = String::new();
    let mut length = 0;
    let mut gap = false;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            gap = !quoted.is_empty();
            continue;
        }
        let start = if std::mem::take(&mut gap) { ">\n> " } else { "> " };
        let parts = std::iter::once(start.to_owned()).chain(escaped(line));
        for part in parts.chain(["\n".to_owned()]) {
            let part_length = part.chars().count();
            if length + part_length > QUOTE_MAX - CUT.len() {
                if !quoted.ends_with('\n') {
                    quoted.push('\n');
                }
                quoted.push_str(CUT);
                return quoted;
            }
            quoted.push_str(&part);
            length += part_length;
        }
    }
    if cut {
        quoted.push_str(CUT);
    }
    quoted
}

/// The text as one line within text of our own, in Markdown: for the name of a file or a story. At most `max` characters
/// of it are kept.
#[must_use]
pub fn quote_line(text: &str, max: usize) -> String {
    let text: String = visible(text).map(|c| if c == '\n' { ' ' } else { c }).collect();
    let text = text.trim();
    let mut line: String = escaped(&text.chars().take(max).collect::<String>()).collect();
    if text.chars().count() > max {
        line.push('…');
    }
    line
}

/// A line in parts that are not to be cut.
fn escaped(line: &str) -> impl Iterator<Item = String> {
    let chars: Vec<char> = line.chars().collect();
    // What begins a block stands behind spaces and digits only.
    let text_from = chars.iter().position(|c| !c.is_whitespace()).unwrap_or(chars.len());
    let digits = chars.iter().skip(text_from).take_while(|c| c.is_ascii_digit()).count();
    (0..chars.len()).filter_map(move |at| {
        let c = chars.get(at).copied()?;
        let (before, after) = (chars.get(..at).unwrap_or_default(), chars.get(at + 1..).unwrap_or_default());
        let mut part = match c {
            '<' => "&lt;".to_owned(),
            '>' => "&gt;".to_owned(),
            '&' => "&amp;".to_owned(),
            // Indented text would be code.
            c if at < text_from && c.is_whitespace() => "\u{a0}".to_owned(),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '~' | '|' | '$' | '^' => format!("\\{c}"),
            '#' | '-' | '+' | '=' | ':' if at == text_from => format!("\\{c}"),
            '.' | ')' if digits > 0 && at == text_from + digits => format!("\\{c}"),
            c => String::from(c),
        };
        if is_broken(before, c, after) {
            part.push('\u{200b}');
        }
        Some(part)
    })
}
