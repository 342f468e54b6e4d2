//! What was kept of attempts: found, looked at, given back, and let go of by whoever may.

use std::collections::BTreeMap;
use std::time::Duration;

use sprintgate::domain::time::Millis;
use sprintgate::flow::wire::ReportStatus::Failed;
use sprintgate::flow::wire::SalvageView;
use sprintgate::flow::{AddProduct, PruneSalvages, Session, Settings, Sprintgate};
use sprintgate::git::{Git, GitSettings};

use super::world::{World, sh, tree};

impl World {
    /// A job of which something is kept of two attempts: a file of the first, a commit and a file of the second.
    async fn with_salvages(&self) -> String {
        self.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
        let first = self.claim(&self.worker).await;
        std::fs::write(tree(&first).join("note.txt"), "never committed").unwrap();
        self.pass(301);
        self.app.sweep().await.unwrap();
        let second = self.claim(&self.another_worker("next")).await;
        self.commit(&second, "src/a.rs", "committed and not pushed\n");
        std::fs::write(tree(&second).join("README.md"), "changed").unwrap();
        self.report(&self.another_worker("next"), &second, Failed).await.unwrap();
        self.pass(301);
        assert_eq!(self.app.tidy().await.unwrap().removed.len(), 2);
        second.job_id.unwrap()
    }

    async fn salvages(&self) -> Vec<SalvageView> {
        self.app.list_salvages(&self.person, None, 100).await.unwrap()
    }

    /// Prunes what is older than that, of a job where it is named.
    async fn prune(&self, job: Option<&str>, attempt: Option<u32>, seconds: i64) -> (usize, Vec<String>) {
        let ask =
            PruneSalvages { job: job.map(str::to_owned), attempt, older_than: Millis::seconds(seconds) };
        let pruned = self.app.prune_salvages(&self.person, &ask).await.unwrap();
        assert_eq!(pruned.kept.len(), pruned.kept_total);
        (pruned.pruned.len(), pruned.kept.into_iter().map(|kept| kept.why).collect())
    }
}

#[tokio::test]
async fn what_was_kept_is_found_and_given_back() {
    let world = World::new().await;
    let job = world.with_salvages().await;
    let mut listed = world.salvages().await;
    listed.sort_by_key(|salvage| salvage.attempt);
    let facts: Vec<_> =
        listed.iter().map(|one| (one.attempt, one.kind.as_str(), one.paths, one.is_here)).collect();
    assert_eq!(facts, [(1, "CHANGES", 1, true), (2, "BOTH", 1, true)]);
    assert_eq!(listed[0].host.as_deref(), Some("localhost"));
    assert_eq!(world.app.list_salvages(&world.person, Some(&job), 1).await.unwrap(), listed);
    let last = world.app.show_salvage(&world.person, &job, None).await.unwrap();
    let commits: Vec<_> = last.commits.iter().map(|commit| commit.title.as_str()).collect();
    assert_eq!((last.salvage.attempt, commits, last.files.len()), (2, vec!["work"], 1));
    let first = world.app.show_salvage(&world.person, &job, Some(1)).await.unwrap();
    let file = &first.files[0];
    assert_eq!((first.commits.len(), file.path.as_str(), file.change.as_str()), (0, "note.txt", "added"));

    let into = world.dir.path().join("back");
    let restored = world.app.restore_salvage(&world.person, &job, Some(1), &into).await.unwrap();
    assert_eq!(restored.commit_sha, listed[0].commit_sha);
    assert_eq!(
        sh(&into, "cat note.txt && git branch --show-current"),
        format!("never committedsalvage/{job}-a1")
    );
    let again = world.app.restore_salvage(&world.person, &job, Some(2), &into).await.unwrap_err();
    assert_eq!((again.code(), again.to_string().as_str()), ("VALIDATION_ERROR", "`folder`: it is not empty"));
    assert_eq!(sh(&into, "cat note.txt"), "never committed");
    let at: Vec<_> =
        world.salvages().await.into_iter().map(|one| (one.attempt, one.restored_at.is_some())).collect();
    assert!(at.contains(&(1, true)) && at.contains(&(2, false)), "{at:?}");

    let (_, token) = world.app.enrol("bob", "test").await.unwrap();
    let bob = Session::person(Some(&token), world.person.worker_id().clone());
    assert!(world.app.list_salvages(&bob, None, 100).await.unwrap().is_empty());
    for refused in [
        world.app.show_salvage(&bob, &job, None).await.map(drop),
        world.app.restore_salvage(&bob, &job, None, &world.dir.path().join("bob")).await.map(drop),
        world
            .app
            .prune_salvages(&bob, &PruneSalvages { job: Some(job.clone()), ..PruneSalvages::default() })
            .await
            .map(drop),
        world.app.show_salvage(&world.person, &job, Some(3)).await.map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code(), "NOT_FOUND");
    }
    assert!(!world.dir.path().join("bob").exists());
}

