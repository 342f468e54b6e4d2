//! `cleanup_my_worktrees` as an agent's client calls it, and the list of what lies on the disk: the caller's own only,
//! nothing alive, nothing foreign, and what lay in a folder is kept before it goes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use serde_json::{Value, json};
use sprintgate::domain::id::WorkerId;
use sprintgate::flow::wire::JobAnswer;
use sprintgate::flow::{AddProduct, Session, StartSprint};
use sprintgate::git::Place;
use sprintgate::mcp::Client;
use sprintgate::store::{Confirmation, Secret};

use super::world::{World, id, plan, sh, tree};

/// More than a lease, in seconds.
const GRACE: i64 = 301;

impl World {
    /// What the tool answers to whoever has that token, or the code with which it refuses.
    async fn cleanup_as(&self, token: &Secret) -> Value {
        let session = Session::worker(Some(token), WorkerId::new("cleaner").unwrap());
        let client = Client::in_memory(self.app.clone(), session).await.unwrap();
        let called = client.call("cleanup_my_worktrees", json!({})).await.unwrap();
        client.close().await.unwrap();
        called.json
    }

    async fn cleanup(&self) -> Value {
        self.cleanup_as(&self.token).await
    }

    fn worktrees(&self) -> PathBuf {
        self.dir.path().canonicalize().unwrap().join("worktrees")
    }

    /// Takes the claimed jobs from their workers, a lease and a moment ago.
    async fn take_back(&self) {
        self.pass(GRACE);
        self.app.sweep().await.unwrap();
        self.pass(GRACE);
    }

    /// What the list says of each worktree: folder, state, fate and why.
    async fn listed(&self) -> Vec<(String, String, String, String)> {
        let list = self.app.list_worktrees(&self.person).await.unwrap();
        list.worktrees.into_iter().map(|view| (view.folder, view.state, view.fate, view.why)).collect()
    }
}

/// Folder, fate and why of everything that the tool tells of.
fn told(answer: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let details = answer["details"].as_array().unwrap_or_else(|| panic!("{answer}"));
    details.iter().map(|view| (text(&view["folder"]), text(&view["fate"]), text(&view["why"]))).collect()
}

fn line(folder: &str, fate: &str, why: &str) -> (String, String, String) {
    (folder.to_owned(), fate.to_owned(), why.to_owned())
}

fn folder(job: &JobAnswer) -> String {
    let attempt = u32::try_from(job.attempt.unwrap()).unwrap();
    Place { job: id(job), attempt }.folder()
}

#[tokio::test]
async fn a_user_hears_of_their_own_worktrees_only_and_their_work_is_kept() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let own = world.claim(&world.worker).await;
    world.commit(&own, "src/a.rs", "committed and not pushed\n");
    fs::write(tree(&own).join("note.txt"), "never committed").unwrap();

    let (_, token) = world.app.enrol("bob", "test").await.unwrap();
    let bob = Session::person(Some(&token), WorkerId::new("bobs").unwrap());
    let url = world.origin().display().to_string();
    let barn = AddProduct { name: "barn".into(), repo_url: Some(url), ..AddProduct::default() };
    world.app.add_product(&bob, barn).await.unwrap();
    let made = world.app.import(&bob, "barn", &plan("hay", &[&[("hay", "- `hay`", "ANY")]])).await.unwrap();
    let start = StartSprint { product: "barn".into(), pbis: vec![made.pbi.code], ..StartSprint::default() };
    world.app.start_sprint(&bob, start).await.unwrap();
    let other = world.claim(&bob).await;
    fs::write(tree(&other).join("hay"), "of bob").unwrap();
    world.take_back().await;
    let link = world.worktrees().join(Place { job: id(&other), attempt: 7 }.folder());
    symlink(tree(&other), &link).unwrap();

    let answer = world.cleanup().await;
    fs::remove_file(&link).unwrap();
    assert_eq!(told(&answer), [line(&folder(&own), "removed", "ended")], "{answer}");
    assert_eq!(answer["removed"], json!([folder(&own)]));
    assert_eq!((&answer["kept"], &answer["skipped"]), (&json!([]), &json!([])));
    assert!(!tree(&own).exists() && tree(&other).join("hay").is_file());
    let [view] = &answer["details"].as_array().unwrap()[..] else { panic!("{answer}") };
    assert_eq!(view["attempt"]["job_id"], json!(own.job_id));
    assert_eq!((&view["attempt"]["attempt"], &view["attempt"]["host"]), (&json!(1), &json!("localhost")));
    assert!(view["bytes"].as_u64().unwrap() > 0 && answer["free_bytes"].as_u64().unwrap() > 0, "{answer}");
    assert_eq!(view["bytes"], answer["freed_bytes"]);
    let kept = view["salvaged"]["ref"].as_str().unwrap();
    assert_eq!(kept, format!("refs/salvage/{}/1", own.job_id.as_deref().unwrap()));
    assert_eq!(sh(&world.vault(), &format!("git show {kept}:note.txt")), "never committed");
    assert_eq!(sh(&world.vault(), &format!("git show {kept}:src/a.rs")), "committed and not pushed");

    assert!(told(&world.cleanup().await).is_empty());
    // The machine's own list has all of it.
    let state = |text: &str| text.to_owned();
    let rest = (folder(&other), state("ended"), state("goes"), state("ended"));
    assert_eq!(world.listed().await, [rest]);
    assert_eq!(told(&world.cleanup_as(&token).await), [line(&folder(&other), "removed", "ended")]);
    world.sound().await;
}

