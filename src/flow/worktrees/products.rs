//! The worktrees of products for an attempt of a job about ideas: locked for it, and brought to the tip of the default
//! branch (`original` 8.6).

use std::path::PathBuf;

use super::hold::{Hold, Wish, over};
use super::judge::is_stopped;
use super::release::{apply, of_attempt, typed};
use crate::domain::commit::CommitId;
use crate::domain::id::{JobId, ProductId};
use crate::domain::remote::RemoteUrl;
use crate::domain::worktree::{AnyWorktree, has_left};
use crate::flow::holding::Holding;
use crate::flow::wire::ProductTree;
use crate::flow::{FlowError, Session, Sprintgate};
use crate::git::{Place, ProductAsk, ProductHeld, ProductPlace, ProductTree as Tree};
use crate::store::{Product, StoreError, Tx};

/// Characters of git's words that are kept.
const ERROR_MAX: usize = 2000;

/// A worktree that an attempt is given.
struct Ready {
    path: PathBuf,
    /// Where it was brought to; none when it had been given before.
    commit: Option<CommitId>,
}

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
            let ready = if hold.is_ready { self.given(wish, &product.id)? } else { None };
            let ready = match ready {
                Some(path) => Ready { path, commit: None },
                None => self.make_tree(wish, &url, &product.id).await?,
            };
            trees.push(ProductTree {
                product_id: product.id.to_string(),
                worktree_path: Some(ready.path.display().to_string()),
                commit_sha: ready.commit.map(|commit| commit.to_string()),
                is_primary: !std::mem::replace(&mut has_primary, true),
                skipped: None,
            });
        }
        Ok(trees)
    }

    async fn make_tree(
        &self,
        wish: &Wish<'_>,
        url: &RemoteUrl,
        product: &ProductId,
    ) -> Result<Ready, FlowError> {
        let held = self.git.hold_product(product).await?;
        // Whoever slept for longer than its lease finds somebody else at work, and must not reset that one's.
        self.again(|| self.still_holds(wish)).await?;
        // Another call of the attempt may have made it meanwhile, and its agent may be at work in it.
        if let Some(path) = self.given(wish, product)? {
            return Ok(Ready { path, commit: None });
        }
        let reuse = self.vacant(product, &held).await?;
        let ask = ProductAsk { url, product, user: place(wish), reuse };
        let Tree { path, commit, .. } = self.git.product_tree(ask, &held).await?;
        Ok(Ready { path, commit: Some(commit) })
    }

    /// Where the worktree of the product is that the attempt was given.
    fn given(&self, wish: &Wish<'_>, product: &ProductId) -> Result<Option<PathBuf>, FlowError> {
        let (folders, own) = (self.git.folders_of_product(product)?, place(wish));
        let given = folders.into_iter().find(|(_, user)| user.as_ref() == Some(&own));
        Ok(given.map(|(folder, _)| self.git.path_of_product(&folder)))
    }

    /// A worktree of the product in which nobody can be at work any more. Where the attempt before was taken its job and
    /// nobody said that its agent has stopped, that agent keeps its folder, until a clean-up finds that it can go; what is
    /// half made was shown to nobody, and goes at once, unless it resists: then it is a clean-up's.
    async fn vacant(
        &self,
        product: &ProductId,
        held: &ProductHeld,
    ) -> Result<Option<ProductPlace>, FlowError> {
        for (folder, user) in self.git.folders_of_product(product)? {
            match user {
                Some(user) if self.has_left(&user).await? => return Ok(Some(folder)),
                Some(_) => {}
                None => {
                    if let Err(error) = self.git.remove_product_tree(&folder, held).await {
                        tracing::warn!(%product, %error, "a half-made worktree stays");
                    }
                }
            }
        }
        Ok(None)
    }

    async fn has_left(&self, user: &Place) -> Result<bool, FlowError> {
        let found = self.again(|| async {
            let mut tx = self.store.read().await?;
            Ok(tx.job_and_attempt(&user.job, Some(user.attempt)).await?)
        });
        Ok(match found.await? {
            Some((job, Some(attempt))) => has_left(attempt.row.status, is_stopped(&job)),
            _ => false,
        })
    }

    /// Refuses an attempt that holds its locks no more; else it is a sign of its life.
    async fn still_holds(&self, wish: &Wish<'_>) -> Result<(), FlowError> {
        let (lease, mut tx) = (self.settings.lease, self.store.begin().await?);
        let held = self.holding(&mut *tx, wish).await?;
        let renewed = held.renew(&mut *tx, lease).await?;
        // an attempt without locks has none that it could hold
        if !renewed || !tx.renew_worktree(wish.job, wish.attempt, lease).await? {
            return Err(self.gone(&mut *tx, &held, wish).await?);
        }
        Ok(tx.commit().await?)
    }

    /// Why it holds its locks no more.
    pub(super) async fn gone(
        &self,
        tx: &mut dyn Tx,
        held: &Holding,
        wish: &Wish<'_>,
    ) -> Result<FlowError, FlowError> {
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

fn place(wish: &Wish<'_>) -> Place {
    Place { job: wish.job.clone(), attempt: wish.attempt }
}

/// Where a product's repository is, if it has one.
fn address(product: &Product) -> Result<Option<RemoteUrl>, FlowError> {
    let parsed = product.repo_url.as_deref().map(RemoteUrl::new).transpose();
    parsed.map_err(|bad| {
        let what = format!("product {}: {bad}", product.id);
        StoreError::Inconsistent { what }.into()
    })
}
