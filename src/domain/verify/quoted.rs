//! Names in C quotes, as git writes those with control characters, quotes or bytes above 127.

/// Reads one quoted name at the start of `text`: the name's bytes and what follows the closing quote.
///
/// An escape that means nothing stands for itself. `None` without an opening or closing quote.
pub(super) fn unquote(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut rest = text.strip_prefix(b"\"")?;
    let mut name = Vec::with_capacity(rest.len());
    loop {
        match rest {
            [b'"', tail @ ..] => return Some((name, tail)),
            [b'\\', a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', tail @ ..] => {
                name.push((a - b'0') * 64 + (b - b'0') * 8 + (c - b'0'));
                rest = tail;
            }
            [b'\\', escape, tail @ ..] => {
                name.push(escaped(*escape));
                rest = tail;
            }
            [byte, tail @ ..] => {
                name.push(*byte);
                rest = tail;
            }
            [] => return None,
        }
    }
}

fn escaped(letter: u8) -> u8 {
    match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b't' => b'\t',
        b'n' => b'\n',
        b'v' => 0x0b,
        b'f' => 0x0c,
        b'r' => b'\r',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn escapes_become_bytes() {
        let (name, rest) = unquote(br#""a/\303\244 \"x\"\\\t\n.txt" "b/y""#).unwrap();
        assert_eq!(name, "a/ä \"x\"\\\t\n.txt".as_bytes());
        assert_eq!(rest, br#" "b/y""#);
        assert_eq!(unquote(br#""\a\b\t\n\v\f\r""#).unwrap().0, b"\x07\x08\t\n\x0b\x0c\r");
    }

    #[test]
    fn a_name_needs_both_quotes() {
        for text in ["", "a", "\"a", "\"a\\\"", "\"\\", "\"\\30"] {
            assert_eq!(unquote(text.as_bytes()), None, "{text}");
        }
        assert_eq!(unquote(b"\"\\q\\99\"").unwrap().0, b"q99");
    }
}
