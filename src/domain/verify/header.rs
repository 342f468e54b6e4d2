//! The names in a diff's header lines; which lines are headers is `scan`'s to know.

use super::quoted::unquote;

/// The old and the new name of a file, where the headers gave them.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) old: Option<String>,
    pub(super) new: Option<String>,
}

/// The two sides of a comparison, with the letter that git puts before their names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    Old,
    New,
}

impl Side {
    fn prefix(self) -> &'static [u8] {
        match self {
            Self::Old => b"a/",
            Self::New => b"b/",
        }
    }
}

/// A name as it stands alone on a line, as after `rename from`; a time after a tab is no part of it.
pub(super) fn bare_name(text: &[u8]) -> Option<String> {
    path(&name_bytes(text)?)
}

/// The name in a `--- ` or `+++ ` line, without its prefix; `None` for `/dev/null`.
///
/// `known` is the name that an earlier header gave. It settles whether the first letter is a prefix, so
/// that diffs without prefixes, or with other letters, are read rightly.
pub(super) fn side_name(text: &[u8], side: Side, known: Option<&str>) -> Option<String> {
    let name = name_bytes(text)?;
    if name == NOTHING {
        return None;
    }
    let known = known.map(str::as_bytes);
    path(match name.as_slice() {
        whole if known == Some(whole) => whole,
        [_, b'/', rest @ ..] if known == Some(rest) => rest,
        whole => whole.strip_prefix(side.prefix()).unwrap_or(whole),
    })
}

/// The names after `diff --git `.
///
/// Without quotes a space may be part of a name, so the line is only understood when both names are
/// the same; when they differ, `rename`, `copy` or `---` and `+++` lines repeat them one by one.
pub(super) fn git_names(text: &[u8]) -> Names {
    if text.contains(&b'"') {
        return quoted_pair(text).unwrap_or_default();
    }
    let (old, new) = text.split_at(text.len() / 2);
    match (old, new.strip_prefix(b" ")) {
        (old, Some(new)) if old == new => Names::both(new),
        ([_, b'/', old @ ..], Some([_, b'/', new @ ..])) if old == new => Names::both(new),
        _ => Names::default(),
    }
}

/// The names in `Binary files a/x and b/x differ`, given what stands between `files` and `differ`.
///
/// A name may hold " and " itself, so the split is taken where one side is `/dev/null`, else in the
/// middle if the sides agree, else at the first one.
pub(super) fn binary_names(text: &[u8], known: &Names) -> Names {
    let old = |name| side_name(name, Side::Old, known.old.as_deref());
    let new = |name| side_name(name, Side::New, known.new.as_deref());
    if let Some(made) = text.strip_prefix(b"/dev/null and ") {
        return Names { old: None, new: new(made) };
    }
    if let Some(removed) = text.strip_suffix(b" and /dev/null") {
        return Names { old: old(removed), new: None };
    }
    let half = text.len().saturating_sub(AND.len()) / 2;
    let middle = split_at_and(text, half).map(|(a, b)| Names { old: old(a), new: new(b) });
    if let Some(names) = middle.filter(|names| names.old == names.new) {
        return names;
    }
    let first = text.windows(AND.len()).position(|window| window == AND);
    match first.and_then(|at| split_at_and(text, at)) {
        Some((a, b)) => Names { old: old(a), new: new(b) },
        None => Names::default(),
    }
}

const AND: &[u8] = b" and ";

fn split_at_and(text: &[u8], at: usize) -> Option<(&[u8], &[u8])> {
    let (before, rest) = text.split_at_checked(at)?;
    Some((before, rest.strip_prefix(AND)?))
}

impl Names {
    fn both(name: &[u8]) -> Self {
        Self { old: path(name), new: path(name) }
    }
}

