//! The worktrees of products, for jobs about ideas: whose turn it is, who is told what, and who frees them.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use sprintgate::domain::id::{JobId, ProductId, WorkerId};
use sprintgate::domain::job::LEASE;
use sprintgate::flow::Session;
use sprintgate::flow::wire::{JobHeartbeat, WorktreeView};
use sprintgate::git::{Git, GitSettings};
use sprintgate::store::Confirmation;
use sqlx::{AssertSqlSafe, Executor as _};

use super::ideas::{Ideas, failed};
use super::world::{code, sh};

/// More than a lease, in seconds.
const GRACE: i64 = 301;
/// More than anybody waits for a lock, in seconds.
const LONG: i64 = 61;

#[tokio::test]
async fn trees_come_in_the_callers_order_and_the_first_with_a_repository_is_primary() {
    let world = Ideas::new().await;
    let (shop, plain) = (world.shop().await, world.product("plain", None).await);
    let url = world.origin().display().to_string();
    let barn = world.product("barn", Some(url)).await;
    let job = world.own_job("grill", &shop).await;
    let trees = world.trees(&job, &[&plain, &barn, &shop, &barn]).await.unwrap();
    let told: Vec<(String, bool, Option<&str>)> = trees
        .iter()
        .map(|tree| (tree.product_id.clone(), tree.is_primary, tree.skipped.as_deref()))
        .collect();
    let line = |product: &ProductId, primary, skipped| (product.to_string(), primary, skipped);
    let none = Some("no repository");
    assert_eq!(told, [line(&plain, false, none), line(&barn, true, None), line(&shop, false, None)]);
    let tip = sh(&world.clone_dir(), "git rev-parse HEAD");
    let folders: Vec<PathBuf> =
        trees.iter().filter_map(|tree| tree.worktree_path.as_ref().map(PathBuf::from)).collect();
    for (folder, product) in folders.iter().zip([&barn, &shop]) {
        assert!(folder.ends_with(format!("_products/{product}_grill-a1")), "{}", folder.display());
        assert_eq!(fs::read_to_string(folder.join("src/a.rs")).unwrap(), "one\n");
    }
    assert!(trees[1..].iter().all(|tree| tree.commit_sha.as_ref() == Some(&tip)), "{trees:?}");
    assert_eq!(world.stands(&job).await, Some("READY"));

    // whoever asks again while it works finds its work
    fs::write(folders[0].join(".scratch/notes"), "mine").unwrap();
    let again = world.trees(&job, &[&plain, &barn, &shop]).await.unwrap();
    assert_eq!(again[1].worktree_path, trees[1].worktree_path);
    assert_eq!(fs::read_to_string(folders[0].join(".scratch/notes")).unwrap(), "mine");
    assert_eq!(code(world.trees(&job, &[&barn]).await), "VALIDATION_ERROR");
    assert!(world.trees(&job, &[]).await.unwrap().is_empty());

    // and the next one does not, though it has the same folder
    world.app.give_back(&world.worker, &job, 1, "no agent").await.unwrap();
    let next = world.own_job("plan", &shop).await;
    let trees = world.trees(&next, &[&barn]).await.unwrap();
    assert_eq!(trees[0].worktree_path, again[1].worktree_path);
    assert!(fs::read_dir(folders[0].join(".scratch")).unwrap().next().is_none());
    let nobody = ProductId::new("nobody").unwrap();
    assert_eq!(code(world.trees(&next, &[&nobody]).await), "NOT_FOUND");
    world.sound().await;
}

