//! The pull request of a backlog item, as people and planners name it: which addresses are taken, and from whom.

use serde_json::{Value, json};
use sprintgate::domain::credential::Credential;
use sprintgate::domain::forge::ForgeKind;
use sprintgate::domain::id::WorkerId;
use sprintgate::flow::wire::{MarkPbiPrMerged, SetPbiPr};
use sprintgate::flow::{FlowError, Session, Sprintgate};
use sprintgate::forge::{ForgeSettings, Forges};
use sprintgate::mcp::Client;
use sqlx::Row as _;

use super::world::{World, code, id, plan};

/// With GitHub and a Forgejo; nobody is asked anything.
fn with_forges(world: &World) -> Sprintgate {
    let token = || Credential::new("sg_hush").unwrap();
    let forgejo = ForgeSettings::new("git.example.org:3000", ForgeKind::Forgejo, token()).unwrap();
    let forges = Forges::new([ForgeSettings::github(token()), forgejo]).unwrap();
    world.app.clone().with_forges(forges)
}

fn named(pbi_id: &str, pr_url: &str) -> SetPbiPr {
    SetPbiPr { pbi_id: pbi_id.to_owned(), pr_url: pr_url.to_owned() }
}

fn merged(pbi_id: &str) -> MarkPbiPrMerged {
    MarkPbiPrMerged { pbi_id: pbi_id.to_owned() }
}

/// The two columns.
async fn noted(world: &World) -> (Option<String>, bool) {
    let mut raw = world.raw().await;
    let row = sqlx::query("SELECT pr_url, CAST(pr_merged_at IS NOT NULL AS integer) AS merged FROM pbis");
    let row = row.fetch_one(&mut raw).await.unwrap();
    (row.get("pr_url"), row.get::<i32, _>("merged") == 1)
}

#[tokio::test]
async fn a_pull_request_is_named_and_marked_as_merged_and_named_anew() {
    let world = World::new().await;
    let app = with_forges(&world);
    let pbi = world.import(&plan("item", &[&[("one", "- `a.rs`", "ANY")]])).await.pbi.id;
    let session = Session::worker(Some(&world.token), WorkerId::new("planner").unwrap());
    let client = Client::in_memory(app.clone(), session).await.unwrap();
    let set = async |url: &str| {
        let called = client.call("set_pbi_pr", json!({ "pbi_id": pbi, "pr_url": url })).await.unwrap();
        assert!(!called.is_error, "{}", called.json);
        assert_eq!(called.json, json!({ "ok": true, "pbi_id": pbi, "pr_url": called.json["pr_url"] }));
        called.json["pr_url"].as_str().unwrap().to_owned()
    };
    let mark = async || client.call("mark_pbi_pr_merged", json!({ "pbi_id": pbi })).await.unwrap();

    let none = mark().await.json;
    assert_eq!(
        (&none["code"], &none["legal_next"]),
        (&json!("PR_MISSING"), &json!(["set_pbi_pr"])),
        "{none}"
    );
    let github = "https://github.com/acme/shop/pull/7";
    let forgejo = "https://git.example.org:3000/acme/shop/pulls/8";
    for (given, kept) in [
        (github, github),
        ("https://github.com/acme/shop/pulls/7", github),
        (forgejo, forgejo),
        (" https://Git.Example.org:3000/acme/shop/pull/8 ", forgejo),
    ] {
        assert_eq!(set(given).await, kept);
        assert_eq!(noted(&world).await, (Some(kept.to_owned()), false), "{given}");
    }
    let first = mark().await.json;
    assert_eq!((&first["ok"], &first["pr_url"]), (&json!(true), &json!(forgejo)), "{first}");
    assert_eq!(noted(&world).await, (Some(forgejo.to_owned()), true));
    world.pass(60);
    let later = mark().await.json;
    assert!(later["pr_merged_at"].as_str() > first["pr_merged_at"].as_str(), "{first} {later}");
    set(github).await;
    assert_eq!(noted(&world).await, (Some(github.to_owned()), false), "another one is not merged yet");
    client.close().await.unwrap();
    world.sound().await;
}

#[tokio::test]
async fn an_address_that_is_none_or_elsewhere_is_refused() {
    let world = World::new().await;
    let app = with_forges(&world);
    let pbi = world.import(&plan("item", &[&[("one", "- `a.rs`", "ANY")]])).await.pbi.id;
    let long = format!("https://github.com/acme/{}/pull/7", "x".repeat(5000));
    for (url, want) in [
        ("", "PR_URL_INVALID"),
        ("http://github.com/acme/shop/pull/7", "PR_URL_INVALID"),
        ("https://ann:pw@github.com/acme/shop/pull/7", "PR_URL_INVALID"),
        ("https://github.com/acme/shop/issues/7", "PR_URL_INVALID"),
        ("https://github.com/acme/shop/pull/0", "PR_URL_INVALID"),
        ("https://github.com/acme/../pull/7", "PR_URL_INVALID"),
        ("https://github.com/acme/shop/pull/7?x", "PR_URL_INVALID"),
        ("https://github.com/acme/shop/pull/7\u{1b}[31m", "PR_URL_INVALID"),
        (&long, "PR_URL_INVALID"),
        ("https://github.com.evil.org/acme/shop/pull/7", "FORGE_NOT_CONFIGURED"),
        ("https://git.example.org/acme/shop/pulls/7", "FORGE_NOT_CONFIGURED"),
    ] {
        let refused = app.set_pbi_pr(&world.worker, named(&pbi, url)).await.unwrap_err();
        assert_eq!(refused.code(), want, "{url}");
        let told: Value = refused.to_json();
        assert!(!told.to_string().contains("sg_hush") && told["facts"]["field"] == "pr_url", "{told}");
    }
    let url = "https://github.com/acme/shop/pull/7";
    assert_eq!(code(world.app.set_pbi_pr(&world.worker, named(&pbi, url)).await), "FORGE_NOT_CONFIGURED");
    assert_eq!(noted(&world).await, (None, false));
}

#[tokio::test]
async fn strangers_and_agents_of_one_attempt_name_none() {
    let world = World::new().await;
    let app = with_forges(&world);
    let made = world.import(&plan("item", &[&[("one", "- `src/a.rs`", "ANY")]])).await;
    world.start(&[&made.pbi.code]).await.unwrap();
    let pbi = made.pbi.id;
    let url = "https://github.com/acme/shop/pull/7";
    let both = async |session: &Session| -> [Result<(), FlowError>; 2] {
        [
            app.set_pbi_pr(session, named(&pbi, url)).await.map(drop),
            app.mark_pbi_pr_merged(session, merged(&pbi)).await.map(drop),
        ]
    };
    let (_, bob) = app.enrol("bob", "test").await.unwrap();
    let worker = WorkerId::new("w9").unwrap();
    assert_eq!(both(&Session::worker(Some(&bob), worker.clone())).await.map(code), ["NOT_FOUND"; 2]);
    assert_eq!(both(&Session::worker(None, worker.clone())).await.map(code), ["UNAUTHENTICATED"; 2]);
    let job = world.claim(&world.worker).await;
    let token = app.attempt_token(&world.worker, &id(&job), 1).await.unwrap();
    assert_eq!(both(&Session::worker(Some(&token), worker)).await.map(code), ["PERMISSION_DENIED"; 2]);
    let odd = app.set_pbi_pr(&world.person, named("'; --", url)).await;
    assert_eq!(code(odd), "VALIDATION_ERROR");
    assert_eq!(code(app.set_pbi_pr(&world.person, named("absent", url)).await), "NOT_FOUND");
    assert_eq!(noted(&world).await, (None, false));
}
