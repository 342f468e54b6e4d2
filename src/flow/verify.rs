//! `verify_task_against_plan`: compares what an attempt committed with the plan it was given. The server reads the
//! facts itself; the caller's path is only compared.

use super::holding::Holding;
use super::notices::{PATHS_SHOWN, changed};
use super::wire::{Notice, Verified, VerifyTask};
use super::{Caller, FlowError, Session, Sprintgate, legal, text};
use crate::domain::commit::CommitId;
use crate::domain::gate::{self, Evidence, Head};
use crate::domain::id::{JobId, TaskId};
use crate::domain::machine::Word;
use crate::domain::verify::{DiffScan, Judgement, classify};
use crate::git::{Look, Place};
use crate::store::{Tx, Verification};

/// What an attempt committed, judged by its frozen plan.
#[derive(Debug)]
pub(crate) struct Judged {
    held: Holding,
    base: CommitId,
    look: Look,
    judgement: Judgement,
    notices: Vec<Notice>,
}

impl Sprintgate {
    /// Judges the attempt's commit by its frozen plan and keeps the verdict, bound to that commit.
    ///
    /// # Errors
    /// `LEASE_LOST`, `JOB_CANCELLED`, `MISSING_BASE_SHA`, `WORKTREE_MISMATCH`, `LFS_CONTENT` when files have content where
    /// their pointer belongs, of which there is no verdict then; or what git says.
    pub async fn verify_task_against_plan(
        &self,
        session: &Session,
        ask: VerifyTask,
    ) -> Result<Verified, FlowError> {
        let judged = self.judged(session, &ask).await?;
        self.keep_verdict(session, &ask, &judged).await
    }

    /// Reads what the attempt committed, and judges it.
    pub(crate) async fn judged(&self, session: &Session, ask: &VerifyTask) -> Result<Judged, FlowError> {
        let held = self
            .again(|| async {
                let mut tx = self.store.read().await?;
                let caller = self.caller(&mut *tx, session).await?;
                let job = job_of(&mut *tx, session, &caller, &ask.task_id).await?;
                Holding::find(&mut *tx, session, &caller, job.as_str(), ask.attempt).await?.live()
            })
            .await?;
        let (job, number) = (held.job.row.id.clone(), held.attempt.row.number);
        let place = Place { job: job.clone(), attempt: number };
        self.same_worktree(&place, ask.worktree_path.as_deref())?;
        let base = held.job.row.base.clone();
        let base = base.ok_or_else(|| FlowError::NoBase { job: job.to_string(), attempt: number })?;
        let site = self.site(&held.job)?;
        let look = self.git.look(&site.url, &place).await?;
        self.git.take(&site.url, &place, &look.head).await?;
        let touched = self.git.touched(&site.url, &base, &look.head).await?;
        if !touched.contents.is_empty() {
            let (count, mut paths) = (touched.contents.len(), touched.contents);
            paths.truncate(PATHS_SHOWN);
            return Err(FlowError::LfsContent { paths, count });
        }
        let scan = self.git.diff(&site.url, &base, &look.head, DiffScan::default(), DiffScan::line).await?;
        let judgement = classify(&scan.finish(), held.job.row.plan.as_deref());
        let judgement = judgement.with_submodules(&touched.submodules);
        Ok(Judged { held, base, look, judgement, notices: changed(&touched) })
    }

    /// Keeps the verdict.
    pub(crate) async fn keep_verdict(
        &self,
        session: &Session,
        ask: &VerifyTask,
        judged: &Judged,
    ) -> Result<Verified, FlowError> {
        let Judged { held, base, look, judgement, notices } = judged;
        let (job, number) = (held.job.row.id.clone(), held.attempt.row.number);
        let (evidence, status) = self
            .again(|| async {
                let mut tx = self.store.begin().await?;
                let caller = self.caller(&mut *tx, session).await?;
                let now_held =
                    Holding::find(&mut *tx, session, &caller, job.as_str(), Some(i64::from(number))).await?;
                let now_held = now_held.live()?;
                let evidence = Evidence { result: judgement.result, commit: look.head.clone(), at: tx.now() };
                let seen =
                    Verification { evidence: evidence.clone(), reasoning: judgement.reasoning.clone() };
                if !tx.note_verdict(&job, number, &seen).await?
                    || !now_held.renew(&mut *tx, self.settings.lease).await?
                {
                    return Err(now_held.lost());
                }
                tx.commit().await?;
                Ok((evidence, now_held.job.row.status))
            })
            .await?;

        let policy = held.attempt.row.frozen.policy;
        let head = Head { commit: look.head.clone(), dirty: look.dirty.len() };
        let verdict = gate::judge(&job, number, Some(&evidence), policy, None, &head);
        Ok(Verified {
            result: judgement.result.word().to_lowercase(),
            reasoning: judgement.reasoning.clone(),
            verify_only: policy.verify_only,
            task_id: ask.task_id.clone(),
            job_id: job.to_string(),
            attempt: i64::from(number),
            base_sha: base.to_string(),
            head_sha: look.head.to_string(),
            uncommitted: look.dirty.clone(),
            allowed_for_done: verdict.is_ok(),
            missing: verdict.err().map(|shut| shut.to_string()),
            notices: notices.clone(),
            legal_next: legal::next(status),
        })
    }

    /// The caller's idea of its worktree must be the server's.
    fn same_worktree(&self, place: &Place, given: Option<&str>) -> Result<(), FlowError> {
        let Some(given) = given else { return Ok(()) };
        let expected = self.git.path_of(place);
        let real = |path: &std::path::Path| std::fs::canonicalize(path).ok();
        let given = std::path::Path::new(given);
        if given == expected || (real(given).is_some() && real(given) == real(&expected)) {
            return Ok(());
        }
        Err(FlowError::ForeignWorktree { expected: expected.display().to_string() })
    }
}

/// The job that the caller means by a task: the one its token was minted for, else the one that this session claimed
/// last, else the task's open one.
async fn job_of(tx: &mut dyn Tx, session: &Session, caller: &Caller, task: &str) -> Result<JobId, FlowError> {
    caller.may_write()?;
    let id: TaskId = text::id("task_id", task)?;
    let absent = || FlowError::not_found("task", task);
    let task = tx.task(caller.user(), &id).await?.ok_or_else(absent)?;
    if let Some((job, _)) = &caller.token.scope {
        let own = tx.job(job).await?.is_some_and(|job| job.task.as_ref() == Some(&id));
        return if own { Ok(job.clone()) } else { Err(absent()) };
    }
    // A late caller is to learn of its own job's end, and not to speak for the job that came after it.
    for job in session.claimed_jobs() {
        if tx.job(&job).await?.is_some_and(|job| job.task.as_ref() == Some(&id)) {
            return Ok(job);
        }
    }
    if let Some(open) = tx.open_job_of_task(&task.id).await? {
        return Ok(open.row.id);
    }
    Err(FlowError::not_found("open job of task", id.as_ref()))
}
