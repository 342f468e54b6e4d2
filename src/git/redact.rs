//! Takes secrets out of text that was written by git, a remote or a library. Knows texts only.

/// The text with user parts of URLs, secret query parameters, authorization headers and tokens of the
/// usual forges replaced by `***`.
#[must_use]
pub fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in
        text.split_inclusive(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '<' | '>' | '`'))
    {
        let body =
            piece.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '<' | '>' | '`'));
        let tail = piece.get(body.len()..).unwrap_or_default();
        let scheme = out.trim_end().to_ascii_lowercase();
        if ["bearer", "basic", "token:", "authorization: token"].iter().any(|s| scheme.ends_with(s))
            && body.len() >= 8
        {
            out.push_str("***");
        } else {
            out.push_str(&tokens(&parameters(&user_part(body))));
        }
        out.push_str(tail);
    }
    out
}

/// `scheme://anything@host` becomes `scheme://***@host`. A password may hold any character, so all up
/// to the last `@` goes; a path with an `@` in it loses its beginning too.
fn user_part(word: &str) -> String {
    let hidden = word.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.rsplit_once('@')?.1)));
    hidden.map_or_else(|| word.to_owned(), |(scheme, rest)| format!("{scheme}://***@{rest}"))
}

/// `access_token=abc` becomes `access_token=***`.
fn parameters(word: &str) -> String {
    let mut out = String::new();
    for piece in word.split_inclusive(['&', '?', ';', ',']) {
        let body = piece.trim_end_matches(['&', '?', ';', ',']);
        match body.split_once('=') {
            Some((name, value)) if !value.is_empty() && names_a_secret(name) => {
                out.push_str(name);
                out.push_str("=***");
                out.push_str(piece.get(body.len()..).unwrap_or_default());
            }
            _ => out.push_str(piece),
        }
    }
    out
}

fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["token", "secret", "password", "passwd", "signature", "credential", "auth", "api_key", "apikey"]
        .iter()
        .any(|part| name.contains(part))
}

/// A word that begins like a forge's token, wherever it stands.
fn tokens(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(at) = TOKENS.iter().filter_map(|prefix| rest.find(prefix)).min() {
        let (before, token) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let end =
            token.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(token.len());
        out.push_str(before);
        out.push_str("***");
        rest = token.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

const TOKENS: &[&str] = &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"];

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn secrets_do_not_pass() {
        for (text, clean) in [
            (
                "fatal: unable to access 'https://me:hunter2@h/x.git/': 403",
                "fatal: unable to access 'https://***@h/x.git/': 403",
            ),
            ("https://hunter2@h/x", "https://***@h/x"),
            ("https://me:hun/ter2@h/x", "https://***@h/x"),
            ("see https://h/x?access_token=hunter2&page=2", "see https://h/x?access_token=***&page=2"),
            ("authorization: Bearer hunter2hunter2", "authorization: Bearer ***"),
            ("Authorization: token hunter2hunter2", "Authorization: token ***"),
            ("unexpected token somewhere", "unexpected token somewhere"),
            ("remote: bad ghp_hunter2 here", "remote: bad *** here"),
            ("git@host:owner/name.git", "git@host:owner/name.git"),
            ("plain text, nothing = in it", "plain text, nothing = in it"),
            ("a://b:c@d e://f:g@h", "a://***@d e://***@h"),
            ("https://me:hun@/ter2hunter2@h/x", "https://***@h/x"),
        ] {
            assert_eq!(redact(text), clean);
            assert!(!redact(text).contains("hunter2"));
        }
    }

    proptest::proptest! {
        #[test]
        fn a_password_in_a_url_never_stays(user in "[a-z]{0,5}", pass in "[a-zA-Z0-9@:/_-]{1,20}x9QZ", tail in "[ -~]{0,20}") {
            let clean = redact(&format!("fatal: https://{user}:{pass}@host.example/{}", tail.replace("x9QZ", "")));
            proptest::prop_assert!(!clean.contains("x9QZ"), "{}", clean);
        }
        #[test]
        fn any_text_is_taken(text in "\\PC*") {
            let _ = redact(&text);
        }
    }
}
