//! What comes of pushes to a real server behind http: every class, and what the branch is afterwards.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::id::EffectId;
use sprintgate::domain::push::PushClass;
use sprintgate::domain::push_rule::PushRule;
use sprintgate::domain::time::Timestamp;
use sprintgate::git::{DeleteAsk, Deleted, Git, Merging, Published, RevertAsk, Reverted, Worktree};

use super::backend::{Backend, Trouble};
use super::ground::{Ground, branch, place, run, work};
use super::merging::Desk;

/// A remote behind http, with an attempt whose commit is ready to be pushed.
struct Scene {
    ground: Ground,
    server: Backend,
    made: Worktree,
    head: CommitId,
}

impl Scene {
    async fn new() -> Self {
        let ground = Ground::new(1);
        let server = Backend::of(&ground.origin).await;
        let ground = Ground { url: server.url.clone(), ..ground };
        let one = place("one", 1);
        let made = ground.make(&one, "feat/x").await.unwrap();
        let head = work(&made.path, "a", "1");
        ground.git.take(&ground.url, &one, &head).await.unwrap();
        Self { ground, server, made, head }
    }

    async fn push(&self) -> Published {
        self.ground.push(&place("one", 1), &self.made, &self.head).await
    }

    /// A hook of the remote that refuses with these words.
    fn refuses(&self, hook: &str, words: &str) {
        let hook = self.ground.origin.join("hooks").join(hook);
        fs::create_dir_all(hook.parent().unwrap()).unwrap();
        fs::write(&hook, format!("#!/bin/sh\necho '{words}' >&2\nexit 1\n")).unwrap();
        fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn git_tells_every_class_of_a_push_apart() {
    let scene = Scene::new().await;
    for (trouble, class) in [
        (Trouble::Status("401 Unauthorized"), PushClass::NoCredentials),
        (Trouble::Status("403 Forbidden"), PushClass::NoCredentials),
        (Trouble::Status("413 Content Too Large"), PushClass::TooLarge),
        (Trouble::Status("429 Too Many Requests"), PushClass::Transient),
        (Trouble::Status("500 Internal Server Error"), PushClass::Transient),
        (Trouble::Status("502 Bad Gateway"), PushClass::Transient),
    ] {
        scene.server.meets(trouble);
        let answer = scene.push().await;
        assert_eq!(
            (answer.class(), scene.ground.at_origin("feat/x")),
            (class, None),
            "{trouble:?}: {answer:?}"
        );
    }
    scene.server.meets(Trouble::Redirect);
    let Published::Failed(elsewhere) = scene.push().await else { panic!() };
    assert!(matches!(elsewhere.class, PushClass::Transient | PushClass::Unknown), "{elsewhere:?}");
    scene.server.meets(Trouble::None);
    for (hook, words, rule) in [
        ("pre-receive", "not today", PushRule::Hook),
        ("update", "not this branch", PushRule::Hook),
        (
            "update",
            "GitLab: You are not allowed to push code to protected branches on this project.",
            PushRule::ProtectedBranch,
        ),
    ] {
        scene.refuses(hook, words);
        let Published::Failed(failed) = scene.push().await else { panic!("{hook}") };
        assert_eq!((failed.class, failed.rule), (PushClass::Rejected, Some(rule)), "{failed:?}");
        assert!(failed.why.contains(words), "{failed:?}");
        fs::remove_file(scene.ground.origin.join("hooks").join(hook)).unwrap();
    }
    run(&scene.ground.origin, &["update-ref", "refs/heads/feat/x", "refs/heads/trunk"]);
    assert_eq!(scene.push().await.class(), PushClass::Conflict);
    run(&scene.ground.origin, &["update-ref", "-d", "refs/heads/feat/x"]);
    assert_eq!(scene.push().await, Published::Pushed { head: scene.head.clone(), was: None });
}

#[tokio::test(flavor = "multi_thread")]
async fn git_finds_a_push_whose_answer_got_lost_on_its_way() {
    let scene = Scene::new().await;
    scene.server.meets(Trouble::Cut);
    assert_eq!(scene.push().await, Published::AlreadyThere);
    assert_eq!(scene.ground.at_origin("feat/x"), Some(scene.head.clone()));
    assert_eq!(scene.push().await, Published::AlreadyThere);
}

#[tokio::test(flavor = "multi_thread")]
async fn git_gives_a_silent_server_its_time_and_no_more() {
    let scene = Scene::new().await;
    let mut settings = scene.ground.git.settings().clone();
    settings.timeout = Duration::from_secs(5);
    let scene = Scene { ground: Ground { git: Git::new(settings).unwrap(), ..scene.ground }, ..scene };
    scene.server.meets(Trouble::Hangs);
    let Published::Failed(failed) = scene.push().await else { panic!() };
    assert_eq!(
        (failed.class, failed.why.as_str()),
        (PushClass::Transient, "git push took longer than 5 s and was killed")
    );
    scene.server.meets(Trouble::None);
    assert_eq!(scene.push().await.class(), PushClass::Pushed);
}

#[tokio::test(flavor = "multi_thread")]
async fn git_reverts_and_deletes_over_http() {
    let ground = Ground::new(1);
    let server = Backend::of(&ground.origin).await;
    let desk = Desk::new(&ground);
    let tip = desk.branch("feat/one", &[("a", "1\n")]);
    assert_eq!(ground.git.conflicts(&server.url, "trunk", &tip).await.unwrap(), Merging::Clean);
    let merged = desk.merge("feat/one");
    assert_eq!(ground.git.conflicts(&server.url, "trunk", &tip).await.unwrap(), Merging::Contained);
    let (name, key) = (branch("revert/e1"), EffectId::new("e1").unwrap());
    let ask = RevertAsk {
        url: &server.url,
        merged: &merged,
        commits: 1,
        head: Some(&tip),
        pull: Some(1),
        base: "trunk",
        branch: &name,
        key: &key,
        title: "Revert",
        at: Timestamp(0),
    };
    let feat = branch("feat/one");
    let delete = || ground.git.delete_branch(DeleteAsk { url: &server.url, branch: &feat, pulls: &[1] });
    server.meets(Trouble::Status("403 Forbidden"));
    let refused = ground.git.revert(ask).await.unwrap();
    assert!(
        matches!(&refused, Reverted::Failed(failed) if failed.class == PushClass::NoCredentials),
        "{refused:?}"
    );
    let refused = delete().await.unwrap();
    assert!(
        matches!(&refused, Deleted::Failed(failed) if failed.class == PushClass::NoCredentials),
        "{refused:?}"
    );
    // what was done and not heard of is found
    server.meets(Trouble::Cut);
    assert!(matches!(ground.git.revert(ask).await.unwrap(), Reverted::Failed(_)));
    assert!(matches!(delete().await.unwrap(), Deleted::Failed(_)));
    let head = ground.at_origin("revert/e1").unwrap();
    assert_eq!(ground.git.revert(ask).await.unwrap(), Reverted::AlreadyThere { head });
    assert_eq!(delete().await.unwrap(), Deleted::Gone);
}