#[tokio::test]
async fn defect_075_whoever_ends_the_job_frees_its_locks() {
    let world = Ideas::new().await;
    let (one, two) = (world.product("one", None).await, world.product("two", None).await);
    let elsewhere = world.another_host().await;
    for end in ["cancel", "give back", "fail", "expire"] {
        let job = world.own_job(&format!("by-{}", end.replace(' ', "-")), &one).await;
        world.trees(&job, &[&two, &one]).await.unwrap();
        assert_eq!(world.holder(&two).await, Some((job.to_string(), 300)), "{end}");
        // by another process on another machine than the one that took them
        match end {
            "cancel" => drop(elsewhere.cancel_job(&world.person, job.as_str(), None).await.unwrap()),
            "give back" => drop(elsewhere.give_back(&world.worker, &job, 1, "no agent").await.unwrap()),
            "fail" => drop(elsewhere.update_job_status(&world.worker, failed(&job)).await.unwrap()),
            _ => {
                world.pass(GRACE);
                elsewhere.sweep().await.unwrap();
            }
        }
        assert_eq!((world.holder(&one).await, world.holder(&two).await), (None, None), "{end}");
        assert_eq!(world.stands(&job).await, Some("RELEASED"), "{end}");
        let late = world.trees(&job, &[&two, &one]).await;
        assert!(["LEASE_LOST", "JOB_CANCELLED", "ALREADY_TERMINAL"].contains(&code(late)), "{end}");
    }
    world.sound().await;
}

#[tokio::test]
async fn defect_076_one_row_a_lock() {
    let world = Ideas::new().await;
    let (one, two, three) = (
        world.product("one", None).await,
        world.product("two", None).await,
        world.product("three", None).await,
    );
    let (_, bobs) = world.app.enrol("bob", "test").await.unwrap();
    let members = format!(
        "INSERT INTO product_members (product_id, user_id, created_at) SELECT p.id, u.id, p.created_at \
         FROM products p, users u WHERE u.username = 'bob' AND p.id = '{one}'"
    );
    world.raw().await.execute(AssertSqlSafe(members)).await.unwrap();
    let bob = Session::worker(Some(&bobs), WorkerId::new("w1").unwrap());
    let first = world.own_job("first", &one).await;
    world.trees(&first, &[&one]).await.unwrap();

    // all or none: whoever waits for one of two holds neither
    let second = world.own_job("second", &one).await;
    let waiting = world.waits(&second, &[&two, &one]);
    world.until_it_waits(&second).await;
    assert_eq!(world.holder(&two).await, None);
    let third = world.own_job("third", &one).await;
    world.trees(&third, &[&three, &two]).await.unwrap();
    let strangers = world.idea_job("strangers", &bobs, "localhost", &one).await;
    let stranger = {
        let (app, job, one) = (world.app.clone(), strangers.clone(), one.clone());
        tokio::spawn(async move { app.product_trees(&bob, &job, 1, &[one]).await })
    };
    world.until_it_waits(&strangers).await;
    world.pass(LONG);
    // whatever happens wakes those who wait
    world.own_job("another", &one).await;

    // who held it all the time is told to whoever may see that job
    let refused = waiting.await.unwrap().unwrap_err();
    assert_eq!(refused.code(), "WORKTREE_LOCKED", "{refused}");
    let facts = refused.facts();
    let in_the_way = if facts["product_id"] == one.as_str() { "first" } else { "third" };
    assert_eq!((&facts["job_id"], &facts["attempt"]), (&in_the_way.into(), &1.into()), "{refused}");
    assert!(refused.to_string().contains(&format!("attempt 1 of job {in_the_way} until 20")), "{refused}");
    let refused = stranger.await.unwrap().unwrap_err();
    assert_eq!((refused.code(), &refused.facts()["job_id"]), ("WORKTREE_LOCKED", &serde_json::Value::Null));
    assert!(!refused.to_json().to_string().contains("first"), "{refused}");
    assert_eq!(world.stands(&second).await, Some("LOCK_TIMEOUT"));
    assert_eq!(code(world.trees(&second, &[&two, &one]).await), "WORKTREE_OVER");
    assert_eq!(world.holder(&one).await.unwrap().0, "first");
    world.sound().await;
}

