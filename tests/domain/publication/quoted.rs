//! Quotations: for the eye, one by one; and read back by a reader of its own, for any text.

use std::fmt::Write;

use proptest::collection::vec;
use proptest::prelude::*;
use sprintgate::domain::publication::{QUOTE_MAX, quote, quote_line};

use super::payloads::PAYLOADS;

/// Each line as it is sent, with what cannot be seen spelled out.
fn spelled(text: &str) -> String {
    let spell = |c: char| match c {
        '\n' => "\n".to_owned(),
        '\u{200b}' => "‸".to_owned(),
        '\u{a0}' => "␣".to_owned(),
        c if c.is_control() => format!("{{{:x}}}", u32::from(c)),
        c => c.to_string(),
    };
    text.chars().map(spell).collect()
}

#[test]
fn payloads_for_the_eye() {
    assert!(PAYLOADS.len() >= 40);
    let mut shown = "‸ is a character without width, ␣ a space that is none for Markdown.\n".to_owned();
    for (name, text) in PAYLOADS {
        writeln!(shown, "\n{name}: {text:?}\n{}", spelled(&quote(text)).trim_end()).unwrap();
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("publication_quotes", shown));
}

/// What people read: the lines without their marks, escapes and breaks.
fn read(quoted: &str) -> Vec<String> {
    quoted.lines().map(|line| read_line(line.strip_prefix('>').unwrap())).collect()
}

fn read_line(line: &str) -> String {
    let line = line.strip_prefix(' ').unwrap_or(line).replace('\u{200b}', "");
    let mut read = String::new();
    let mut rest = line.as_str();
    while let Some(c) = rest.chars().next() {
        let entity =
            [("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")].into_iter().find(|(e, _)| rest.starts_with(e));
        if let Some((entity, means)) = entity {
            read.push_str(means);
            rest = &rest[entity.len()..];
        } else if let Some(escaped) = rest.strip_prefix('\\') {
            let means = escaped.chars().next().unwrap();
            assert!(means.is_ascii_punctuation(), "{line}");
            read.push(means);
            rest = &escaped[means.len_utf8()..];
        } else {
            assert!(!"&<>".contains(c), "{line}");
            read.push(if c == '\u{a0}' { ' ' } else { c });
            rest = &rest[c.len_utf8()..];
        }
    }
    read
}

/// The text as it should be read; a list of what is hidden of its own, for the characters that the tests throw.
fn meant(text: &str) -> Vec<String> {
    let hidden = |c: &char| !"\u{200b}\u{202e}\u{ad}\u{feff}\u{0}\u{1b}\u{7f}\u{e0041}".contains(*c);
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}'], "\n").replace('\t', " ");
    let text: String = text.chars().filter(hidden).collect();
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n').map(str::trim_end) {
        // One empty line between two others stays.
        if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
            lines.push(line.to_owned());
        }
    }
    lines.truncate(lines.iter().rposition(|line| !line.is_empty()).map_or(0, |at| at + 1));
    lines
}

