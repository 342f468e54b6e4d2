//! Publications whose jobs have left for an archive.

use sprintgate::cli::tables;
use sprintgate::domain::forge::ForgeKind;
use sprintgate::domain::law::machines;
use sprintgate::domain::time::Millis;
use sprintgate::flow::wire::ReportStatus::Failed;
use sprintgate::flow::{Archive, Polls};

use super::super::forged::Forged;
use super::super::world::id;

const ONE: &[&[(&str, &str, &str)]] = &[&[("one", "- `src/a.rs`", "ANY")]];

impl Forged {
    /// What ended more than a minute ago leaves for an archive: so many jobs.
    async fn archives(&self) -> u64 {
        let to = self.dir.path().join("archives");
        let law = tables::json(&machines()).unwrap();
        let ask = Archive { older_than: Millis::seconds(60), to, law, dry_run: false };
        self.app.archive(&ask).await.unwrap().jobs
    }

    /// The ledger holds, of which a part has left.
    async fn audited(&self) {
        let report = self.app.audit_verify().await.unwrap();
        assert!(report.ok, "{:#?}", report.findings);
    }
}

#[tokio::test]
async fn what_waits_for_its_merge_is_not_withdrawn_when_its_job_leaves() {
    let world = Forged::new(ForgeKind::GitHub).await;
    world.checks_run();
    world.begin(ONE).await;
    world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["AUTO_MERGE_ENABLED 1"]);
    world.pass(3600);
    assert_eq!(world.archives().await, 1);
    let mut polls = Polls::default();
    assert_eq!(world.polled(&mut polls).await.asked, 1);
    assert_eq!(
        (world.publications().await, world.waiting().await),
        (vec!["AUTO_MERGE_ENABLED 1".to_owned()], vec![])
    );
    let head = world.head_of(1).await;
    world.server.state().check(&head, "build", true, "success");
    assert!(world.pull().merged.is_some());
    world.polled(&mut polls).await;
    assert_eq!(world.publications().await, ["MERGED 1"]);
    assert!(world.questions().await.is_empty(), "it was verified");
    world.audited().await;
}

#[tokio::test]
async fn what_was_verified_when_it_was_merged_is_not_called_unverified_when_its_job_has_left() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    let run = world.begin(ONE).await;
    let (job, _) = world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["MERGED 1"]);
    world.pass(3600);
    world.goes_on(&run, &job, "more", "- `src/b.rs`").await;
    let more = world.claim(&world.worker).await;
    assert_eq!(more.branch_name, job.branch_name);
    world.report(&world.worker, &more, Failed).await.unwrap();
    assert_eq!(world.archives().await, 1);
    let shown = world.app.show_job(&world.person, id(&more).as_str()).await.unwrap().publication.unwrap();
    assert_eq!((&*shown.status, shown.pr_url), ("MERGED", Some(world.url(1))));
    assert_eq!(shown.unverified_sha, None);
    world.audited().await;
}