#[tokio::test]
async fn what_is_not_ours_is_named_and_left_alone() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/b.rs`", "ANY")]]).await;
    let (gone, moved) = (world.claim(&world.worker).await, world.claim(&world.worker).await);
    world.take_back().await;
    let home = world.dir.path().join("home");
    fs::create_dir(&home).unwrap();
    sh(&home, "git init -q && echo dear > diary && git add diary && git commit -qm mine && echo new > diary");
    let root = world.worktrees();
    // An agent put a link where its worktree was, and more beside it.
    fs::rename(tree(&moved), root.join("..moved-a1")).unwrap();
    symlink(&home, tree(&moved)).unwrap();
    let link = format!("{}-a7", gone.job_id.as_deref().unwrap());
    symlink(&home, root.join(&link)).unwrap();
    fs::create_dir(root.join("holiday-pictures")).unwrap();
    fs::write(root.join("holiday-pictures/sea"), "blue").unwrap();
    fs::create_dir(root.join("0123456789abcdef-a1")).unwrap();
    fs::write(root.join("notes.txt"), "mine").unwrap();
    fs::write(root.join("..\\..\\home-a1"), "mine").unwrap();

    let answer = world.cleanup().await;
    let mut wanted = vec![
        line(&folder(&gone), "removed", "ended"),
        line(&folder(&moved), "foreign", "link"),
        line(&link, "foreign", "link"),
        line("..moved-a1", "foreign", "not_our_name"),
        line("..\\..\\home-a1", "foreign", "not_a_folder"),
        line("0123456789abcdef-a1", "foreign", "not_in_database"),
        line("holiday-pictures", "foreign", "not_our_name"),
        line("notes.txt", "foreign", "not_a_folder"),
    ];
    let mut found = told(&answer);
    wanted.sort();
    found.sort();
    assert_eq!(found, wanted);
    assert_eq!(answer["skipped"].as_array().unwrap().len(), 7, "{answer}");
    // Neither does whoever knows the attempt by its number, and not by the folder.
    for _ in 0..2 {
        assert_eq!(world.app.tidy_attempt(&id(&moved), 1).await.unwrap().skipped, [folder(&moved)]);
    }
    assert!(!tree(&gone).exists());
    assert_eq!(fs::read_to_string(home.join("diary")).unwrap(), "new\n");
    assert_eq!(sh(&home, "git log --format=%s && git status --porcelain"), "mine\n M diary");
    assert_eq!(fs::read_to_string(root.join("holiday-pictures/sea")).unwrap(), "blue");
    assert_eq!(fs::read_dir(&root).unwrap().count(), 7);
    assert!(root.join("..moved-a1/src/a.rs").is_file());
    assert_eq!(sh(&world.vault(), "git for-each-ref refs/salvage"), "");
    world.sound().await;
}

#[tokio::test]
async fn a_root_that_became_a_link_is_refused() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    world.take_back().await;
    let (root, aside) = (world.worktrees(), world.dir.path().join("aside"));
    fs::rename(&root, &aside).unwrap();
    symlink(&aside, &root).unwrap();
    assert_eq!(world.cleanup().await["code"], "GIT_FAILED");
    assert_eq!(world.app.tidy_attempt(&id(&job), 1).await.unwrap_err().code(), "GIT_FAILED");
    assert!(aside.join(folder(&job)).join("src/a.rs").is_file());
}

#[tokio::test]
async fn a_live_attempts_worktree_stays_and_a_cancelled_ones_until_its_worker_is_gone() {
    let world = World::new().await;
    let stories = ["one", "two", "three"].map(|title| [(title, "- `src/a.rs`", "ANY")]);
    world.begin(&stories.each_ref().map(|story| &story[..])).await;
    let live = world.claim(&world.worker).await;
    let (confirms, silent) = (world.claim(&world.worker).await, world.claim(&world.worker).await);
    for job in [&confirms, &silent] {
        fs::write(tree(job).join("note.txt"), "never committed").unwrap();
        world.app.cancel_job(&world.person, job.job_id.as_deref().unwrap(), None).await.unwrap();
    }
    let fates = async || {
        let told = told(&world.cleanup().await);
        [&live, &confirms, &silent].map(|job| {
            let line = told.iter().find(|line| line.0 == folder(job));
            line.map_or("-".to_owned(), |(_, fate, why)| format!("{fate} {why}"))
        })
    };
    let stays = "stays not_confirmed";
    assert_eq!(fates().await, ["stays held", stays, stays]);
    let states: Vec<_> = world.listed().await.into_iter().map(|line| line.1).collect();
    assert_eq!(states.iter().filter(|state| *state == "cancelled_not_confirmed").count(), 2, "{states:?}");
    world.app.confirm_stop(&world.worker, &id(&confirms), 1, Confirmation::Confirmed).await.unwrap();
    assert_eq!(fates().await, ["stays held", "removed stopped", stays]);
    world.pass(200);
    world.beat(&world.worker, &live).await.unwrap();
    world.pass(100);
    assert_eq!(fates().await, ["stays held", "-", stays], "a lease has not gone by");
    world.pass(1);
    assert_eq!(fates().await, ["stays held", "-", "removed silent"]);
    assert!(tree(&live).join("src/a.rs").is_file());
    for job in [&confirms, &silent] {
        let kept = format!("git show refs/salvage/{}/1:note.txt", job.job_id.as_deref().unwrap());
        assert_eq!(sh(&world.vault(), &kept), "never committed");
    }
    world.sound().await;
}

#[tokio::test]
async fn an_agent_of_one_attempt_removes_nothing() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    let token = world.app.attempt_token(&world.worker, &id(&job), 1).await.unwrap();
    assert_eq!(world.cleanup_as(&token).await["code"], "PERMISSION_DENIED");
    assert_eq!(world.cleanup_as(&Secret::fresh().unwrap()).await["code"], "UNAUTHENTICATED");
    let agent = Session::worker(Some(&token), WorkerId::new("agent").unwrap());
    assert_eq!(world.app.list_worktrees(&agent).await.unwrap_err().code(), "PERMISSION_DENIED");
}

/// What a killed clean-up left of the server's notes is seen, and goes.
#[tokio::test]
async fn the_list_explains_what_lies_in_both_roots() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/b.rs`", "ANY")]]).await;
    let (one, two) = (world.claim(&world.worker).await, world.claim(&world.worker).await);
    fs::remove_dir_all(tree(&one)).unwrap();
    let vaults = world.vault().parent().unwrap().to_owned();
    fs::create_dir(vaults.join("begun.git")).unwrap();
    fs::create_dir(vaults.join("odd")).unwrap();
    world.take_back().await;
    let list = world.app.list_worktrees(&world.person).await.unwrap();
    let state = |job: &JobAnswer| {
        let view = list.worktrees.iter().find(|view| view.folder == folder(job)).unwrap();
        (view.state.as_str(), view.fate.as_str(), view.bytes.unwrap() > 0, view.attempt.is_some())
    };
    assert_eq!(state(&one), ("notes_only", "goes", false, true));
    assert_eq!(state(&two), ("ended", "goes", true, true));
    assert_eq!(list.host, "localhost");
    assert!(
        list.worktree_root.free_bytes > 0 && list.worktree_root.disk_bytes > list.worktree_root.free_bytes
    );
    let name = world.vault().file_name().unwrap().to_string_lossy().into_owned();
    let mut found: Vec<_> = list
        .vaults
        .iter()
        .map(|vault| (vault.folder.as_str(), vault.state.as_str(), vault.worktrees))
        .collect();
    let mut wanted = [
        ("begun.git", "half_made", 0),
        ("locks", "books", 0),
        ("odd", "unknown", 0),
        ("places", "books", 0),
        (name.as_str(), "vault", 2),
    ];
    found.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(found, wanted);

    let dry = world.app.clean_worktrees(&world.person, true).await.unwrap();
    assert_eq!((dry.removed.len(), dry.details.len()), (0, 2));
    assert!(dry.details.iter().all(|view| view.fate == "goes") && tree(&two).is_dir());
    let clean = world.app.clean_worktrees(&world.person, false).await.unwrap();
    assert_eq!(clean.removed.len(), 2, "{clean:?}");
    assert!(world.listed().await.is_empty());
    assert!(vaults.join("begun.git").is_dir() && vaults.join("odd").is_dir());
}