/// Two names of which at least one is in quotes.
fn quoted_pair(text: &[u8]) -> Option<Names> {
    let (old, new) = if text.starts_with(b"\"") {
        let (old, rest) = unquote(text)?;
        (old, name_bytes(rest.strip_prefix(b" ")?)?)
    } else {
        let quote = text.windows(2).position(|pair| pair == b" \"")?;
        let (old, rest) = text.split_at(quote);
        (old.to_vec(), unquote(rest.strip_prefix(b" ")?)?.0)
    };
    if old == new {
        return Some(Names::both(&old));
    }
    if let ([_, b'/', old @ ..], [_, b'/', new @ ..]) = (old.as_slice(), new.as_slice())
        && old == new
    {
        return Some(Names::both(new));
    }
    let strip = |name: &[u8], side: Side| path(name.strip_prefix(side.prefix()).unwrap_or(name));
    Some(Names { old: strip(&old, Side::Old), new: strip(&new, Side::New) })
}

fn name_bytes(text: &[u8]) -> Option<Vec<u8>> {
    if text.starts_with(b"\"")
        && let Some((name, _)) = unquote(text)
    {
        return Some(name);
    }
    text.split(|&byte| byte == b'\t').next().map(<[u8]>::to_vec)
}

/// The name of the side that has no file.
const NOTHING: &[u8] = b"/dev/null";

/// A name as text, if it names a file.
fn path(name: &[u8]) -> Option<String> {
    (!name.is_empty() && name != NOTHING).then(|| String::from_utf8_lossy(name).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git(line: &str) -> (Option<String>, Option<String>) {
        let names = git_names(line.as_bytes());
        (names.old, names.new)
    }

    fn both(name: &str) -> (Option<String>, Option<String>) {
        (Some(name.to_owned()), Some(name.to_owned()))
    }

    #[test]
    fn a_git_header_names_one_file_twice() {
        assert_eq!(git("a/x b/x"), both("x"));
        assert_eq!(git("a/two words b/x b/two words b/x"), both("two words b/x"));
        assert_eq!(git("src/x src/x"), both("src/x"));
        assert_eq!(git("c/src/x w/src/x"), both("src/x"));
        assert_eq!(git(r#""a/\303\244" "b/\303\244""#), both("ä"));
        assert_eq!(git(r#"a/old "b/n\303\244""#), (Some("old".into()), Some("nä".into())));
        for unclear in ["", " ", "a/x", "a/x b/y", "a/ b/", "\"", "\"a\"", "x \""] {
            assert_eq!(git(unclear), (None, None), "{unclear}");
        }
    }

    #[test]
    fn a_quote_that_is_not_closed_is_part_of_the_name() {
        assert_eq!(bare_name(br#""x y.ts"#).as_deref(), Some(r#""x y.ts"#));
        assert_eq!(bare_name(br#""x y.ts""#).as_deref(), Some("x y.ts"));
    }

    #[test]
    fn a_known_name_decides_what_is_prefix() {
        let name = |text: &str, known| side_name(text.as_bytes(), Side::Old, known);
        assert_eq!(name("a/x\t2024-01-01 10:00", None).as_deref(), Some("x"));
        assert_eq!(name("a/x", Some("a/x")).as_deref(), Some("a/x"));
        assert_eq!(name("i/x", Some("x")).as_deref(), Some("x"));
        assert_eq!(name("i/x", Some("y")).as_deref(), Some("i/x"));
        assert_eq!(name("x.orig", None).as_deref(), Some("x.orig"));
        assert_eq!(name("/dev/null\t1970", None), None);
        assert_eq!(name("a/", None), None);
    }

    #[test]
    fn a_binary_name_may_hold_the_word_and() {
        let names = |text: &str| {
            let names = binary_names(text.as_bytes(), &Names::default());
            (names.old, names.new)
        };
        assert_eq!(names("a/salt and pepper.png and b/salt and pepper.png"), both("salt and pepper.png"));
        assert_eq!(names("/dev/null and b/x.png"), (None, Some("x.png".into())));
        assert_eq!(names("a/x and b/y"), (Some("x".into()), Some("y".into())));
        assert_eq!(names("nothing"), (None, None));
    }
}
