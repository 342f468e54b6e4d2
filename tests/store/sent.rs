//! What attempts sent decides whether a commit may be replaced: it is added to by who holds the job, and stays.

use sprintgate::domain::id::JobId;
use sprintgate::domain::job::{self, Stop};
use sprintgate::store::{NewJob, Store};
use sqlx::{AssertSqlSafe, Executor, Row};

use super::ctx::{Ctx, NOON, commit, id, job_of, stamp, task};
use super::database::{REPLACES, millis};
use super::raw::{attempt, connect};

const REPO: &str = "https://example.org/shop.git";
const KEY: &str = "repo_url, branch, commit_sha, job_id, attempt";
/// The ways of a row into a table.
const VERBS: &[&str] =
    if REPLACES { &["INSERT", "INSERT OR IGNORE", "INSERT OR REPLACE"] } else { &["INSERT"] };

/// A job with a branch, which its second attempt holds; the first one sent `b`.
async fn sent() -> (Ctx, JobId) {
    let ctx = Ctx::new().await;
    let job: JobId = id("j");
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_task(&task("j"), &stamp()).await.unwrap();
    let new = NewJob { branch: Some("feat/x".into()), repo_url: Some(REPO.into()), ..job_of("j") };
    tx.add_job(&new, &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    ctx.claim(&job).await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.note_sent(&job, 1, &commit('b')).await.unwrap();
    tx.commit().await.unwrap();
    ctx.pass(job::LEASE.0 + 1);
    ctx.expire(&job).await;
    assert_eq!(ctx.claim(&job).await, 2);
    (ctx, job)
}

fn row(verb: &str, repo: &str, branch: &str, job: &str, attempt: u32) -> String {
    let sha = commit('b');
    format!("{verb} INTO sent_commits VALUES ('{repo}', '{branch}', '{sha}', '{job}', {attempt}, 7)")
}

#[tokio::test]
async fn what_was_sent_is_never_changed_or_deleted() {
    let (ctx, _) = sent().await;
    let mut raw = connect(&ctx).await;
    for column in ["repo_url", "branch", "commit_sha", "job_id", "attempt", "sent_at"] {
        let sql = format!("UPDATE sent_commits SET {column} = {column}");
        assert_eq!(attempt(&mut raw, &sql).await, Err("sent commit: a row is never changed".into()), "{sql}");
    }
    let said = attempt(&mut raw, "DELETE FROM sent_commits").await;
    assert_eq!(said, Err("sent commit: a row is never deleted".into()));
}

#[tokio::test]
async fn only_who_holds_a_job_sends_and_only_to_its_branch() {
    let (ctx, job) = sent().await;
    ctx.job("nowhere").await;
    assert_eq!(ctx.claim(&id("nowhere")).await, 1);
    let mut raw = connect(&ctx).await;
    let refused = || Err("sent commit: is of an attempt that holds its job, and of its branch".to_owned());
    for verb in VERBS {
        assert_eq!(attempt(&mut raw, &row(verb, REPO, "feat/x", "j", 2)).await, Ok(()), "{verb}");
        for other in [
            row(verb, REPO, "feat/x", "j", 1),
            row(verb, REPO, "feat/x", "j", 3),
            row(verb, REPO, "feat/x", "other", 1),
            row(verb, REPO, "feat/y", "j", 2),
            row(verb, "elsewhere", "feat/x", "j", 2),
            row(verb, REPO, "feat/x", "nowhere", 1),
        ] {
            assert_eq!(attempt(&mut raw, &other).await, refused(), "{other}");
        }
    }
    drop(raw);
    ctx.cancel(&job, Stop::by_user("not needed")).await;
    let mut raw = connect(&ctx).await;
    assert_eq!(attempt(&mut raw, &row("INSERT", REPO, "feat/x", "j", 2)).await, refused());
}

#[tokio::test]
async fn what_is_noted_again_stays_as_it_was() {
    let (ctx, job) = sent().await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.note_sent(&job, 2, &commit('b')).await.unwrap();
    tx.commit().await.unwrap();
    let mut raw = connect(&ctx).await;
    for verb in VERBS.iter().filter(|verb| !verb.ends_with("IGNORE")) {
        let again = row(verb, REPO, "feat/x", "j", 2);
        raw.execute(AssertSqlSafe(again.clone())).await.unwrap();
        let otherwise = format!("{again} ON CONFLICT ({KEY}) DO UPDATE SET sent_at = 8");
        raw.execute(AssertSqlSafe(otherwise)).await.unwrap();
    }
    let sql = format!("SELECT attempt, {} FROM sent_commits ORDER BY attempt", millis("sent_at"));
    let rows = raw.fetch_all(AssertSqlSafe(sql)).await.unwrap();
    let rows: Vec<(i64, i64)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(rows, [(1, NOON), (2, NOON + job::LEASE.0 + 1)]);
}
