//! `explain`: why a job is where it is, which guard keeps it there, and who can move it.

use serde_json::json;

use super::claim::check;
use super::fresh::iso;
use super::wire::Explanation;
use super::{FlowError, Session, Sprintgate};
use crate::domain::eligibility::NotClaimable;
use crate::domain::job::{ATTEMPTS_MAX, Event};
use crate::domain::machine::Word;

impl Sprintgate {
    /// Explains a job of the caller's.
    ///
    /// # Errors
    /// `NOT_FOUND` for a job that is not the caller's.
    pub async fn explain(&self, session: &Session, job: &str) -> Result<Explanation, FlowError> {
        let mut tx = self.store.read().await?;
        let record = self.own_job(&mut *tx, session, job).await?;
        let read = tx.claim_facts(&record, &record.user).await?;
        let checked = check(&record, &record.user, None, &read, tx.now());
        let row = &record.row;
        let mut facts = vec![format!("attempt {} of {ATTEMPTS_MAX}", row.attempt)];
        if let Some(id) = &record.run
            && let Some(run) = tx.run(id).await?
        {
            facts.push(format!("sprint run {id} is {}", run.row.status));
        }
        facts.extend(record.branch.iter().map(|branch| format!("works on branch {branch}")));
        if let (Some(until), Some(worker)) = (row.lease_until, &row.worker) {
            let left = (until - tx.now()).0;
            let lease = if left >= 0 { "runs until" } else { "ran out at" };
            facts.push(format!("worker {worker} holds it; its lease {lease} {}", iso(until)));
        }
        if let Some(seen) = &row.evidence {
            facts.push(format!("verified {} at commit {}", seen.result, seen.commit.short()));
            facts.extend(record.verify_reasoning.clone());
        }
        if let Some(policy) = row.policy {
            let only = if policy.verify_only { ", and no change is a good answer" } else { "" };
            facts.push(format!("the gate demands {}{only}", policy.required));
        }
        if let Some(stop) = &record.stop {
            facts.push(match &stop.confirmed {
                Some((at, how)) => format!("its worker's stop is {how} since {}", iso(*at)),
                None => format!("its worker was told to stop at {} and has not confirmed", iso(stop.at)),
            });
        }
        let (guard, verdict) = match &checked {
            Ok(()) => (None, "it can be claimed now".to_owned()),
            Err(why @ NotClaimable::Ended { .. }) => {
                let cause = row.end_cause.map_or("", Word::word);
                let because = row.error.as_deref().or(row.summary.as_deref()).unwrap_or("no words were left");
                (Some(why.guard()), format!("{why}, cause {cause}: {because}"))
            }
            Err(why @ NotClaimable::Waits { until, .. }) => (
                Some(why.guard()),
                format!("it waits until {} after an attempt that was given back", iso(*until)),
            ),
            Err(why) => (Some(why.guard()), why.to_string()),
        };
        Ok(Explanation {
            job_id: row.id.to_string(),
            status: row.status.word().to_owned(),
            verdict,
            guard: guard.map(|guard| guard.word().to_owned()),
            guard_read: checked.err().map(|why| json!(why)),
            facts,
            legal_next: row.status.legal_next().into_iter().map(who_fires).collect(),
        })
    }
}

fn who_fires(event: Event) -> String {
    let who = match event {
        Event::Claim => "a worker: wait_for_job",
        Event::Start => "its worker: update_job_status running",
        Event::Release => "its runner, when the agent cannot work",
        Event::Expire => "the sweep, when the lease has run out",
        Event::Finish => "its worker: update_job_status done, through the gate",
        Event::Fail => "its worker: update_job_status failed; or a push that can never succeed",
        Event::Skip => "its worker: update_job_status skipped",
        Event::Cancel => "a person: job cancel; or a cascade",
    };
    format!("{event} ({who})")
}
