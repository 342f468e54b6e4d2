//! Which hosts are spoken to, and what they are told.

use std::path::PathBuf;

use sprintgate::domain::credential::Credential;
use sprintgate::domain::forge::{ForgeHost, ForgeKind, PrUrl, RepoPath};
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::forge::{BadForge, ForgeError, ForgeSettings, Forges};

use super::ground::{CANARY, Ground, KINDS, settings};
use super::server::Server;

fn token() -> Credential {
    Credential::new("s3cret").unwrap()
}

fn listed() -> Forges {
    let forgejo = |host: &str| ForgeSettings::new(host, ForgeKind::Forgejo, token()).unwrap();
    Forges::new([ForgeSettings::github(token()), forgejo("git.example.org"), forgejo("git.example.org:3000")])
        .unwrap()
}

#[test]
fn a_remote_is_a_listed_host_or_none() {
    let forges = listed();
    for (remote, host) in [
        ("https://github.com/shop/basket", Some("github.com")),
        ("https://ann@GitHub.com/shop/basket.git", Some("github.com")),
        ("https://github.com:443/shop/basket", Some("github.com")),
        ("git@github.com:shop/basket.git", Some("github.com")),
        ("ssh://git@github.com:22/shop/basket", Some("github.com")),
        ("https://git.example.org:3000/shop/basket", Some("git.example.org:3000")),
        ("https://git.example.org/shop/basket", Some("git.example.org")),
        // Two are listed by that name, and ssh does not say which.
        ("git@git.example.org:shop/basket.git", None),
        ("https://git.example.org:3001/shop/basket", None),
        ("https://github.com.evil.example/shop/basket", None),
        ("https://evil.example/github.com/shop/basket", None),
        ("https://github.com/shop/basket/more", None),
        ("https://github.com/basket", None),
        ("/srv/git/shop/basket", None),
    ] {
        let found = forges.of(&RemoteUrl::new(remote).unwrap());
        let found = found.map(|(forge, repo)| (forge.host().to_string(), repo.to_string()));
        assert_eq!(found, host.map(|host| (host.into(), "shop/basket".into())), "{remote}");
    }
    assert_eq!(forges.hosts().map(ForgeHost::as_str).collect::<Vec<_>>().len(), 3);
}

#[test]
fn a_path_can_stand_for_a_repository_of_a_listed_host() {
    let mirror = RemoteUrl::new("/srv/mirror/basket.git").unwrap();
    let repo: RepoPath = "shop/basket".parse().unwrap();
    let forges = listed().standing_for(&mirror, ForgeHost::github(), repo.clone());
    assert_eq!(forges.of(&mirror).unwrap().1, repo);
    let unlisted = listed().standing_for(&mirror, ForgeHost::new("evil.example").unwrap(), repo);
    assert!(unlisted.of(&mirror).is_none());
}