#[tokio::test]
async fn defect_077_another_host_waits_for_the_same_row() {
    let world = Ideas::new().await;
    let shop = world.shop().await;
    let elsewhere = world.another_host().await;
    let here = world.own_job("here", &shop).await;
    let trees = world.trees(&here, &[&shop]).await.unwrap();
    let there = world.idea_job("there", &world.token, "elsewhere", &shop).await;
    let waiting = {
        let (worker, job, shop) = (world.another_worker("w1"), there.clone(), shop.clone());
        tokio::spawn(async move { elsewhere.product_trees(&worker, &job, 1, &[shop]).await })
    };
    world.until_it_waits(&there).await;
    assert_eq!(world.holder(&shop).await.unwrap().0, "here");
    world.app.cancel_job(&world.person, here.as_str(), None).await.unwrap();
    let got = waiting.await.unwrap().unwrap();
    assert_eq!(world.holder(&shop).await.unwrap().0, "there");
    assert_ne!(got[0].worktree_path, trees[0].worktree_path);
    assert_eq!(got[0].commit_sha, trees[0].commit_sha);
    world.sound().await;
}

#[tokio::test]
async fn a_heartbeat_renews_locks_and_who_gave_no_sign_loses_them() {
    let world = Ideas::new().await;
    let one = world.product("one", None).await;
    let job = world.own_job("first", &one).await;
    world.trees(&job, &[&one]).await.unwrap();
    world.pass(200);
    let beat = JobHeartbeat { job_id: job.to_string(), attempt: Some(1) };
    let (both, of) = tokio::join!(
        world.app.job_heartbeat(&world.worker, beat.clone()),
        world.app.job_heartbeat(&world.worker, beat)
    );
    assert!(both.unwrap().ok && of.unwrap().ok);
    assert_eq!(world.holder(&one).await, Some(("first".to_owned(), 300)));

    // a job that lives by what renews no locks: a process of an earlier version
    let store = &world.store;
    for _ in 0..2 {
        world.pass(200);
        let mut tx = store.begin().await.unwrap();
        assert!(tx.renew(&job, 1, LEASE).await.unwrap());
        tx.commit().await.unwrap();
    }
    // whoever waits frees it, and any sweep would
    let second = world.own_job("second", &one).await;
    world.trees(&second, &[&one]).await.unwrap();
    assert_eq!(world.holder(&one).await.unwrap().0, "second");
    assert_eq!(world.stands(&job).await, Some("STALE_RELEASED"));
    assert_eq!(code(world.trees(&job, &[&one]).await), "WORKTREE_OVER");
    for _ in 0..2 {
        world.pass(200);
        let mut tx = store.begin().await.unwrap();
        assert!(tx.renew(&second, 1, LEASE).await.unwrap());
        tx.commit().await.unwrap();
    }
    world.app.sweep().await.unwrap();
    assert_eq!((world.holder(&one).await, world.stands(&second).await), (None, Some("STALE_RELEASED")));
    world.sound().await;
}

#[tokio::test]
async fn a_late_heartbeat_renews_job_and_worktree_or_neither() {
    let world = Ideas::new().await;
    let one = world.product("one", None).await;
    let job = world.own_job("first", &one).await;
    world.trees(&job, &[&one]).await.unwrap();
    // both leases have run out, and nobody has taken anything yet
    world.pass(GRACE);
    let beat = JobHeartbeat { job_id: job.to_string(), attempt: Some(1) };
    assert!(world.app.job_heartbeat(&world.worker, beat.clone()).await.unwrap().ok);
    assert_eq!(world.holder(&one).await, Some(("first".to_owned(), 300)));
    assert_eq!(world.app.sweep().await.unwrap().requeued.len(), 0);
    assert_eq!(world.holder(&one).await, Some(("first".to_owned(), 300)));

    // whoever waits takes the worktree, and with that the job is lost as well
    world.pass(GRACE);
    let second = world.own_job("second", &one).await;
    world.trees(&second, &[&one]).await.unwrap();
    assert_eq!(code(world.app.job_heartbeat(&world.worker, beat).await), "LEASE_LOST");
    assert_eq!(world.holder(&one).await.unwrap().0, "second");
    assert_eq!(world.app.sweep().await.unwrap().requeued.len(), 1);
    world.sound().await;
}

