//! Which addresses a repository may have.

use proptest::prelude::*;
use sprintgate::domain::remote::{BadRemoteUrl, RemoteUrl, Transport};

const GOOD: &[(&str, Transport, Option<&str>, &str)] = &[
    ("https://forge.example/owner/name.git", Transport::Https, Some("forge.example"), "owner/name"),
    ("https://forge.example/owner/name", Transport::Https, Some("forge.example"), "owner/name"),
    ("https://forge.example/owner/name/", Transport::Https, Some("forge.example"), "owner/name"),
    ("https://me@forge.example:8443/o/n.git", Transport::Https, Some("forge.example"), "o/n"),
    (
        "https://forge.example/My%20Project/_git/n",
        Transport::Https,
        Some("forge.example"),
        "My%20Project/_git/n",
    ),
    ("https://[2001:db8::1]:8443/o/n", Transport::Https, Some("2001:db8::1"), "o/n"),
    ("http://localhost:3000/o/n.git", Transport::Http, Some("localhost"), "o/n"),
    ("http://127.0.0.1/o/n", Transport::Http, Some("127.0.0.1"), "o/n"),
    ("http://[::1]:80/o/n", Transport::Http, Some("::1"), "o/n"),
    ("ssh://git@forge.example:2222/o/n.git", Transport::Ssh, Some("forge.example"), "o/n"),
    ("ssh://forge.example/o/n", Transport::Ssh, Some("forge.example"), "o/n"),
    ("ssh://ghp_long_name@forge.example/o/n", Transport::Ssh, Some("forge.example"), "o/n"),
    ("https://[2001:db8::1]/o/n", Transport::Https, Some("2001:db8::1"), "o/n"),
    ("https://name_of-39.chars_is_no_token_not_at_all@h/o/n", Transport::Https, Some("h"), "o/n"),
    ("git@forge.example:o/n.git", Transport::Ssh, Some("forge.example"), "o/n"),
    ("git@forge.example:/srv/n.git", Transport::Ssh, Some("forge.example"), "srv/n"),
    ("file:///srv/n.git", Transport::File, None, "srv/n"),
    ("/srv/a@b:c/n", Transport::File, None, "srv/a@b:c/n"),
    ("/srv/n.git", Transport::File, None, "srv/n"),
    ("/srv/d\u{e9}p\u{f4}ts/n.git", Transport::File, None, "srv/d\u{e9}p\u{f4}ts/n"),
];

const BAD: &[&str] = &[
    "",
    " ",
    "n",
    "o/n",
    "./n",
    "../n",
    "~/n",
    "C:/x/n",
    "-",
    "--upload-pack=touch x",
    "-u/x",
    "ext::sh -c id",
    "ext::sh",
    "EXT::sh",
    "ext://x/y",
    "fd::7/x",
    "transport::address",
    "git://h/o/n",
    "ftp://h/o/n",
    "HTTPS://h/o/n",
    "https:/h/o/n",
    "https:///o/n",
    "https://h",
    "https://h/",
    "https://h/.git",
    "https://h/..",
    "https://h/o/..",
    "https://h/o/../n",
    "https://h/./n",
    "https://h/o/.",
    "https://h/o/%2e%2e",
    "https://h/o/%2e%2e/n",
    "https://h/%00/n",
    "https://h/%0a/n",
    "https://h/%zz/n",
    "https://h/%2/n",
    "https://h/o/n%20m",
    "https://me:secret@h/o/n",
    "https://:secret@h/o/n",
    "https://@h/o/n",
    "https://a@b@h/o/n",
    "https://-x@h/o/n",
    "https://ghp_0123456789@h/o/n",
    "https://github_pat_0123@h/o/n",
    "https://0123456789012345678901234567890123456789@h/o/n",
    "http://forge.example/o/n",
    "http://10.0.0.1/o/n",
    "http://localhost.evil.example/o/n",
    "http://localhost@evil.example/o/n",
    "http://127.0.0.1.evil.example/o/n",
    "http://2130706433/o/n",
    "https://-oProxyCommand=x/o/n",
    "https://h:0/o/n",
    "https://h:x/o/n",
    "https://h:/o/n",
    "https://h:99999/o/n",
    "https://h:+1/o/n",
    "https://h..h/o/n",
    "https://.h/o/n",
    "https://h./o/n",
    "https://h/o/n?access_token=x",
    "https://h/o/n#x",
    "https://h/o/n m",
    "https://h/o/n\n",
    "https://h/o/\tn",
    "https://h/o/n\0",
    "https://h/o/n\x1b[0m",
    "https://h/o\\n",
    "https://h/o/-n",
    "https://h/-o/n",
    "https://h/o/$(id)",
    "https://h/o/`id`",
    "https://h/o/n;id",
    "https://h/o/n|id",
    "https://h/o/n'x'",
    "https://h/\u{e9}/n",
    "https://h\u{e9}/o/n",
    "https://h/o/n\u{202e}",
    "https://h/o/n\u{200b}",
    "https://[::1/o/n",
    "https://[::1]x/o/n",
    "https://[x]/o/n",
    "ssh://-oProxyCommand=x/o/n",
    "ssh://git@-oProxyCommand=x/o/n",
    "ssh://-x@h/o/n",
    "ssh://git:secret@h/o/n",
    "-x@h:o/n",
    "git@-h:o/n",
    "git@h:-o/n",
    "git@h:~/n",
    "git@h:",
    "git@:o/n",
    "git@h:o/..",
    "git@h::o/n",
    "git@h/o/n",
    "a:b@h:o/n",
    "file://h/o/n",
    "file://srv",
    "file:///",
    "file:///x/..",
    "/",
    "//",
    "/..",
    "/srv/../n",
    "/srv/n m",
    "/srv/.git",
    "/srv/-n",
    "/srv/%2e/n",
    "/srv/o o/n",
    "/srv/\u{7}/n",
    "/srv/\u{202e}o/n",
    "https://h/o/..git",
    "https://h/o/...git",
];