#[test]
fn an_interface_is_reached_by_https_and_nothing_else_in_its_address() {
    let with = |api: &str| {
        let mut one = ForgeSettings::new("git.example.org", ForgeKind::Forgejo, token()).unwrap();
        one.api = api.to_owned();
        Forges::new([one]).map(drop)
    };
    assert_eq!(with("https://git.example.org/api/v1/"), Ok(()));
    assert_eq!(with("http://127.0.0.1:3000/api/v1"), Ok(()));
    for api in [
        "http://git.example.org/api/v1",
        "http://127.0.0.1.evil.example/api/v1",
        "https://ann:s3cret@git.example.org/api/v1",
        "https://git.example.org/api/v1?token=s3cret",
        "https://git.example.org/api/v1#x",
        "ftp://git.example.org",
        "git.example.org",
        "",
    ] {
        let error = with(api).unwrap_err();
        assert!(matches!(error, BadForge::Address { .. }), "{api}: {error}");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
    let twice = Forges::new([ForgeSettings::github(token()), ForgeSettings::github(token())]).map(drop);
    assert_eq!(twice, Err(BadForge::Twice { host: ForgeHost::github() }));
    let mut lost = ForgeSettings::github(token());
    lost.ca_file = Some(PathBuf::from("/nowhere/ca.pem"));
    assert!(matches!(Forges::new([lost]), Err(BadForge::Certificates { .. })));
}

#[test]
fn a_companys_github_has_its_interface_elsewhere() {
    let api = |host, kind| ForgeSettings::new(host, kind, token()).unwrap().api;
    assert_eq!(api("github.com", ForgeKind::GitHub), "https://api.github.com");
    assert_eq!(api("code.example.org", ForgeKind::GitHub), "https://code.example.org/api/v3");
    assert_eq!(api("code.example.org:8443", ForgeKind::Forgejo), "https://code.example.org:8443/api/v1");
}

#[tokio::test]
async fn a_pull_request_of_another_host_is_not_asked_for() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(false).await;
        let before = ground.server.state().log.len();
        let other = if kind == ForgeKind::GitHub { ForgeKind::Forgejo } else { ForgeKind::GitHub };
        for url in [
            PrUrl { host: ForgeHost::new("evil.example").unwrap(), ..pr.url.clone() },
            PrUrl { kind: other, ..pr.url.clone() },
        ] {
            let refused = ForgeError::NotAllowed { host: url.host.clone() };
            assert_eq!(ground.forge.get(&url).await.unwrap_err(), refused);
            assert_eq!(ground.forge.set_draft(&url, true).await.unwrap_err(), refused);
            assert_eq!(ground.forge.withdraw(&url).await.unwrap_err(), refused);
            assert_eq!(ground.forge.close(&url).await.unwrap_err(), refused);
            assert_eq!(ground.forge.comment(&url, "m", "x").await.unwrap_err(), refused);
            assert_eq!(ground.forge.files(&url).await.unwrap_err(), refused);
            let merge = ground.forge.auto_merge(&url, &super::merge::ask(&ground.head)).await;
            assert_eq!(merge.unwrap_err(), refused);
            let forges = Forges::new([settings(&ground.server, kind)]).unwrap();
            assert_eq!(forges.at(&url).map(drop), Err(refused));
        }
        assert_eq!(ground.server.state().log.len(), before);
    }
}

#[tokio::test]
async fn the_token_stands_in_one_header_and_nowhere_else() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let pr = ground.open(true).await;
        ground.forge.set_draft(&pr.url, false).await.unwrap();
        ground.forge.comment(&pr.url, "m", "x").await.unwrap();
        ground.forge.files(&pr.url).await.unwrap();
        let state = ground.server.state();
        for (asked, _) in &state.log {
            let sent: Vec<_> = asked.headers.iter().filter(|(_, value)| value.contains(CANARY)).collect();
            assert!(matches!(sent.as_slice(), [(name, _)] if name == "authorization"), "{sent:?}");
            let agent = asked.header("user-agent").unwrap();
            assert!(agent.starts_with("sprintgate/"), "{agent}");
            let rest = format!("{} {:?} {}", asked.path, asked.query, asked.body);
            assert!(!rest.contains(CANARY), "{rest}");
            if kind == ForgeKind::GitHub {
                assert_eq!(asked.header("x-github-api-version"), Some("2022-11-28"));
            }
        }
        let settings = settings(&ground.server, kind);
        assert!(!format!("{settings:?} {:?}", Forges::new([settings.clone()])).contains(CANARY));
    }
}

#[tokio::test]
async fn a_revoked_token_is_tried_again_in_an_hour() {
    for kind in KINDS {
        let server = Server::new().await;
        server.state().token = None;
        let forges = Forges::new([settings(&server, kind)]).unwrap();
        let host = forges.hosts().next().unwrap().clone();
        let url = PrUrl { host, kind, repo: "shop/basket".parse().unwrap(), number: 1 };
        let error = forges.at(&url).unwrap().get(&url).await.unwrap_err();
        assert_eq!(error.code(), "FORGE_CREDENTIALS");
        let hour = sprintgate::domain::time::Millis::minutes(60);
        assert_eq!(error.retry(), sprintgate::forge::Retry::After(Some(hour)));
    }
}
