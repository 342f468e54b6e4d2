//! The gate's matrix in the database: whoever writes DONE, the verdict satisfies the policy that the attempt was given.

use sprintgate::domain::gate::{Policy, Required};
use sprintgate::domain::machine::Word;
use sprintgate::store::Store;

use super::ctx::{Ctx, claim_by};
use super::raw::{attempt, connect};

const LONG: &str = "'a summary of many characters'";

/// By hand; a summary that is too short by far, or none, explains nothing.
fn satisfies(result: &str, policy: Policy, summary: &str) -> bool {
    match (result, policy.required) {
        ("EMPTY", _) => policy.verify_only,
        ("ALIGNED", _) | (_, Required::Any) => true,
        (_, Required::AlignedOrPartial) => summary == LONG,
        (_, Required::Aligned) => false,
    }
}

#[tokio::test]
async fn a_done_job_has_what_its_attempt_was_asked_for() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    for required in Required::ALL.iter().copied() {
        for verify_only in [false, true] {
            let policy = Policy { required, verify_only };
            let name = format!("{}-{verify_only}", required.word().to_lowercase().replace('_', "-"));
            let job = ctx.job(&name).await;
            let mut tx = ctx.store.begin().await.unwrap();
            claim_by(tx.as_mut(), &job, "w1", policy).await.unwrap();
            tx.commit().await.unwrap();
            ctx.start(&job).await;
            ctx.finish(&job).await;
            for result in ["ALIGNED", "PARTIAL", "DIVERGENT", "EMPTY"] {
                for summary in ["NULL", "'short'", LONG] {
                    let sql = format!(
                        "UPDATE claude_jobs SET verify_result = '{result}', summary = {summary} WHERE id = '{job}'"
                    );
                    let refused = "job: the verdict is not what the attempt was asked for".to_owned();
                    let expected = if satisfies(result, policy, summary) { Ok(()) } else { Err(refused) };
                    assert_eq!(attempt(&mut raw, &sql).await, expected, "{policy:?} {result} {summary}");
                }
            }
            let nothing = format!(
                "UPDATE claude_jobs SET verify_result = NULL, verified_sha = NULL, verified_at = NULL WHERE id = '{job}'"
            );
            assert!(attempt(&mut raw, &nothing).await.is_err(), "{policy:?}");
        }
    }
}
