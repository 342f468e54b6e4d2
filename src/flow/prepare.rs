//! Makes a claimed job ready to be worked on: its worktree, its base commit, and the answer that describes it.

use super::claim::Taken;
use super::context::describe;
use super::holding::Holding;
use super::wire::JobAnswer;
use super::{FlowError, Session, Sprintgate};
use crate::git::{Place, WorktreeAsk};

impl Sprintgate {
    /// Makes the worktree and notes where the work starts. No transaction is open while git works.
    pub(super) async fn prepare(&self, session: &Session, taken: &Taken) -> Result<JobAnswer, FlowError> {
        let (job, attempt) = (taken.job.as_str(), Some(i64::from(taken.attempt)));
        let held = {
            let mut tx = self.store.read().await?;
            let caller = self.caller(&mut *tx, session).await?;
            Holding::find(&mut *tx, session, &caller, job, attempt).await?.live()?
        };
        let site = self.site(&held.job)?;
        let place = Place { job: taken.job.clone(), attempt: taken.attempt };
        let path = self.git.path_of(&place);
        let made = match &held.attempt.base {
            // A repeated request finds its worktree made.
            Some(_) if path.is_dir() => None,
            _ => {
                let ask = WorktreeAsk { clone: &site.clone, url: &site.url, place, branch: &site.branch };
                Some(self.git.make_worktree(ask).await?)
            }
        };
        let mut tx = self.store.begin().await?;
        let caller = self.caller(&mut *tx, session).await?;
        Holding::find(&mut *tx, session, &caller, job, attempt).await?.live()?;
        if let Some(made) = &made {
            tx.note_base(&taken.job, taken.attempt, &made.base, made.published.as_ref()).await?;
        }
        tx.renew(&taken.job, taken.attempt, self.settings.lease).await?;
        let held = Holding::find(&mut *tx, session, &caller, job, attempt).await?.live()?;
        let answer = describe(&mut *tx, &held, &path).await?;
        tx.commit().await?;
        Ok(answer)
    }
}
