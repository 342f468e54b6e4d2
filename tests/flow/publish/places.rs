//! Which repositories and products get pull requests.

use std::time::Duration;

use sprintgate::domain::forge::{ForgeHost, ForgeKind};
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::flow::wire::CreateTask;
use sprintgate::flow::{AddProduct, Settings, Sprintgate};
use sprintgate::forge::Forges;
use sprintgate::git::{Git, GitSettings};

use super::super::forged::{Forged, SHORT};
use super::super::world::{plan, sh};
use crate::forge::ground::settings;
use crate::forge::server::Server;

#[tokio::test]
async fn a_story_in_two_repositories_has_a_pull_request_in_each() {
    let mut world = Forged::new(ForgeKind::Forgejo).await;
    let at = world.dir.path().to_owned();
    sh(&at, "git clone -q --bare origin.git other.git && git clone -q other.git theirs 2>/dev/null");
    let other = Server::showing(&at.join("other.git")).await;
    let (here, there) = (world.server.host(world.kind), other.host(world.kind));
    let remote = |name: &str| RemoteUrl::new(at.join(name).display().to_string()).unwrap();
    let forges = Forges::new([settings(&world.server, world.kind), settings(&other, world.kind)])
        .unwrap()
        .standing_for(&remote("origin.git"), ForgeHost::new(here).unwrap(), "shop/basket".parse().unwrap())
        .standing_for(&remote("other.git"), ForgeHost::new(there).unwrap(), "shop/basket".parse().unwrap());
    let git = Git::new(GitSettings {
        worktree_root: at.join("worktrees"),
        vault_root: at.join("vault"),
        timeout: Duration::from_secs(60),
        credential_helper: None,
    });
    let roots = [("origin".to_owned(), at.join("clone")), ("other".to_owned(), at.join("theirs"))];
    let set = Settings { repo_roots: roots.into(), pr_wait: SHORT, ..Settings::default() };
    world.world.app = Sprintgate::new(world.store().await, git.unwrap(), set).with_forges(forges);

    let made = world.import(&plan("item", &[&[("one", "- `src/a.rs`", "ANY")]])).await;
    let task = CreateTask {
        story_id: made.stories[0].id.clone(),
        title: "two".into(),
        priority: 1,
        implementation_plan: Some("- `src/b.rs`".into()),
        repo_url: Some(remote("other.git").to_string()),
        ..CreateTask::default()
    };
    world.app.create_task(&world.person, task).await.unwrap();
    world.start(&[&made.pbi.code]).await.unwrap();
    world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["PR_OPENED 1"], "the other half of the story is open");
    world.carry("src/b.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["MERGED 1", "MERGED 1"]);
    for server in [&world.server, &other] {
        let state = server.state();
        assert!(state.pulls.len() == 1 && state.pulls[0].merged.is_some(), "{:?}", state.pulls);
    }
    world.sound().await;
}

#[tokio::test]
async fn a_product_that_makes_none_by_itself_has_its_pushes_noted() {
    let world = Forged::quiet(ForgeKind::GitHub, AddProduct::default()).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    world.carry("src/a.rs").await;
    assert_eq!(world.publications().await, ["BRANCH_PUSHED"]);
    assert_eq!((world.waiting().await.len(), world.server.state().log.len()), (0, 0));
    world.sound().await;
}
