//! Whether a token of a plan looks like a path rather than like code.

/// Longer tokens are no paths; no file system takes them.
const LONGEST: usize = 4096;

/// Characters of code, markup and prose that disqualify a token.
const CODE: [char; 17] =
    ['=', '"', '\'', '<', '>', '(', ')', '[', ']', '{', '}', ';', ',', '`', '|', '\u{fffd}', '\0'];

/// Names that a dot follows in code, as in `console.log`.
const OBJECTS: [&str; 14] = [
    "Array", "JSON", "Math", "Number", "Object", "Promise", "String", "console", "document", "process",
    "self", "super", "this", "window",
];

/// Extensions that make a file even of those: `window.ts`.
const SOURCES: [&str; 30] = [
    "c", "cs", "css", "go", "h", "html", "java", "js", "json", "jsx", "kt", "md", "mdx", "php", "py", "rb",
    "rs", "scss", "sh", "snap", "sql", "svelte", "svg", "swift", "toml", "ts", "tsx", "txt", "vue", "yml",
];

/// Names that a dot precedes in code, as in `users.map`, and that are no extension in use.
const METHODS: [&str; 24] = [
    "await", "catch", "clone", "concat", "every", "expect", "filter", "find", "iter", "keys", "length",
    "parse", "pop", "push", "reduce", "shift", "slice", "some", "sort", "splice", "split", "then", "trim",
    "unwrap",
];

/// Tells paths from flags, addresses, versions, calls and other code.
///
/// A path has a slash, or ends in a dot and an extension: a letter and up to five letters or digits.
pub(super) fn is_path_like(token: &str) -> bool {
    token.len() <= LONGEST
        && !token.contains(|c: char| c.is_whitespace() || c.is_control() || CODE.contains(&c))
        && !token.contains("..")
        && !token.starts_with('-')
        && !is_address(token)
        && (token.contains(['/', '\\'])
            || extension(token).is_some_and(|end| !is_version(token) && !is_call(token, end)))
}

/// What follows the last dot, if it is a letter and up to five letters or digits.
fn extension(token: &str) -> Option<&str> {
    let (_, extension) = token.rsplit_once('.')?;
    let mut letters = extension.bytes();
    let first = letters.next()?;
    (first.is_ascii_alphabetic() && extension.len() <= 6 && letters.all(|b| b.is_ascii_alphanumeric()))
        .then_some(extension)
}

/// `https://…`, `www.…`, `node:fs`, `localhost:3000/x`; a drive letter is none.
fn is_address(token: &str) -> bool {
    let path = match token.as_bytes() {
        [drive, b':', b'/' | b'\\', ..] if drive.is_ascii_alphabetic() => token.get(2..).unwrap_or_default(),
        _ => token,
    };
    path.contains(':')
        || path.starts_with("//")
        || path.strip_prefix("www.").is_some_and(|host| host.contains('.'))
}

/// `1.2.x`, `v2.0.0-rc.a1`, `^1.x`, `pkg@14.x`; `1.0-notes.md` is a file.
fn is_version(token: &str) -> bool {
    let number = token.rsplit('@').next().unwrap_or(token);
    let number = number.trim_start_matches(['^', '~', 'v', 'V']);
    let (core, pre_release) = number.split_at(number.find(['-', '+']).unwrap_or(number.len()));
    let is_number = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    core.starts_with(|c: char| c.is_ascii_digit())
        && core.split('.').all(|part| is_number(part) || matches!(part, "x" | "X" | "*"))
        && core.split('.').count() >= if pre_release.is_empty() { 2 } else { 3 }
}

/// `console.log`, `users.filter`, `job.getId`; `method` is what follows the last dot.
fn is_call(token: &str, method: &str) -> bool {
    let receiver = token.split('.').next().unwrap_or(token);
    let humps = method.bytes().zip(method.bytes().skip(1));
    (OBJECTS.contains(&receiver) && !SOURCES.contains(&method))
        || METHODS.contains(&method)
        || humps.into_iter().any(|(a, b)| a.is_ascii_lowercase() && b.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_look_like_paths() {
        for path in [
            "src/a.ts",
            "package.json",
            "a.b.ts",
            ".env",
            "src/",
            "src/verify",
            "C:\\x\\a.ts",
            "*.ts",
            "2024.01.notes.md",
            "1.0-notes.md",
            "window.ts",
            "self.rs",
            "v1.2.3/x",
            "Next.js",
            "foo@2x.png",
            "README.MD",
            "a.mp3",
        ] {
            assert!(is_path_like(path), "{path}");
        }
    }

    #[test]
    fn code_does_not() {
        for code in [
            "data-debug-label=\"...\"",
            "foo(...)",
            "props={x:1}",
            "useState<string>()",
            "a..b",
            "...",
            "--out.dir",
            "-p/x",
            "https://x.org/a.ts",
            "www.x.org",
            "node:fs/promises",
            "1:/x.ts",
            "//x.org/a.ts",
            "localhost:80/x",
            "1.2.3",
            "v1.2.3",
            "1.2.x",
            "^1.x",
            "next@14.x",
            "v1.0.0-rc.a1",
            "console.log",
            "users.filter",
            "job.getId",
            "this.name",
            "Makefile",
            "a.toolong",
            "e.g.",
            "a.1b",
            "",
            "a/ b",
            "a/\u{7}",
        ] {
            assert!(!is_path_like(code), "{code}");
        }
        assert!(!is_path_like(&"a/".repeat(3000)));
    }
}
