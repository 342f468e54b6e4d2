//! Runs every operation on every trap, and keeps what came of each as a page.

use std::fs;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sprintgate::domain::id::ProductId;
use sprintgate::git::{GitError, Place, ProductAsk, ProductPlace, Published, Worktree};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::page::{OPERATIONS, Row, page};
use super::refs::REFS;
use super::repositories::REPOSITORIES;
use super::settings::SETTINGS;
use super::trap::{Trap, Vector};
use super::trees::TREES;
use super::waits::WAITS;
use crate::docs::was_stale;
use crate::git::ground::{Ground, place, run, work};

/// Longer than any operation on a few small files takes on a busy machine.
const LONG: Duration = Duration::from_secs(60);
/// Traps at once.
const AT_ONCE: usize = 3;

struct Case {
    ground: Ground,
    trap: Trap,
    vector: &'static Vector,
    seen: Vec<String>,
}

impl Case {
    /// Notes what came of an operation, once it is sure that no canary sang.
    async fn see<T>(&mut self, what: &str, work: impl Future<Output = Result<T, GitError>>) -> Option<T> {
        let name = self.vector.name;
        let answer = timeout(LONG, work).await.unwrap_or_else(|_| panic!("{name}: {what} waits for ever"));
        assert_eq!(self.trap.song(), None, "{name}: {what}");
        self.seen.push(match &answer {
            Ok(_) => "quiet".to_owned(),
            Err(error) => format!("{error:?}").split([' ', '{', '(']).next().unwrap().to_owned(),
        });
        answer.ok()
    }
}

/// A cell with a commit of its own.
async fn cell(ground: &Ground, at: &Place, branch: &str) -> Worktree {
    let made = ground.make(at, branch).await.unwrap();
    work(&made.path, "a", "committed");
    made
}

async fn carry_out(vector: &'static Vector) -> Row {
    let ground = Ground::new(3);
    let trap = Trap::new(&ground);
    let control = cell(&ground, &place("control", 1), "feat/control").await;
    (vector.plant)(&trap, &control.path);
    trap.disarm();
    let plain = trap.prove(vector, &control.path);
    let _ = fs::remove_dir_all(&control.path);
    let (one, two) = (place("one", 1), place("two", 1));
    let made = cell(&ground, &one, "feat/x").await;
    let head = crate::git::ground::head(&made.path);
    (vector.plant)(&trap, &made.path);
    fs::write(made.path.join("note"), "never committed").unwrap();
    trap.disarm();
    let note = git2::Oid::hash_object(git2::ObjectType::Blob, b"never committed").unwrap().to_string();
    let object = Path::new(&head.as_str()[..2]).join(&head.as_str()[2..]);
    let is_own = made.path.join(".git").symlink_metadata().unwrap().is_dir();
    let had = is_own
        && made.path.join(".git/objects").join(&object).symlink_metadata().is_ok_and(|meta| meta.is_file());
    let before = refs(&ground.origin);
    let mut case = Case { ground, trap, vector, seen: Vec::new() };
    let ground = case.ground.git.clone();
    let url = case.ground.url.clone();

    case.see("look", ground.look(&url, &one)).await;
    let taken = case.see("take", ground.take(&url, &one, &head)).await;
    let count = |n: &mut usize, _: &[u8]| *n += 1;
    case.see("diff", ground.diff(&url, &made.base, &head, 0, count)).await;
    case.see("salvage", ground.salvage(&url, &one)).await;
    let beside = case.ground.git.clone();
    let branch = crate::git::ground::branch("feat/x");
    let ask = |at: &Place| sprintgate::git::WorktreeAsk {
        url: &url,
        place: at.clone(),
        branch: &branch,
        trailers: None,
    };
    if let Some(next) = case.see("make beside", beside.make_worktree(ask(&two))).await {
        assert!(!next.path.join("note").exists() && next.base == made.base, "{}", vector.name);
    }
    assert_eq!(refs(&case.ground.origin), before, "{}", vector.name);
    let published = taken.is_some();
    if published {
        let pushed = case.ground.push(&one, &made, &head).await;
        assert!(matches!(pushed, Published::Pushed { .. }), "{}: {pushed:?}", vector.name);
        assert_eq!(case.trap.song(), None, "{}: publish", vector.name);
        assert_eq!(case.ground.at_origin("feat/x"), Some(head.clone()), "{}", vector.name);
    }
    case.seen.push(if published { "quiet" } else { "-" }.to_owned());
    if case.see("make again", beside.make_worktree(ask(&one))).await.is_some() {
        let status = run(&case.ground.git.path_of(&one), &["status", "--porcelain"]);
        assert_eq!(status, "", "{}", vector.name);
        (vector.plant)(&case.trap, &case.ground.git.path_of(&one));
        case.trap.disarm();
    }
    if case.see("remove", ground.remove_worktree(&url, &one)).await.is_some() {
        assert!(!case.ground.git.path_of(&one).exists());
        let kept = run(&case.ground.vault(), &["rev-list", "--objects", "refs/salvage/one/1"]);
        assert!(kept.contains(&note), "{}: the note is lost", vector.name);
        let aside = case.ground.vault().join("unreadable/one-a1").join(&object).exists();
        assert!(!had || aside || kept.contains(head.as_str()), "{}: the commit is lost", vector.name);
    }
    reset_product(&mut case).await;
    run(&case.ground.vault(), &["rev-list", "--objects", "--all", "--quiet"]);
    assert_eq!(case.seen.len(), OPERATIONS.len(), "{}", vector.name);
    Row { vector, plain, seen: case.seen }
}

