//! Removes the worktrees that can go: all of this machine, or those of one user. A live attempt's is never touched, and
//! what is not ours is only reported.

use super::judge::Verdict;
use super::view::salvaged;
use crate::domain::id::{JobId, UserId};
use crate::domain::worktree::Leave;
use crate::flow::wire::{Cleaned, CleanupMyWorktrees, WorktreeView};
use crate::flow::{FlowError, Session, Sprintgate};
use crate::git::{Found, Place, Size};

/// What is to be cleaned, and how.
#[derive(Default)]
struct Order<'a> {
    /// This user's only.
    only: Option<&'a UserId>,
    /// Say what would be done, and do nothing.
    dry: bool,
    /// Nobody works there any more.
    agent_gone: bool,
    /// Say how large each is.
    measured: bool,
    /// Also the worktrees of products that the next job would use.
    shared: bool,
}

impl Sprintgate {
    /// Removes the caller's worktrees on this machine that can go, after what they hold is kept. Of other users'
    /// nothing is said.
    ///
    /// # Errors
    /// `PERMISSION_DENIED` for an agent that works for one attempt. A folder that cannot be removed is kept, with the
    /// reason.
    pub async fn cleanup_my_worktrees(
        &self,
        session: &Session,
        CleanupMyWorktrees {}: CleanupMyWorktrees,
    ) -> Result<Cleaned, FlowError> {
        let caller = self.cleaner(session).await?;
        let order = Order { only: Some(&caller), measured: true, ..Order::default() };
        self.clean(self.git.places()?, &order).await
    }

    /// Removes every worktree on this machine that can go, whosever it is; with `dry` it only says which these are.
    ///
    /// # Errors
    /// As [`Sprintgate::cleanup_my_worktrees`].
    pub async fn clean_worktrees(&self, session: &Session, dry: bool) -> Result<Cleaned, FlowError> {
        self.cleaner(session).await?;
        let order = Order { dry, measured: true, shared: true, ..Order::default() };
        self.clean(self.git.places()?, &order).await
    }

    /// Removes every worktree on this machine that can go.
    ///
    /// # Errors
    /// When the store or the root cannot be read. A folder that cannot be removed is kept, with the reason.
    pub async fn tidy(&self) -> Result<Cleaned, FlowError> {
        self.clean(self.git.places()?, &Order::default()).await
    }

    /// Removes the worktree of one attempt whose agent is known to be gone, if it can go.
    ///
    /// # Errors
    /// As [`Sprintgate::tidy`].
    pub async fn tidy_attempt(&self, job: &JobId, attempt: u32) -> Result<Cleaned, FlowError> {
        let found = self.git.found_of(&Place { job: job.clone(), attempt })?;
        self.clean(found.into_iter().collect(), &Order { agent_gone: true, ..Order::default() }).await
    }

    /// Who may ask what lies on a machine, and remove it.
    pub(super) async fn cleaner(&self, session: &Session) -> Result<UserId, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        caller.may("list or remove worktrees")?;
        Ok(caller.user().clone())
    }

    async fn clean(&self, all: Vec<Found>, order: &Order<'_>) -> Result<Cleaned, FlowError> {
        let mut cleaned = Cleaned::default();
        for found in all {
            let mut judged = {
                let mut tx = self.store.read().await?;
                let judged = self.judge(&mut *tx, found, order.only, order.agent_gone).await?;
                let Some(judged) = judged else { continue };
                judged
            };
            let would_be_used = matches!(judged.verdict, Verdict::Goes(Leave::Free));
            if matches!(judged.found, Found::Product(_)) && would_be_used && !order.shared {
                continue;
            }
            // What is not ours is not gone into.
            let is_ours = !matches!(judged.verdict, Verdict::Foreign { .. });
            let size = if order.measured && is_ours { Some(self.size(&judged.found).await?) } else { None };
            let kept = if order.dry { None } else { self.carry_out(&mut judged).await? };
            let view = judged.view(&self.git.settings().worktree_root, size, !order.dry);
            cleaned.add(WorktreeView { salvaged: kept.map(salvaged), ..view });
        }
        if let Ok([worktrees, _]) = self.git.space() {
            cleaned.free_bytes = worktrees.free;
        }
        Ok(cleaned)
    }

    async fn size(&self, found: &Found) -> Result<Size, FlowError> {
        Ok(self.git.sizes_of(std::slice::from_ref(found)).await?.into_iter().next().unwrap_or_default())
    }
}

impl Cleaned {
    fn add(&mut self, view: WorktreeView) {
        let name = view.folder.clone();
        match view.fate.as_str() {
            "removed" => {
                self.freed_bytes = self.freed_bytes.saturating_add(view.bytes.unwrap_or(0));
                self.removed.push(name);
            }
            "stays" => self.kept.push(name),
            "foreign" => self.skipped.push(name),
            _ => {}
        }
        self.details.push(view);
    }
}
