//! `sprint resume`: a run that waited for a person goes on, and so do its pull requests.

use serde_json::json;

use super::PrRefusal;
use super::ask::lane;
use super::conflict::last_question;
use super::due::{any, moves, odd, settle_publication};
use crate::domain::forge::PrUrl;
use crate::domain::id::{QuestionId, RunId};
use crate::domain::machine::Word;
use crate::domain::pull_request::{AnyPullRequest, Change as Moved, Status};
use crate::domain::question::AnyQuestion;
use crate::domain::run::{AnyRun, PrStrategy};
use crate::domain::time::Millis;
use crate::flow::wire::{ResumedPr, RunResumed};
use crate::flow::{FlowError, Session, Sprintgate, text};
use crate::store::{Change, Of, PullRequestRecord, RunRecord, Stamp, StoreError, Tx};

/// When the forge is asked about a pull request that goes on.
const SOON: Millis = Millis::seconds(30);

impl Sprintgate {
    /// Lets a run go on that waited for a person: its question is closed, its pull requests that did not merge go on, and
    /// its jobs are handed out again. Of a run that has ended only its pull requests go on.
    ///
    /// # Errors
    /// `RUN_NOT_PAUSED` when neither waits; `NOT_FOUND`; `PERMISSION_DENIED` for an agent that works for one attempt.
    pub async fn resume_run(&self, session: &Session, given: &str) -> Result<RunResumed, FlowError> {
        let id: RunId = text::id("sprint_run_id", given)?;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            caller.may("resume runs")?;
            if caller.actor().person().is_none() {
                return Err(FlowError::Forbidden { what: "resume runs: a person does" });
            }
            let absent = || FlowError::not_found("sprint run", given);
            let product = tx.run(&id).await?.ok_or_else(absent)?.product;
            tx.product(caller.user(), &product).await?.ok_or_else(absent)?;
            tx.hold(Of::Product(&product), Some(caller.user())).await?;
            let run = tx.run(&id).await?.ok_or_else(absent)?;
            let paused = paused(&mut *tx, &run).await?;
            let stamp = Stamp { facts: json!({ "because": "resume" }), ..Stamp::of(caller.actor()) };
            let mut closed = Vec::new();
            let any_run = AnyRun::try_from(run.row.clone())
                .map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })?;
            let status = match any_run {
                AnyRun::Paused(waiting) => {
                    if let Some(question) = waiting.state.pause.question() {
                        close(&mut *tx, question, &stamp, &mut closed).await?;
                    }
                    let step = waiting.resume();
                    let status = step.edge().to;
                    tx.apply(Change::Run(step.into()), &stamp).await?;
                    status
                }
                _ if paused.is_empty() => {
                    let status = run.row.status.word().to_owned();
                    return Err(PrRefusal::NotPaused { run: id.to_string(), status }.into());
                }
                _ => run.row.status,
            };
            let mut resumed = Vec::new();
            for record in &paused {
                if let Some(question) = last_question(&mut *tx, record).await? {
                    close(&mut *tx, &question, &stamp, &mut closed).await?;
                }
                resumed.push(self.resume(&mut *tx, record, &stamp).await?);
            }
            tx.commit().await?;
            Ok(RunResumed {
                sprint_run_id: id.to_string(),
                status: status.word().to_lowercase(),
                closed_questions: closed.iter().map(ToString::to_string).collect(),
                pull_requests: resumed,
            })
        })
        .await
    }

    async fn resume(
        &self,
        tx: &mut dyn Tx,
        record: &PullRequestRecord,
        stamp: &Stamp,
    ) -> Result<ResumedPr, FlowError> {
        let id = &record.row.id;
        if let AnyPullRequest::MergeConflictPaused(waiting) = any(record)? {
            let change = match record.row.strategy {
                PrStrategy::Story => waiting.resume_story().map(Moved::from),
                PrStrategy::Sprint | PrStrategy::SprintBatch => waiting.resume_sprint().map(Moved::from),
            };
            tx.hold_lane(&lane(record)).await?;
            moves(tx, record, change.map_err(|refusal| odd(record, &refusal))?, stamp).await?;
            settle_publication(&self.forges, tx, id, stamp).await?;
        }
        if let Some(url) = record.row.url.as_deref().and_then(|url| url.parse::<PrUrl>().ok()) {
            let at = tx.now() + SOON;
            tx.note_poll(id, &url.host, at).await?;
        }
        let now = tx.pull_request(id).await?;
        Ok(ResumedPr {
            branch: record.row.branch.to_string(),
            pr_url: record.row.url.clone().unwrap_or_default(),
            status: now.map_or(record.row.status, |now| now.row.status).word().to_lowercase(),
        })
    }
}

/// The publications that wait: those that the run made, and those of its stories that an earlier one made.
async fn paused(tx: &mut dyn Tx, run: &RunRecord) -> Result<Vec<PullRequestRecord>, FlowError> {
    let mut live = tx.live_pull_requests_of_run(&run.row.id).await?;
    let stories: Vec<_> = tx.stories_of(&run.sprint).await?.into_iter().map(|story| story.id).collect();
    live.extend(tx.live_pull_requests_of_stories(&stories).await?);
    live.retain(|one| one.row.status == Status::MergeConflictPaused);
    live.sort_by(|one, other| one.row.id.cmp(&other.row.id));
    live.dedup_by(|one, other| one.row.id == other.row.id);
    Ok(live)
}

/// Closes a question that is still open.
async fn close(
    tx: &mut dyn Tx,
    id: &QuestionId,
    stamp: &Stamp,
    closed: &mut Vec<QuestionId>,
) -> Result<(), FlowError> {
    let Some(record) = tx.question(id).await? else { return Ok(()) };
    let any = AnyQuestion::try_from(record.row)
        .map_err(|bad| StoreError::Inconsistent { what: bad.to_string() })?;
    if let AnyQuestion::Open(open) = any {
        tx.apply(Change::Question(open.close().into()), stamp).await?;
        closed.push(id.clone());
    }
    Ok(())
}