/// The same trap in the worktree that jobs about ideas share.
async fn reset_product(case: &mut Case) {
    let (git, url, shop) =
        (case.ground.git.clone(), case.ground.url.clone(), ProductId::new("shop").unwrap());
    let held = git.hold_product(&shop).await.unwrap();
    let made_for = place("grill", 1);
    let ask = |reuse| ProductAsk { url: &url, product: &shop, user: made_for.clone(), reuse };
    let tree = git.product_tree(ask(None), &held).await.unwrap();
    run(&tree.path, &["checkout", "-q", "-b", "feat/x"]);
    work(&tree.path, "a", "committed");
    (case.vector.plant)(&case.trap, &tree.path);
    fs::write(tree.path.join("note"), "left").unwrap();
    case.trap.disarm();
    let folder = ProductPlace { product: shop.clone(), made_for: made_for.clone() };
    if let Some(again) = case.see("reset product", git.product_tree(ask(Some(folder)), &held)).await {
        assert_eq!(run(&again.path, &["status", "--porcelain"]), "", "{}", case.vector.name);
        assert_eq!(crate::git::ground::head(&again.path), tree.commit, "{}", case.vector.name);
        assert!(!again.path.join("note").exists() && !again.path.join("a").exists(), "{}", case.vector.name);
    }
}

fn refs(repo: &Path) -> String {
    run(repo, &["for-each-ref"])
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_an_agent_plants_is_run_or_followed() {
    let all: Vec<&'static Vector> =
        [SETTINGS, REPOSITORIES, WAITS, REFS, TREES].into_iter().flatten().collect();
    assert!(all.len() >= 60, "{}", all.len());
    let room = Arc::new(tokio::sync::Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    for (number, vector) in all.into_iter().enumerate() {
        let room = room.clone();
        running.spawn(async move {
            let _turn = room.acquire_owned().await.unwrap();
            (number, carry_out(vector).await)
        });
    }
    let (mut rows, mut wrong) = (Vec::new(), 0);
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok(row) => rows.push(row),
            // it has said by itself what it is
            Err(_) => wrong += 1,
        }
    }
    assert_eq!(wrong, 0, "so many traps did what they should not");
    rows.sort_by_key(|(number, _)| *number);
    let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    assert!(!was_stale("docs/hostile.md", &page(&rows)), "rewritten, so run the test again and commit");
}
