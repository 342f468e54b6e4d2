//! Commits name the job that they were made for, where its product asks for it.

use sprintgate::flow::AddProduct;
use sprintgate::flow::wire::WaitForJob;
use sprintgate::store::digest;
use tokio_util::sync::CancellationToken;

use super::world::{World, sh, tree};

const PLAN: &str = "- `src/a.rs`";
const READ: &str = "git log -1 --format='%(trailers:only,unfold)'";

#[tokio::test]
async fn commits_name_job_attempt_and_plan_where_the_product_asks_for_it() {
    let world = World::with(AddProduct { trailers: true, ..AddProduct::default() }).await;
    world.begin(&[&[("one", PLAN, "ALIGNED")]]).await;
    let ask = WaitForJob { wait_seconds: Some(0), request_id: Some("w".into()), ..WaitForJob::default() };
    let gone = CancellationToken::new();
    let first = world.app.wait_for_job(&world.worker, ask.clone(), &gone).await.unwrap();
    let lines = |attempt| {
        let (job, plan) = (first.job_id.clone().unwrap(), digest(PLAN.as_bytes()));
        vec![
            format!("Sprintgate-Job: {job}"),
            format!("Sprintgate-Attempt: {attempt}"),
            format!("Sprintgate-Plan: {plan}"),
        ]
    };
    assert_eq!(first.commit_trailers, lines(1));
    // whoever did not hear it is told again
    let again = world.app.wait_for_job(&world.worker, ask, &gone).await.unwrap();
    assert_eq!(again.commit_trailers, first.commit_trailers);
    world.commit(&first, "src/a.rs", "half\n");
    assert_eq!(sh(&tree(&first), READ), lines(1).join("\n"));

    // the next attempt is called by its own number
    world.pass(301);
    let next = world.another_worker("w2");
    let second = world.claim(&next).await;
    assert_eq!((second.attempt, &second.commit_trailers), (Some(2), &lines(2)));
    let done = world.carry_out(&next, &second, "src/a.rs").await;
    assert_eq!(done.status, "done");
    let branch = done.branch.unwrap();
    assert_eq!(sh(&world.origin(), &format!("{READ} {branch}")), lines(2).join("\n"));
    world.sound().await;
}

#[tokio::test]
async fn commits_are_their_authors_alone_where_nobody_asks() {
    let world = World::new().await;
    world.begin(&[&[("one", PLAN, "ALIGNED")]]).await;
    let job = world.claim(&world.worker).await;
    assert!(job.commit_trailers.is_empty());
    world.carry_out(&world.worker, &job, "src/a.rs").await;
    assert_eq!(sh(&tree(&job), "git log -1 --format=%B"), "work");
    assert!(!world.app.list_products(&world.person).await.unwrap().result[0].trailers);
}