#[tokio::test]
async fn two_calls_of_one_attempt_make_its_worktree_once() {
    let world = Ideas::new().await;
    let shop = world.shop().await;
    let job = world.own_job("grill", &shop).await;
    let of = [&shop];
    let (one, two) = tokio::join!(world.trees(&job, &of), world.trees(&job, &of));
    let both = [one.unwrap().remove(0), two.unwrap().remove(0)];
    assert_eq!(both[0].worktree_path, both[1].worktree_path);
    let made = both.iter().filter(|tree| tree.commit_sha.is_some()).count();
    assert_eq!(made, 1, "the other one finds it as it is: {both:?}");
}

#[tokio::test]
async fn a_half_made_folder_that_resists_keeps_nobody_from_another_one() {
    let world = Ideas::new().await;
    let shop = world.shop().await;
    let first = world.own_job("first", &shop).await;
    let path = world.trees(&first, &[&shop]).await.unwrap()[0].worktree_path.clone();
    world.app.give_back(&world.worker, &first, 1, "no agent").await.unwrap();
    let note = world.dir.path().join(format!("vault/places/_products-{shop}_first-a1"));
    fs::write(&note, "making\n").unwrap();
    fs::create_dir(note.with_extension("new")).unwrap();
    let second = world.own_job("second", &shop).await;
    let trees = world.trees(&second, &[&shop]).await.unwrap();
    assert!(trees[0].worktree_path.is_some() && trees[0].worktree_path != path, "{trees:?}");
}

#[tokio::test]
async fn nobody_is_given_the_folder_in_which_an_agent_may_still_write() {
    let world = Ideas::new().await;
    let shop = world.shop().await;
    let folder = async |job: &JobId| {
        PathBuf::from(world.trees(job, &[&shop]).await.unwrap()[0].worktree_path.clone().unwrap())
    };
    let fate = async |job: &str| {
        let list = world.app.list_worktrees(&world.person).await.unwrap().worktrees;
        let name = format!("_products/{shop}_{job}-a1");
        list.into_iter().find(|view| view.folder == name).map(|view| (view.fate, view.why))
    };
    let told = |fate: &str, why: &str| Some((fate.to_owned(), why.to_owned()));
    let first = world.own_job("first", &shop).await;
    let of_first = folder(&first).await;
    world.app.cancel_job(&world.person, first.as_str(), None).await.unwrap();
    // its agent has not noticed, and goes on
    let second = world.own_job("second", &shop).await;
    let of_second = folder(&second).await;
    fs::write(of_first.join("src/a.rs"), "late\n").unwrap();
    assert_eq!(fs::read_to_string(of_second.join("src/a.rs")).unwrap(), "one\n");
    assert_eq!(fate("first").await, told("stays", "not_confirmed"));
    let cleaned = world.app.clean_worktrees(&world.person, false).await.unwrap();
    assert_eq!(cleaned.kept.len(), 2, "{:?}", cleaned.details);

    // one whose lease ran out may still be there as well
    world.pass(GRACE);
    world.app.sweep().await.unwrap();
    let third = world.own_job("third", &shop).await;
    let of_third = folder(&third).await;
    assert!(of_third != of_second && of_second.is_dir());
    assert_eq!(
        (fate("first").await, fate("second").await),
        (told("goes", "silent"), told("stays", "just_ended"))
    );
    // the chores of a runner remove what can go
    let cleaned = world.app.tidy().await.unwrap();
    assert_eq!(cleaned.removed, [format!("_products/{shop}_first-a1")]);

    // who confirmed its stop leaves its folder to the next one
    world.app.cancel_job(&world.person, third.as_str(), None).await.unwrap();
    world.app.confirm_stop(&world.worker, &third, 1, Confirmation::Confirmed).await.unwrap();
    assert_eq!(fate("third").await, told("goes", "free"));
    let fourth = world.own_job("fourth", &shop).await;
    assert_eq!(folder(&fourth).await, of_third);
    world.pass(GRACE);
    assert_eq!(world.app.tidy().await.unwrap().removed, [format!("_products/{shop}_second-a1")]);
    assert!(of_third.is_dir());
    world.sound().await;
}