#[tokio::test]
async fn what_was_kept_stays_until_it_is_old_and_restored_or_named() {
    let world = World::new().await;
    let job = world.with_salvages().await;
    let unrestored = "nobody has restored it, and its job is not named".to_owned();
    assert_eq!(world.prune(None, None, 3600).await, (0, vec![]), "nothing is so old");
    world.pass(3601);
    assert_eq!(world.prune(None, None, 3600).await, (0, vec![unrestored.clone(); 2]));
    let into = world.dir.path().join("back");
    world.app.restore_salvage(&world.person, &job, Some(1), &into).await.unwrap();
    assert_eq!(world.prune(None, None, 7200).await, (0, vec![]));
    assert_eq!(world.prune(None, None, 3600).await, (1, vec![unrestored]));
    let refs = || sh(&world.vault(), "git for-each-ref --format='%(refname)' refs/salvage");
    assert_eq!(refs(), format!("refs/salvage/{job}/2"));
    let gone = world.app.show_salvage(&world.person, &job, Some(1)).await.unwrap_err();
    assert_eq!(gone.code(), "NOT_FOUND");
    assert_eq!(sh(&into, "cat note.txt"), "never committed");

    let recent = "it was kept more recently".to_owned();
    assert_eq!(world.prune(Some(&job), None, 7200).await, (0, vec![recent]));
    assert_eq!(world.prune(Some(&job), Some(1), 0).await, (0, vec![]), "another attempt's is not named");
    assert_eq!(world.prune(Some(&job), Some(2), 0).await, (1, vec![]));
    assert_eq!((world.salvages().await, refs()), (vec![], String::new()));
}

/// Whoever lets go of it first does so in the vault, and may die before it is noted.
#[tokio::test]
async fn what_only_the_database_still_knows_is_pruned() {
    let world = World::new().await;
    let job = world.with_salvages().await;
    sh(&world.vault(), &format!("git update-ref -d refs/salvage/{job}/1"));
    assert!(world.salvages().await.iter().any(|one| one.attempt == 1 && !one.is_here));
    assert_eq!(world.prune(Some(&job), Some(1), 0).await, (1, vec![]));
    // more was kept since than the database knows
    sh(&world.vault(), &format!("git update-ref refs/salvage/{job}/2 refs/salvage/{job}/2~1"));
    let (pruned, kept) = world.prune(Some(&job), None, 0).await;
    assert!(pruned == 0 && kept[0].starts_with("more was kept since"), "{kept:?}");
}

#[tokio::test]
async fn what_another_machine_keeps_is_told_of_and_left() {
    let world = World::new().await;
    let job = world.with_salvages().await;
    let git = Git::new(GitSettings {
        worktree_root: world.dir.path().join("other/worktrees"),
        vault_root: world.dir.path().join("other/vault"),
        timeout: Duration::from_secs(60),
        credential_helper: None,
    });
    let settings = Settings { host: "elsewhere".to_owned(), ..Settings::default() };
    let there = Sprintgate::new(world.store().await, git.unwrap(), settings);
    let listed = there.list_salvages(&world.person, None, 100).await.unwrap();
    assert!(listed.len() == 2 && listed.iter().all(|one| !one.is_here), "{listed:?}");
    let shown = there.show_salvage(&world.person, &job, None).await.unwrap();
    assert_eq!((shown.salvage.host.as_deref(), shown.files.len()), (Some("localhost"), 0));
    let into = world.dir.path().join("back");
    let refused = there.restore_salvage(&world.person, &job, None, &into).await.unwrap_err();
    assert_eq!((refused.code(), into.exists()), ("KEPT_ELSEWHERE", false));
    assert_eq!(refused.facts()["host"], "localhost");
    let ask = PruneSalvages { job: Some(job.clone()), ..PruneSalvages::default() };
    let pruned = there.prune_salvages(&world.person, &ask).await.unwrap();
    assert_eq!((pruned.pruned.len(), pruned.kept_total), (0, 2));
    assert_eq!(pruned.kept[0].why, "another machine's vault has it");
    assert!(world.salvages().await.iter().all(|one| one.is_here));
}

#[tokio::test]
async fn what_was_kept_is_sent_to_the_remote_where_the_product_wants_that() {
    for wanted in [true, false] {
        let product = AddProduct { push_salvage: wanted, ..AddProduct::default() };
        let world = World::with(product).await;
        let job = world.with_salvages().await;
        let kept: BTreeMap<String, String> =
            world.salvages().await.into_iter().map(|one| (one.reference, one.commit_sha)).collect();
        assert_eq!(kept.len(), 2);
        world.perform().await;
        let listed = sh(&world.origin(), "git for-each-ref --format='%(refname) %(objectname)' refs/salvage");
        let there: BTreeMap<String, String> = listed
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(name, at)| (name.to_owned(), at.to_owned()))
            .collect();
        assert_eq!(there, if wanted { kept } else { BTreeMap::new() }, "{job}");
        world.sound().await;
    }
}
