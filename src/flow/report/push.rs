//! The push of `done`. What was sent gets there also when the attempt loses its job meanwhile, and so a branch may stand
//! where a dead attempt pushed it, late: who sent that commit is looked up, and the domain says whether it gives way.

use std::time::Duration;

use super::update::Report;
use crate::domain::branch::Sent;
use crate::domain::commit::CommitId;
use crate::domain::gate::Head;
use crate::domain::job::Failure;
use crate::domain::push::PushClass;
use crate::domain::push_rule::{PushFailed, PushRule};
use crate::flow::holding::Holding;
use crate::flow::{FlowError, Sprintgate};
use crate::git::{NotPushed, Place, PublishAsk, Published};

/// Tries of a push that fails for a reason that may pass.
const PUSH_TRIES: u32 = 3;
/// The pause before the second try; doubled for each one after it.
const PUSH_PAUSE: Duration = Duration::from_millis(200);

/// Commits on the way back from where the branch stands that are looked up. A job has three attempts, and few of them
/// push and die.
const WAY_MAX: usize = 32;
/// Attempts that sent one commit; what more attempts sent than this gives way to none.
const SENDERS_MAX: u32 = 32;

/// What came of the push.
pub(super) enum Push {
    /// The commit is on the remote.
    There(CommitId),
    /// There was nothing to publish.
    Nothing,
    /// It can never succeed as it is; the job fails with that.
    Never(Failure),
}

/// The end of the job, unless the same push may succeed later.
fn never(class: PushClass, rule: Option<PushRule>, why: String) -> Result<Push, FlowError> {
    let failure = PushFailed { class, rule }.failure(&why);
    failure.map(Push::Never).ok_or(FlowError::PushAgain { why })
}

impl Sprintgate {
    pub(super) async fn push(
        &self,
        report: &Report<'_>,
        held: &Holding,
        head: &Head,
    ) -> Result<Push, FlowError> {
        let row = &held.job.row;
        let place = Place { job: row.id.clone(), attempt: held.attempt.row.number };
        let base = row.base.as_ref();
        let base = base.ok_or_else(|| FlowError::NoBase { job: row.id.to_string(), attempt: row.attempt })?;
        let site = self.site(&held.job)?;
        self.git.take(&site.url, &place, &head.commit).await?;
        let expected = held.attempt.published.as_ref();
        let ask = PublishAsk {
            url: &site.url,
            place: &place,
            branch: &site.branch,
            head: &head.commit,
            base,
            expected,
            sent: &[],
        };
        match self.publish_alive(report, held, ask).await? {
            Published::Pushed { head, .. } => Ok(Push::There(head)),
            Published::AlreadyThere => Ok(Push::There(head.commit.clone())),
            Published::Nothing => Ok(Push::Nothing),
            Published::Conflict { why, .. } => never(PushClass::Conflict, None, why),
            Published::Failed(NotPushed { class, rule, why }) => never(class, rule, why),
        }
    }

    /// Publishes, with signs of life meanwhile. An attempt that lost its job stops: git is killed, though what it has sent
    /// may get there all the same.
    async fn publish_alive(
        &self,
        report: &Report<'_>,
        held: &Holding,
        ask: PublishAsk<'_>,
    ) -> Result<Published, FlowError> {
        let (job, number) = (&held.job.row.id, held.attempt.row.number);
        self.alive(report.session, job, number, self.publish(report, held, ask)).await
    }

    /// Publishes. A failure that may pass is tried again, with growing pauses; so is one at a commit that attempts
    /// sent, once it is known which.
    async fn publish(
        &self,
        report: &Report<'_>,
        held: &Holding,
        ask: PublishAsk<'_>,
    ) -> Result<Published, FlowError> {
        let (mut pause, mut sent) = (PUSH_PAUSE, Vec::new());
        for _ in 1..PUSH_TRIES {
            match self.publish_at(report, held, ask, &mut sent).await? {
                Published::Failed(NotPushed { class: PushClass::Transient, why, .. }) => {
                    tracing::info!(%why, "a push is tried again");
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                answer => return Ok(answer),
            }
        }
        self.publish_at(report, held, ask, &mut sent).await
    }

    /// Publishes, and looks up who sent the commit that is in the way. What is known of one commit is of use for the
    /// next try as well.
    async fn publish_at(
        &self,
        report: &Report<'_>,
        held: &Holding,
        ask: PublishAsk<'_>,
        sent: &mut Vec<Sent>,
    ) -> Result<Published, FlowError> {
        let answer = self.git.publish(PublishAsk { sent, ..ask }).await?;
        let Published::Conflict { found: Some(tip), why } = answer else { return Ok(answer) };
        if sent.iter().any(|one| one.commit == tip) {
            return Ok(Published::Conflict { found: Some(tip), why });
        }
        *sent = self.again(|| self.sent(report, held, tip.clone())).await?;
        if sent.is_empty() {
            return Ok(Published::Conflict { found: Some(tip), why });
        }
        match self.git.publish(PublishAsk { sent, ..ask }).await? {
            // it was moved again meanwhile
            Published::Conflict { found: Some(other), why } if other != tip => {
                Ok(Published::Failed(NotPushed { class: PushClass::Transient, rule: None, why }))
            }
            answer => Ok(answer),
        }
    }

    /// Who sent the commit that the branch stands at, who sent what these began from, and so on; for an attempt
    /// that still holds its job.
    async fn sent(&self, report: &Report<'_>, held: &Holding, tip: CommitId) -> Result<Vec<Sent>, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, report.session).await?;
        let number = held.attempt.row.number;
        let attempt = Some(i64::from(number));
        let held =
            Holding::find(&mut *tx, report.session, &caller, &report.ask.job_id, attempt).await?.live()?;
        let job = &held.job;
        let (Some(url), Some(branch)) = (&job.repo_url, &job.branch) else { return Ok(Vec::new()) };
        let (mut sent, mut way, mut next) = (Vec::new(), vec![tip], 0);
        while let Some(commit) = way.get(next).cloned().filter(|_| next < WAY_MAX) {
            next += 1;
            let senders = tx.senders(url, branch, &commit, SENDERS_MAX).await?;
            if senders.len() == SENDERS_MAX as usize {
                continue;
            }
            for one in senders {
                let own = one.job == job.row.id && one.attempt == number;
                let begins = one.start.iter().filter(|start| !way.contains(start)).cloned();
                let begins: Vec<CommitId> = begins.collect();
                way.extend(begins);
                sent.push(Sent { commit: commit.clone(), status: one.status, own, start: one.start });
            }
        }
        Ok(sent)
    }
}
