//! `done`: judge, push, then lock the row, judge again and write DONE with all that follows from it.
//!
//! The push stands between two transactions, so that no lock is held while git talks to a server. Whatever
//! happened meanwhile (a cancel, another attempt) is found by the second judgement and wins.

use serde_json::json;

use super::push::Push;
use super::update::{Before, Report};
use crate::domain::commit::CommitId;
use crate::domain::gate::{self, Head, Passed};
use crate::domain::id::EffectId;
use crate::domain::job::{AnyJob, Publication};
use crate::flow::follow::any;
use crate::flow::holding::Holding;
use crate::flow::publish::{branch_ended, note_pushed};
use crate::flow::wire::Reported;
use crate::flow::{FlowError, Sprintgate};
use crate::git::Place;
use crate::store::{JobRecord, digest};

impl Sprintgate {
    pub(super) async fn report_done(
        &self,
        report: &Report<'_>,
        opens: &mut Option<EffectId>,
    ) -> Result<Reported, FlowError> {
        let held = match self.again(|| self.before(report)).await? {
            Before::Answered(answer) => return Ok(*answer),
            Before::New(held) => held,
        };
        // What git says is asked anew with each look at the database.
        let judge = async || {
            let head = self.head(&held).await?;
            let judged = self.first_judgement(report, &held, head.as_ref()).await?;
            Ok((head, judged))
        };
        let (head, judged) = self.again(judge).await?;
        if let Before::Answered(answer) = judged {
            return Ok(*answer);
        }
        let pushed = match &head {
            Some(head) => self.push(report, &held, head).await?,
            None => Push::Nothing,
        };
        let published = match pushed {
            Push::There(commit) => Some(commit),
            Push::Nothing => None,
            Push::Never(why) => {
                return self.again(|| self.fail(report, why.clone())).await;
            }
        };
        let finish = || self.finish(report, head.as_ref(), published.as_ref());
        let (answer, opening) = self.again(finish).await?;
        *opens = opening;
        Ok(answer)
    }

    /// Judges before anything is done, renews the lease for the time of the push, and notes what is about to be
    /// sent: from now on it may be on the branch at any time.
    pub(super) async fn first_judgement(
        &self,
        report: &Report<'_>,
        held: &Holding,
        head: Option<&Head>,
    ) -> Result<Before<()>, FlowError> {
        let mut open = match self.open_job(report).await? {
            Before::Answered(answer) => return Ok(Before::Answered(answer)),
            Before::New(open) => open,
        };
        // by the verdict that is there now: the agent may have committed and verified again since the job was read
        proof(&open.held.job, held.attempt.row.number, head, report)?;
        if !held.renew(&mut *open.tx, self.settings.lease).await? {
            return Err(open.held.lost());
        }
        // where the attempt began is no work of its own
        if let Some(head) = head.filter(|head| held.job.row.base.as_ref() != Some(&head.commit)) {
            open.tx.note_sent(&held.job.row.id, held.attempt.row.number, &head.commit).await?;
        }
        open.tx.commit().await?;
        Ok(Before::New(()))
    }

    /// Where the attempt's worktree stands; nothing for a job that changes no code.
    async fn head(&self, held: &Holding) -> Result<Option<Head>, FlowError> {
        if !held.job.row.kind.changes_code() {
            return Ok(None);
        }
        let place = Place { job: held.job.row.id.clone(), attempt: held.attempt.row.number };
        let look = self.git.look(&self.site(&held.job)?.url, &place).await?;
        Ok(Some(Head { commit: look.head, dirty: look.dirty.len() }))
    }

    /// Locks the row, judges again what is there now, and writes. Beside the answer is the effect that opens the branch's
    /// pull request, if that is on its way.
    pub(super) async fn finish(
        &self,
        report: &Report<'_>,
        head: Option<&Head>,
        published: Option<&CommitId>,
    ) -> Result<(Reported, Option<EffectId>), FlowError> {
        let mut open = match self.open(report).await? {
            Before::Answered(answer) => return Ok((*answer, None)),
            Before::New(open) => open,
        };
        let (now, number) = (open.tx.now(), open.held.attempt.row.number);
        let job = &open.held.job;
        let proof = proof(job, number, head, report)?;
        let publication = published.map(|commit| Publication { commit: commit.clone(), at: now });
        let mut stamp = open.stamp();
        stamp.facts = json!({
            "verify_result": job.row.evidence.as_ref().map(|seen| seen.result),
            "verified_sha": job.row.evidence.as_ref().map(|seen| &seen.commit),
            "verify_required": open.held.attempt.row.frozen.policy.required,
            "verify_only": open.held.attempt.row.frozen.policy.verify_only,
            "pushed": publication.is_some(),
        });
        stamp.evidence = job.row.evidence.as_ref().map(|seen| {
            let words = format!(
                "{}\n{}\n{}\n",
                seen.result,
                seen.commit,
                job.verify_reasoning.as_deref().unwrap_or("")
            );
            digest(words.as_bytes())
        });
        let summary = report.ask.summary.clone();
        let change = match any(job)? {
            AnyJob::Claimed(job) => job.finish(number, proof, publication, summary, now)?.into(),
            AnyJob::Running(job) => job.finish(number, proof, publication, summary, now)?.into(),
            _ => return Err(open.held.lost()),
        };
        open.moves(&self.forges, change, &stamp).await?;
        let opens = match published {
            Some(head) => note_pushed(&self.forges, &mut *open.tx, &open.held.job, head, &stamp).await?,
            None => {
                if let (Some(repo), Some(branch)) = (&open.held.job.repo_url, &open.held.job.branch) {
                    branch_ended(&self.forges, &mut *open.tx, repo, branch, &stamp).await?;
                }
                None
            }
        };
        Ok((self.close(report, open).await?, opens))
    }
}

/// The proof that the gate gives for this attempt, as things stand.
fn proof(
    job: &JobRecord,
    number: u32,
    head: Option<&Head>,
    report: &Report<'_>,
) -> Result<Passed, FlowError> {
    let row = &job.row;
    let Some(head) = head else { return Ok(gate::exempt(&row.id, number, row.kind)?) };
    let policy = row.policy.unwrap_or_default();
    let summary = report.ask.summary.as_deref();
    Ok(gate::judge(&row.id, number, row.evidence.as_ref(), policy, summary, head)?)
}