#[tokio::test]
async fn a_tree_that_cannot_be_made_frees_the_locks_with_the_reason() {
    let world = Ideas::new().await;
    let nowhere =
        world.product("nowhere", Some(world.dir.path().join("none.git").display().to_string())).await;
    let shop = world.shop().await;
    let job = world.own_job("first", &shop).await;
    assert_eq!(code(world.trees(&job, &[&shop, &nowhere]).await), "GIT_FAILED");
    assert_eq!(world.stands(&job).await, Some("SYNC_FAILED"));
    assert_eq!((world.holder(&shop).await, world.holder(&nowhere).await), (None, None));
    world.sound().await;
}

#[tokio::test]
async fn a_clean_up_names_products_trees_and_leaves_held_ones() {
    let world = Ideas::new().await;
    let shop = world.shop().await;
    let job = world.own_job("first", &shop).await;
    let folder = PathBuf::from(world.trees(&job, &[&shop]).await.unwrap()[0].worktree_path.clone().unwrap());
    fs::create_dir(folder.with_file_name("stranger_grill-a1")).unwrap();
    let name = format!("_products/{shop}_first-a1");
    let listed = async || {
        let list = world.app.list_worktrees(&world.person).await.unwrap();
        let row = |view: WorktreeView| (view.folder, view.state, view.fate, view.why);
        list.worktrees.into_iter().map(row).collect::<Vec<_>>()
    };
    let row = |folder: &str, state: &str, fate: &str, why: &str| {
        (folder.to_owned(), state.to_owned(), fate.to_owned(), why.to_owned())
    };
    // what borrows from a vault is counted there
    let vaults = world.app.list_worktrees(&world.person).await.unwrap().vaults;
    assert!(vaults.iter().any(|vault| vault.state == "vault" && vault.worktrees == 1), "{vaults:?}");
    let stranger = row("_products/stranger_grill-a1", "unknown", "foreign", "not_made_here");
    assert_eq!(listed().await, [row(&name, "held", "stays", "held"), stranger.clone()]);
    let cleaned = world.app.clean_worktrees(&world.person, false).await.unwrap();
    assert_eq!((cleaned.removed.len(), cleaned.kept), (0, vec![name.clone()]));
    assert!(cleaned.details[0].because.contains("Attempt 1 of job first holds it"), "{:?}", cleaned.details);

    // somebody brings another worktree of it to its start at this moment: it is told of, and the rest goes on
    world.app.give_back(&world.worker, &job, 1, "no agent").await.unwrap();
    let settings = GitSettings {
        worktree_root: world.dir.path().join("worktrees"),
        vault_root: world.dir.path().join("vault"),
        timeout: Duration::from_secs(60),
        credential_helper: None,
    };
    let busy = Git::new(settings).unwrap().hold_product(&shop).await.unwrap();
    let cleaned = world.app.clean_worktrees(&world.person, false).await.unwrap();
    assert_eq!(
        (cleaned.kept, cleaned.skipped),
        (vec![name.clone()], vec!["_products/stranger_grill-a1".to_owned()])
    );
    assert_eq!(cleaned.details[0].why, "busy", "{:?}", cleaned.details);
    drop(busy);
    assert_eq!(listed().await, [row(&name, "free", "goes", "free"), stranger]);
    // the next job has use for it, so that only a person removes it
    assert!(world.app.tidy().await.unwrap().removed.is_empty() && folder.is_dir());
    let cleaned = world.app.clean_worktrees(&world.person, false).await.unwrap();
    assert_eq!(
        (cleaned.removed, cleaned.skipped),
        (vec![name], vec!["_products/stranger_grill-a1".to_owned()])
    );
    assert!(!folder.exists() && folder.with_file_name("stranger_grill-a1").is_dir());
}
