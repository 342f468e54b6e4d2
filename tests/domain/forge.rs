//! Names of forges, and secrets that do not print.

use sprintgate::domain::credential::{BadCredential, Credential};
use sprintgate::domain::forge::{ForgeHost, ForgeKind, PrUrl, RepoPath};
use sprintgate::domain::remote::RemoteUrl;

#[test]
fn a_secret_is_used_hidden_and_never_shown() {
    let secret = Credential::new(" s3cret\n").unwrap();
    assert_eq!(secret.expose(), "s3cret");
    assert_eq!(format!("{secret:?}"), "Credential(***)");
    assert_eq!(secret.hide("as3cretb s3cret"), "a***b ***");
    for text in ["", "  ", "a b", "a\nb", "a\u{7f}", "é", &"x".repeat(4097)] {
        assert_eq!(Credential::new(text).map(drop), Err(BadCredential), "{text:?}");
    }
    assert!(Credential::new("x".repeat(4096)).is_ok());
}

#[test]
fn a_host_is_a_name_and_perhaps_a_port() {
    for (text, host) in [
        ("github.com", "github.com"),
        ("GitHub.COM", "github.com"),
        ("git.example.org:3000", "git.example.org:3000"),
        ("git.example.org:443", "git.example.org"),
        ("127.0.0.1:80", "127.0.0.1:80"),
        ("localhost", "localhost"),
    ] {
        assert_eq!(ForgeHost::new(text).unwrap().as_str(), host);
    }
    assert_eq!(ForgeHost::new("git.example.org:3000").unwrap().name(), "git.example.org");
    for text in [
        "",
        ".",
        "a..b",
        "-a",
        "a-",
        "a_b",
        "a b",
        "a@b",
        "a/b",
        "a:b",
        "a:",
        "a:0",
        "a:07",
        "a:+7",
        "a:65536",
        "a:1:2",
        "[::1]",
        "é",
        &"a".repeat(64),
        &"a.".repeat(130),
    ] {
        assert!(ForgeHost::new(text).is_err(), "{text}");
    }
}

#[test]
fn a_repository_is_an_owner_and_a_name() {
    let repo: RepoPath = "Shop/basket.js".parse().unwrap();
    assert_eq!((repo.owner(), repo.name(), &*repo.to_string()), ("Shop", "basket.js", "Shop/basket.js"));
    assert_eq!(repo, "shop/Basket.JS".parse().unwrap());
    assert_ne!(repo, "shop/basket".parse().unwrap());
    for text in
        ["", "a", "/a", "a/", "a/b/c", "../b", "a/..", "./b", "a/b?c", "a b/c", "a/b#", "%2e/b", "é/b"]
    {
        assert!(text.parse::<RepoPath>().is_err(), "{text}");
    }
    let of = |url: &str| RepoPath::of(&RemoteUrl::new(url).unwrap()).map(|repo| repo.to_string());
    assert_eq!(of("git@github.com:shop/basket.git"), Some("shop/basket".into()));
    assert_eq!(of("https://github.com/shop/basket/"), Some("shop/basket".into()));
    assert_eq!(of("https://github.com/group/shop/basket"), None);
    assert_eq!(of("/srv/shop/basket"), None);
}

#[test]
fn an_address_of_a_pull_request_is_read_as_it_is_shown() {
    for text in ["https://github.com/shop/basket/pull/7", "https://git.example.org:3000/shop/basket/pulls/12"]
    {
        let url: PrUrl = text.parse().unwrap();
        assert_eq!(url.to_string(), text);
        assert_eq!(url.kind == ForgeKind::GitHub, text.contains("/pull/"));
    }
    for text in [
        "http://github.com/shop/basket/pull/7",
        "https://github.com/shop/basket/pull/0",
        "https://github.com/shop/basket/pull/07",
        "https://github.com/shop/basket/pull/-7",
        "https://github.com/shop/basket/pull/+7",
        "https://github.com/shop/basket/pull/",
        "https://github.com/shop/basket/pull/7/files",
        "https://github.com/shop/basket/pull/7?x",
        "https://github.com/shop/basket/issues/7",
        "https://ann@github.com/shop/basket/pull/7",
        "https://github.com/shop/../pull/7",
        "https://github.com/shop/basket/pull/99999999999999999999",
        "github.com/shop/basket/pull/7",
        "",
    ] {
        assert!(text.parse::<PrUrl>().is_err(), "{text}");
    }
}
