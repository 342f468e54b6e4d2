//! The worktrees of products for an attempt of a job about ideas: locked for it, and brought to the tip of the default
//! branch (`original` 8.6).

use super::hold::{Hold, Wish, over};
use super::release::{apply, of_attempt, typed};
use crate::domain::id::{JobId, ProductId};
use crate::domain::remote::RemoteUrl;
use crate::domain::worktree::AnyWorktree;
use crate::flow::holding::Holding;
use crate::flow::wire::ProductTree;
use crate::flow::{FlowError, Session, Sprintgate};
use crate::store::{Product, StoreError, Tx};

/// Characters of git's words that are kept.
const ERROR_MAX: usize = 2000;

impl Sprintgate {
    /// Locks the worktrees of products for an attempt that holds its job, all or none, and brings each to the tip of its
    /// remote's default branch, with an empty `.scratch`. The answers are in the caller's order, each product once; the
    /// first one with a repository is the primary one, and those without are skipped. Whoever ends the attempt frees
    /// the locks. An attempt that asks again while it works gets the same folders, as they are.
    ///
    /// # Errors
    /// `WORKTREE_LOCKED` when another attempt held one for a minute: the caller gives the attempt back, which gets no
    /// worktrees any more. `NOT_FOUND` for a product that the caller does not see; `VALIDATION_ERROR` for a job that
    /// works on code, or for other products than the attempt asked for before; `GIT_FAILED`, after which the locks are
    /// free and the attempt gets no worktrees any more.
    pub async fn product_trees(
        &self,
        session: &Session,
        job: &JobId,
        attempt: u32,
        products: &[ProductId],
    ) -> Result<Vec<ProductTree>, FlowError> {
        if products.is_empty() {
            return Ok(Vec::new());
        }
        let wish = Wish { session, job, attempt, products };
        let hold = self.hold_products(&wish).await?;
        let made = match self.make_trees(&wish, &hold).await {
            Ok(trees) if hold.is_ready => return Ok(trees),
            Ok(trees) => self.again(|| self.note_ready(&wish)).await.map(|()| trees),
            Err(error) => Err(error),
        };
        if let Err(error) = &made {
            let why: String = error.to_string().chars().take(ERROR_MAX).collect();
            if let Err(second) = self.again(|| self.note_failed(&wish, &why)).await {
                tracing::warn!(%job, attempt, %second, "could not free locks; whoever ends the attempt does");
            }
        }
        made
    }

    async fn make_trees(&self, wish: &Wish<'_>, hold: &Hold) -> Result<Vec<ProductTree>, FlowError> {
        let (mut trees, mut has_primary) = (Vec::with_capacity(hold.products.len()), false);
        for product in &hold.products {
            let Some(url) = address(product)? else {
                trees.push(ProductTree {
                    product_id: product.id.to_string(),
                    skipped: Some("no repository".to_owned()),
                    ..ProductTree::default()
                });
                continue;
            };
            let (path, commit) = if hold.is_ready {
                (self.git.path_of_product(&product.id), None)
            } else {
                let folder = self.git.hold_product(&product.id).await?;
                // Whoever slept for longer than its lease finds somebody else at work, and must not reset that one's.
                self.again(|| self.still_holds(wish)).await?;
                let made = self.git.product_tree(&url, &product.id, &folder).await?;
                (made.path, Some(made.commit.to_string()))
            };
            trees.push(ProductTree {
                product_id: product.id.to_string(),
                worktree_path: Some(path.display().to_string()),
                commit_sha: commit,
                is_primary: !std::mem::replace(&mut has_primary, true),
                skipped: None,
            });
        }
        Ok(trees)
    }

    /// Refuses an attempt that holds its locks no more; else it is a sign of its life.
    async fn still_holds(&self, wish: &Wish<'_>) -> Result<(), FlowError> {
        let (lease, mut tx) = (self.settings.lease, self.store.begin().await?);
        let held = self.holding(&mut *tx, wish).await?;
        let renewed = tx.renew(wish.job, wish.attempt, lease).await?;
        if !tx.renew_worktree(wish.job, wish.attempt, lease).await? || !renewed {
            return Err(self.gone(&mut *tx, &held, wish).await?);
        }
        Ok(tx.commit().await?)
    }

    /// Why it holds its locks no more.
    async fn gone(&self, tx: &mut dyn Tx, held: &Holding, wish: &Wish<'_>) -> Result<FlowError, FlowError> {
        Ok(match tx.worktree(wish.job, wish.attempt).await? {
            Some(row) => over(wish, row.status),
            None => held.lost(),
        })
    }

    async fn note_ready(&self, wish: &Wish<'_>) -> Result<(), FlowError> {
        let mut tx = self.store.begin().await?;
        let held = self.holding(&mut *tx, wish).await?;
        let stamp = of_attempt(wish.attempt);
        let syncing = match tx.worktree(wish.job, wish.attempt).await?.map(typed).transpose()? {
            Some(AnyWorktree::CreatingOrReusing(it)) => {
                let step = it.made();
                let next = step.next().clone();
                apply(&mut *tx, step.into(), &stamp).await?;
                next
            }
            Some(AnyWorktree::Syncing(it)) => it,
            Some(AnyWorktree::Ready(_)) => return Ok(()),
            _ => return Err(self.gone(&mut *tx, &held, wish).await?),
        };
        apply(&mut *tx, syncing.synced().into(), &stamp).await?;
        Ok(tx.commit().await?)
    }

    /// Frees the locks, unless that was done with the attempt's end.
    async fn note_failed(&self, wish: &Wish<'_>, why: &str) -> Result<(), FlowError> {
        let mut tx = self.store.begin().await?;
        let (now, stamp) = (tx.now(), of_attempt(wish.attempt));
        let change = match tx.worktree(wish.job, wish.attempt).await?.map(typed).transpose()? {
            Some(AnyWorktree::CreatingOrReusing(it)) => it.fail_sync(why, now).into(),
            Some(AnyWorktree::Syncing(it)) => it.fail_sync(why, now).into(),
            _ => return Ok(()),
        };
        apply(&mut *tx, change, &stamp).await?;
        Ok(tx.commit().await?)
    }

    async fn holding(&self, tx: &mut dyn Tx, wish: &Wish<'_>) -> Result<Holding, FlowError> {
        let caller = self.caller(tx, wish.session).await?;
        let number = Some(i64::from(wish.attempt));
        Holding::find(tx, wish.session, &caller, wish.job.as_str(), number).await?.live()
    }
}

/// Where a product's repository is, if it has one.
fn address(product: &Product) -> Result<Option<RemoteUrl>, FlowError> {
    let parsed = product.repo_url.as_deref().map(RemoteUrl::new).transpose();
    parsed.map_err(|bad| {
        let what = format!("product {}: {bad}", product.id);
        StoreError::Inconsistent { what }.into()
    })
}
