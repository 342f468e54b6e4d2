//! Waits a little for the pull request of a job that is done, so that its address is in the answer where the forge is
//! quick (defect 69). The job is DONE, whatever comes of it.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use crate::domain::effect::Status;
use crate::domain::id::{EffectId, JobId};
use crate::domain::time::Millis;
use crate::flow::wire::Reported;
use crate::flow::{FlowError, Sprintgate};

/// The shortest time between the first two looks.
const REST: Duration = Duration::from_millis(50);

/// How long to rest after each look, however much others write: twice as long each time, so that a wait of 10 s looks ten
/// times at most, and what is there is told after no more than twice the time that it took.
struct Rests(Duration);

impl Rests {
    fn next(&mut self) -> Duration {
        let rest = self.0;
        self.0 = rest.saturating_mul(2);
        rest
    }
}

impl Sprintgate {
    /// The answer with the address of the job's pull request, if that is known, or becomes known while the effect that
    /// opens it is on its way and the time for it lasts.
    pub(in crate::flow) async fn with_pull_request(
        &self,
        answer: Reported,
        opens: Option<&EffectId>,
    ) -> Reported {
        if self.forges.is_empty() || answer.pr_url.is_some() || answer.head_sha.is_none() {
            return answer;
        }
        let Ok(job) = JobId::new(answer.job_id.clone()) else { return answer };
        match self.pull_request_of(&job, opens).await {
            Ok(pr_url) => Reported { pr_url, ..answer },
            Err(error) => {
                tracing::warn!(%job, %error, "the pull request of a job was not looked up");
                answer
            }
        }
    }

    async fn pull_request_of(
        &self,
        job: &JobId,
        opens: Option<&EffectId>,
    ) -> Result<Option<String>, FlowError> {
        let until = Instant::now() + self.settings.pr_wait;
        // Listening comes before looking.
        let mut changes = self.store.changes();
        let mut rests = Rests(REST);
        loop {
            changes.mark_unchanged();
            let looked = Instant::now();
            let mut tx = self.store.read().await?;
            let url = tx.pr_of_job(job).await?;
            let effect = match opens {
                Some(opens) if url.is_none() => tx.effect(opens).await?,
                _ => None,
            };
            let left = until.saturating_duration_since(Instant::now()).as_millis();
            let left = Millis(i64::try_from(left).unwrap_or(i64::MAX));
            let comes = effect.is_some_and(|effect| match effect.row.status {
                Status::Pending | Status::Running => true,
                Status::Retry => effect.row.due_at.is_some_and(|due| due <= tx.now() + left),
                Status::Done | Status::GaveUp => false,
            });
            drop(tx);
            let rested = looked + rests.next();
            if !comes || looked >= until || timeout_at(until, changes.changed()).await.is_err() {
                return Ok(url);
            }
            sleep_until(rested.min(until)).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_looks_seldom_however_much_is_written() {
        let (mut rests, mut waited, mut looks) = (Rests(REST), Duration::ZERO, 1);
        while waited < Duration::from_secs(10) {
            waited += rests.next();
            looks += 1;
        }
        assert_eq!(looks, 9);
    }
}