/// Everything that Markdown or a forge would take for more than letters.
fn dangers(quoted: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in quoted.lines() {
        let Some(line) = line.strip_prefix('>') else {
            found.push(format!("not quoted: {line}"));
            continue;
        };
        let line = line.strip_prefix(' ').unwrap_or(line);
        let chars: Vec<char> = line.chars().collect();
        let first = chars.first().copied().unwrap_or('x');
        if " >#-+=:".contains(first) {
            found.push(format!("a block: {line}"));
        }
        let after_digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
        if first.is_ascii_digit() && after_digits.starts_with(['.', ')']) {
            found.push(format!("a list: {line}"));
        }
        let mut escaped = false;
        for (at, c) in chars.iter().enumerate() {
            let next = chars.get(at + 1).copied();
            if !escaped && "`*_[]{}~|$^<>".contains(*c) {
                found.push(format!("{c} in {line}"));
            }
            if *c == '@' && next.is_some_and(|next| next != '\u{200b}' && !next.is_whitespace()) {
                found.push(format!("a name in {line}"));
            }
            if "#!".contains(*c) && next.is_some_and(char::is_alphanumeric) {
                found.push(format!("a number in {line}"));
            }
            escaped = *c == '\\' && !escaped;
        }
        let lower = line.to_lowercase();
        for address in ["://", "[skip", "[ci", "[no ", "<!--"] {
            if lower.contains(address) {
                found.push(format!("{address} in {line}"));
            }
        }
        let whole_word = |at: usize| !lower[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        if lower.match_indices("www.").any(|(at, _)| whole_word(at)) {
            found.push(format!("www in {line}"));
        }
        for (at, _) in lower.match_indices("gh-").filter(|(at, _)| whole_word(*at)) {
            if lower[at + 3..].starts_with(char::is_numeric) {
                found.push(format!("gh- in {line}"));
            }
        }
    }
    found
}

#[test]
fn no_payload_does_anything() {
    for (name, text) in PAYLOADS {
        let quoted = quote(text);
        assert_eq!(dangers(&quoted), Vec::<String>::new(), "{name}");
        assert!(quoted.is_empty() || quoted.ends_with('\n'), "{name}");
        // Not taken for text of ours.
        assert!(!quoted.contains("sprintgate:publication") || !quoted.contains("<!--"), "{name}");
    }
}

#[test]
fn the_reader_of_these_tests_sees_dangers() {
    for text in [
        "not quoted",
        "> # a",
        "> - a",
        "> 1. a",
        ">  code",
        "> *a*",
        "> [a](b)",
        "> <b>",
        "> @ann",
        "> #1",
        "> !1",
        "> https://a",
        "> www.a",
        "> gh-1",
        "> \\\\`a",
        "> a|b",
        "> $x$",
        "> \\[skip ci\\]",
    ] {
        assert_ne!(dangers(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn some_by_hand() {
    for (text, want) in [
        ("", ""),
        ("\u{200b}\n", ""),
        ("a", "> a\n"),
        ("\n\na  \n\n\n\nb\n", "> a\n>\n> b\n"),
        ("    a", "> \u{a0}\u{a0}\u{a0}\u{a0}a\n"),
        ("12. a", "> 12\\. a\n"),
        ("1.5 a", "> 1\\.5 a\n"),
        ("a 1. b - c # d + e", "> a 1. b - c # d + e\n"),
        ("a@b.c", "> a@\u{200b}b.c\n"),
        ("a @ b", "> a @ b\n"),
        ("Done!", "> Done!\n"),
        ("WWW.a", "> WWW\u{200b}.a\n"),
        ("now. wwwx ww.a bwww.a", "> now. wwwx ww.a bwww.a\n"),
        ("high-5 GH-5", "> high-5 GH-\u{200b}5\n"),
        ("<&>", "> &lt;&amp;&gt;\n"),
    ] {
        assert_eq!(quote(text), want, "{text:?}");
    }
}

#[test]
fn a_long_text_is_cut_and_says_so() {
    let cut = "> \\[…\\]\n";
    // Its mark and line end, and the room for the line that says that it was cut.
    let most = QUOTE_MAX - 10 - 3;
    let whole = "é".repeat(most);
    assert_eq!(quote(&whole), format!("> {whole}\n"));
    assert_eq!(quote(&format!("{whole}é")), format!("> {whole}é\n{cut}"));
    assert_eq!(quote(&format!("{whole}éé")), format!("> {whole}é\n{cut}"));
    for text in
        ["<".repeat(9000), "a\n".repeat(9000), "a\n\n".repeat(9000), "@x".repeat(9000), "`".repeat(9000)]
    {
        let quoted = quote(&text);
        let length = quoted.chars().count();
        assert!((QUOTE_MAX - 20..=QUOTE_MAX).contains(&length) && quoted.ends_with(cut), "{length}");
        assert_eq!(dangers(quoted.strip_suffix(cut).unwrap()), Vec::<String>::new());
    }
    // What stands behind more empty lines than are kept is not left out in silence.
    assert_eq!(quote(&format!("a{}b", "\n".repeat(9000))), format!("> a\n{cut}"));
    assert_eq!(quote(&format!("a{}", "\n".repeat(9000))), "> a\n");
}

#[test]
fn one_line_for_running_text() {
    assert_eq!(quote_line(" a\r\n<b> @c\u{0} ", 100), "a &lt;b&gt; @\u{200b}c");
    assert_eq!(quote_line("abcd", 4), "abcd");
    assert_eq!(quote_line("éééé!", 4), "éééé…");
    assert_eq!(quote_line("", 4), "");
}

fn text() -> impl Strategy<Value = String> {
    const PARTS: &[&str] = &[
        "a",
        "b1",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\t",
        "1",
        "12",
        ".",
        ")",
        "(",
        "#",
        "@",
        "!",
        "[",
        "]",
        "<",
        ">",
        "&",
        "lt;",
        "\\",
        "`",
        "```",
        "*",
        "_",
        "~",
        "|",
        "$",
        "^",
        "{",
        "}",
        "-",
        "+",
        "=",
        "---",
        ":",
        "/",
        "//",
        "://",
        "http",
        "www",
        "www.",
        "gh-",
        "GH-",
        "skip ci",
        "é",
        "\u{200b}",
        "\u{202e}",
        "\u{ad}",
        "\u{feff}",
        "\u{0}",
        "\u{1b}",
        "\u{7f}",
        "\u{e0041}",
        "\u{2028}",
        "🎉",
        "closes",
        "名",
    ];
    vec(prop::sample::select(PARTS), 0..60).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_letter_by_letter_and_does_nothing(text in text()) {
        let quoted = quote(&text);
        prop_assert_eq!(dangers(&quoted), Vec::<String>::new());
        prop_assert_eq!(read(&quoted), meant(&text));
    }

    #[test]
    fn any_text_at_all_is_harmless_and_short(text in "\\PC{0,200}|(?s).{0,9000}") {
        let quoted = quote(&text);
        prop_assert_eq!(dangers(&quoted), Vec::<String>::new());
        prop_assert!(quoted.chars().count() <= QUOTE_MAX);
    }
}
