//! Makes a claimed job ready to be worked on: its worktree, its base commit, and the answer that describes it.

use std::path::PathBuf;

use super::claim::Taken;
use super::context::describe;
use super::holding::Holding;
use super::keep::note_kept;
use super::notices::missing;
use super::readying::ReadyAsk;
use super::wire::{JobAnswer, Notice};
use super::{FlowError, Session, Sprintgate};
use crate::domain::commit::CommitId;
use crate::domain::publication::CommitTrailers;
use crate::domain::remote::RemoteUrl;
use crate::git::{Place, Worktree, WorktreeAsk};
use crate::store::{JobRecord, Tx};

/// Where a claimed job is worked on.
#[derive(Debug)]
pub(crate) struct Workplace {
    url: RemoteUrl,
    clone: PathBuf,
    path: PathBuf,
    /// The worktree, when it was made just now.
    made: Option<Worktree>,
    notices: Vec<Notice>,
    trailers: Option<CommitTrailers>,
}

impl Workplace {
    /// The worktree, when it was made just now.
    pub(super) fn to_ready(&self) -> Option<ReadyAsk<'_>> {
        let (url, worktree, clone) = (&self.url, &*self.path, &*self.clone);
        self.made.is_some().then_some(ReadyAsk { url, worktree, clone, is_of_another: false })
    }
}

impl Sprintgate {
    /// Makes the worktree, has it made ready and notes where the work starts. No transaction is open while git works.
    pub(super) async fn prepare(&self, session: &Session, taken: &Taken) -> Result<JobAnswer, FlowError> {
        // Who asks again while it is made waits, and finds it made.
        let line = self.makings.of(Place { job: taken.job.clone(), attempt: taken.attempt });
        let _first = line.lock().await;
        let work = async {
            let workplace = self.workplace(session, taken).await?;
            self.make_ready(&workplace).await?;
            Ok(workplace)
        };
        let workplace = self.alive(session, &taken.job, taken.attempt, work).await?;
        self.note_workplace(session, taken, &workplace).await
    }

    /// Finds the worktree of a claimed job, or makes it.
    pub(crate) async fn workplace(&self, session: &Session, taken: &Taken) -> Result<Workplace, FlowError> {
        let (job, attempt) = (taken.job.as_str(), Some(i64::from(taken.attempt)));
        let (record, base, trailers) = match &taken.record {
            Some(record) => (JobRecord::clone(record), None, taken.trailers.clone()),
            None => {
                let find = || async {
                    let mut tx = self.store.read().await?;
                    let caller = self.caller(&mut *tx, session).await?;
                    let held = Holding::find(&mut *tx, session, &caller, job, attempt).await?.live()?;
                    let trailers = held.trailers(&mut *tx).await?;
                    Ok((held, trailers))
                };
                let (held, trailers) = self.again(find).await?;
                (held.job, held.attempt.base, trailers)
            }
        };
        let site = self.site(&record)?;
        let clone = self.clone_of(&site.url, &record.product).await?;
        let place = Place { job: taken.job.clone(), attempt: taken.attempt };
        let path = self.git.path_of(&place);
        let made = match &base {
            // A repeated request finds its worktree made.
            Some(_) if path.is_dir() => None,
            _ => {
                // Noted before it goes: it is told of, however the making ends.
                if let Some(kept) = self.git.salvage(&site.url, &place).await? {
                    self.note_kept(&site.url, &place, &kept).await?;
                }
                let (place, trailers) = (place.clone(), trailers.clone());
                let ask = WorktreeAsk { url: &site.url, place, branch: &site.branch, trailers };
                Some(self.git.make_worktree(ask).await?)
            }
        };
        let notices = self.git.notices(&site.url, &place).await?.iter().map(missing).collect();
        Ok(Workplace { url: site.url, clone, path, made, notices, trailers })
    }

    /// Notes where the work starts.
    pub(crate) async fn note_workplace(
        &self,
        session: &Session,
        taken: &Taken,
        workplace: &Workplace,
    ) -> Result<JobAnswer, FlowError> {
        let (job, attempt) = (taken.job.as_str(), Some(i64::from(taken.attempt)));
        let Workplace { url, path, made, notices, trailers, .. } = workplace;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            let mut held = Holding::find(&mut *tx, session, &caller, job, attempt).await?.live()?;
            let lease = self.settings.lease;
            let renewed = match made {
                Some(made) => {
                    let base = start_of(&mut *tx, taken, made).await?;
                    let published = made.published.as_ref();
                    let noted = tx.note_base(&taken.job, taken.attempt, &base, published, lease).await?;
                    held.job.row.base = Some(base);
                    held.attempt.published = made.published.clone();
                    // Unless somebody wrote there all the same, it is noted already.
                    for (place, kept) in &made.salvaged {
                        note_kept(&mut *tx, url, place, kept).await?;
                    }
                    noted
                }
                None => held.renew(&mut *tx, lease).await?,
            };
            if !renewed {
                return Err(held.lost());
            }
            held.job.row.lease_until = held.job.row.lease_until.max(Some(tx.now() + lease));
            let described = describe(&mut *tx, &held, path).await?;
            let commit_trailers = trailers.as_ref().map(CommitTrailers::lines).unwrap_or_default();
            let answer = JobAnswer { notices: notices.clone(), commit_trailers, ..described };
            tx.commit().await?;
            Ok(answer)
        })
        .await
    }
}

/// The commit that the attempt's work is compared with. An earlier attempt may have pushed what it had verified and
/// died before the job was DONE: its commit is where the branch stands, and the job's work begins before it.
async fn start_of(tx: &mut dyn Tx, taken: &Taken, made: &Worktree) -> Result<CommitId, FlowError> {
    let Some(tip) = &made.published else { return Ok(made.base.clone()) };
    let attempts = tx.attempts(&taken.job).await?;
    let pushed = attempts.into_iter().find(|attempt| {
        attempt.row.number < taken.attempt
            && attempt.evidence.as_ref().is_some_and(|seen| &seen.commit == tip)
    });
    Ok(pushed.and_then(|attempt| attempt.base).unwrap_or_else(|| made.base.clone()))
}
