//! Jobs and effects that come into being together, beside those that come alone.

use serde_json::json;
use sprintgate::domain::effect::{Effect, Kind, Pending, TRIES_MAX};
use sprintgate::store::{NewEffect, NewJob, RunBranch, Store, StoreError};

use super::super::ctx::{Ctx, id, job_of, stamp, task};
use super::{alike, job, told_of};

const WORDS: &str = "it's \"so\" \\ \u{1f600}\n";

fn new_job(name: &str, number: i64) -> NewJob {
    NewJob {
        run: Some(id("r")),
        sequence: number,
        branch: Some(format!("feat/{WORDS}")),
        repo_url: (number % 2 == 0).then(|| WORDS.to_owned()),
        ready: number == 0,
        ..job_of(name)
    }
}

#[tokio::test]
async fn jobs_that_are_added_together_are_as_those_added_alone() {
    let ctx = Ctx::new().await;
    ctx.run("r").await;
    let mut tx = ctx.store.begin().await.unwrap();
    let mut together = Vec::new();
    for number in 0..5 {
        for name in [format!("one{number}y"), format!("all{number}y")] {
            tx.add_task(&task(&name), &stamp()).await.unwrap();
        }
        tx.add_job(&new_job(&format!("one{number}y"), number), &stamp()).await.unwrap();
        together.push(new_job(&format!("all{number}y"), number));
    }
    tx.add_jobs(&together, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    for number in 0..5 {
        let (one, all) = (format!("one{number}y"), format!("all{number}y"));
        assert_eq!(alike(job(&ctx, &all).await, &all), alike(job(&ctx, &one).await, &one));
    }

    let mut tx = ctx.store.begin().await.unwrap();
    let error = tx.add_jobs(&together, &stamp()).await.unwrap_err();
    assert!(matches!(&error, StoreError::Duplicate { key } if key == "job id"), "{error}");
    assert!(tx.commit().await.is_err());
}

#[tokio::test]
async fn effects_that_are_added_together_are_as_those_added_alone() {
    let ctx = Ctx::new().await;
    let owner = ctx.job("j").await;
    let new = |name: String, number: i64| NewEffect {
        effect: Effect {
            id: id(&name),
            kind: Kind::RemoveWorktree,
            tries: 0,
            tries_max: TRIES_MAX,
            state: Pending { due_at: ctx.now() },
        },
        product: id("p"),
        job: (number % 2 == 0).then(|| owner.clone()),
        payload: json!({ "attempt": number, "words": WORDS }),
        host: (number % 3 == 0).then(|| "here".to_owned()),
        lane: (number > 2).then(|| format!("lane {}", name.starts_with("one"))),
        key: (number % 2 == 1).then(|| format!("key of {name}")),
    };
    let mut tx = ctx.store.begin().await.unwrap();
    let mut together = Vec::new();
    for number in 0..5 {
        tx.add_effect(&new(format!("one{number}y"), number), &stamp()).await.unwrap();
        together.push((new(format!("all{number}y"), number), stamp()));
    }
    tx.add_effects(&together).await.unwrap();
    tx.commit().await.unwrap();
    for number in 0..5 {
        let mut said = Vec::new();
        for name in [format!("one{number}y"), format!("all{number}y")] {
            let kept = ctx.store.read().await.unwrap().effect(&id(&name)).await.unwrap().unwrap();
            let mut lines = vec![format!("{kept:?}").replace("lane true", "lane false")];
            lines.extend(told_of(&ctx, "effect", &name).await);
            said.push(alike(lines, &name));
        }
        assert_eq!(said[1], said[0]);
    }
}

#[tokio::test]
async fn the_first_open_job_of_each_branch_becomes_ready() {
    let ctx = Ctx::new().await;
    ctx.run("r").await;
    let mut tx = ctx.store.begin().await.unwrap();
    let mut branches = Vec::new();
    for (number, (name, branch)) in
        [("a1", "a"), ("a2", "a"), ("b1", "b"), ("c1", "c"), ("c2", "c")].into_iter().enumerate()
    {
        tx.add_task(&task(name), &stamp()).await.unwrap();
        let mut new = new_job(name, i64::try_from(number).unwrap());
        (new.ready, new.branch, new.repo_url) = (false, Some(branch.into()), Some("repo".into()));
        tx.add_job(&new, &stamp()).await.unwrap();
        branches.push(RunBranch { run: id("r"), repo_url: "repo".into(), branch: branch.into() });
    }
    branches.truncate(3);
    branches.push(RunBranch { run: id("r"), repo_url: "repo".into(), branch: "nobody's".into() });
    tx.ready_next_of(&branches).await.unwrap();
    tx.ready_next_of(&[]).await.unwrap();
    tx.commit().await.unwrap();
    let mut ready = Vec::new();
    for name in ["a1", "a2", "b1", "c1", "c2"] {
        if ctx.record(&id(name)).await.ready {
            ready.push(name);
        }
    }
    assert_eq!(ready, ["a1", "b1"]);
}