#[test]
fn addresses_in_use_are_taken() {
    for (text, transport, host, path) in GOOD {
        let url = RemoteUrl::new(*text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(
            (url.as_str(), url.transport(), url.host(), url.path()),
            (*text, *transport, *host, *path)
        );
        assert_eq!(url.repo_name(), if path.ends_with("/n") { "n" } else { "name" });
        assert_eq!(url.to_string(), *text);
    }
}

#[test]
fn bad_addresses_cannot_be_built() {
    assert!(BAD.len() >= 60, "{}", BAD.len());
    for text in BAD {
        assert!(RemoteUrl::new(*text).is_err(), "{text:?}");
    }
}

#[test]
fn an_address_and_its_host_have_a_length() {
    let address = |length: usize| format!("https://h/{}/n", "o".repeat(length - "https://h//n".len()));
    assert!(RemoteUrl::new(address(2048)).is_ok());
    assert!(RemoteUrl::new(address(2049)).is_err());
    let host = |length: usize| format!("https://{}/o/n", "h".repeat(length));
    assert!(RemoteUrl::new(host(253)).is_ok());
    assert!(RemoteUrl::new(host(254)).is_err());
}

#[test]
fn a_refusal_names_the_rule() {
    for (text, why) in [
        ("", "it needs 1 to 2048 bytes"),
        ("https://h/o/n m", "control characters and white space are not allowed"),
        ("-u/x", "it reads as an option"),
        ("https://h/o/n;id", "it has a character that no address needs"),
        ("o/n", "it is neither a URL nor user@host:path nor an absolute path"),
        ("git@h/o/n", "it has no path"),
        ("git@h:~/n", "the path starts with a letter, a digit or a slash"),
        ("file://h/o/n", "a file address has three slashes"),
        ("ftp://h/o/n", "only https, ssh, file, and http to this machine"),
        ("https://h:0/o/n", "the port is a number from 1 to 65535"),
        ("http://h/o/n", "http is for this machine only"),
        ("ssh://a:b@h/o/n", "a password does not belong in an address"),
        ("https://@h/o/n", "the user name has a character that is not allowed"),
        ("https://ghp_0123@h/o/n", "a token does not belong in an address"),
        ("https://[::1/o/n", "the host has an open bracket"),
        ("https://[x]/o/n", "brackets are for IPv6 addresses"),
        ("https://[::1]x/o/n", "the host has text after its bracket"),
        ("https://h..h/o/n", "the host has letters, digits, hyphens and single dots"),
        ("https://h/\u{e9}/n", "characters beyond ASCII are written as %XX"),
        ("https://h/%00/n", "a %XX of the path is not allowed"),
        ("https://h/o:p/n", "the path has an @ or a colon"),
        ("https://h/o/../n", "no part of the path is a dot, two dots or starts with a hyphen"),
        ("https://h/.git", "the name of the repository has letters, digits and . _ - only"),
    ] {
        assert_eq!(RemoteUrl::new(text), Err(BadRemoteUrl { why }), "{text}");
    }
}

#[test]
fn one_repository_has_one_name() {
    for text in ["https://Forge.example/o/n.git", "git@forge.example:o/n", "ssh://me@FORGE.example:22/o/n/"] {
        assert_eq!(RemoteUrl::new(text).unwrap().repository(), "forge.example/o/n");
    }
}

#[test]
fn rows_know_a_repository_by_a_key_without_case_but_on_this_machines_disk() {
    for text in ["https://Forge.example/O/n.git", "git@forge.example:o/N", "ssh://me@FORGE.example:22/o/n/"] {
        assert_eq!(RemoteUrl::new(text).unwrap().key(), "forge.example/o/n");
    }
    for (text, key) in [("/srv/Shop.git", "/srv/Shop"), ("file:///srv/shop/", "/srv/shop")] {
        assert_eq!(RemoteUrl::new(text).unwrap().key(), key);
    }
}

#[test]
fn a_refused_address_is_not_repeated() {
    let error = RemoteUrl::new("https://me:hunter2@h/o/n").unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

proptest! {
    #[test]
    fn address_parsing_never_panics(text in "\\PC*", tail in "[a-z@:/%.\\[\\]-]{0,30}") {
        let _ = RemoteUrl::new(text);
        let _ = RemoteUrl::new(format!("https://{tail}"));
        let _ = RemoteUrl::new(format!("git@{tail}"));
    }

    #[test]
    fn names_of_repositories_are_safe_folders(tail in "[a-zA-Z0-9._/%-]{0,20}") {
        if let Ok(url) = RemoteUrl::new(format!("https://h/{tail}")) {
            let name = url.repo_name();
            prop_assert!(!name.is_empty() && name != "." && name != "..", "{}", name);
            prop_assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)), "{}", name);
        }
    }
}
