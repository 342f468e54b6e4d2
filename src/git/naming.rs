//! Names for files that stand for addresses and paths: readable, safe, the same in every version.

/// Up to 60 readable characters of the text and 16 digits that tell alike ones apart. The digits are
/// no protection against somebody who looks for two texts with one name: who relies on that compares
/// the text itself as well.
pub(super) fn file_name(text: &str) -> String {
    let body = text.split_once("://").map_or(text, |(_, rest)| rest);
    let mut slug = String::new();
    for c in body.chars() {
        let c = if c.is_ascii_alphanumeric() || c == '.' || c == '_' { c.to_ascii_lowercase() } else { '-' };
        if !(slug.is_empty() && matches!(c, '-' | '.')) {
            slug.push(c);
        }
    }
    // the end of an address tells more than its beginning
    let start = slug.len().saturating_sub(60);
    let slug = slug.get(start..).unwrap_or_default().trim_matches(['-', '.']);
    format!("{slug}-{:016x}", fnv(text.as_bytes()))
}

/// FNV-1a, whose values are fixed for ever, unlike those of the standard library's hasher.
fn fnv(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::{file_name, fnv};

    #[test]
    fn names_are_safe_and_stay() {
        assert_eq!(fnv(b"foobar"), 0x8594_4171_f739_67e8);
        let name = file_name("https://forge.example/Owner/name.git");
        assert!(name.starts_with("forge.example-owner-name.git-"), "{name}");
        for text in ["", "/", "../..", "....", "-x", "/a b/\u{e9}\n", &"x".repeat(3000)] {
            let name = file_name(text);
            assert!(name.len() < 100 && !name.starts_with('.') && !name.contains(['/', '\n', ' ']), "{name}");
        }
        assert_ne!(file_name("https://h/a-b"), file_name("https://h/a/b"));
    }
}
