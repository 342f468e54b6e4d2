//! What a publication is due is decided by, read as it is now.

use std::sync::Arc;

use super::is_undone;
use crate::domain::forge::RepoPath;
use crate::domain::publication::Scene;
use crate::domain::remote::RemoteUrl;
use crate::domain::run::PrStrategy;
use crate::flow::FlowError;
use crate::forge::{Forge, Forges};
use crate::store::{PullRequestRecord, StoreError, Tx};

/// Where a publication's repository is.
pub(in crate::flow) struct At {
    pub(in crate::flow) url: RemoteUrl,
    pub(in crate::flow) forge: Arc<dyn Forge>,
    pub(in crate::flow) repo: RepoPath,
}

/// Where the repository of an address is, if a forge of it is configured here.
pub(in crate::flow) fn at(forges: &Forges, repo_url: &str) -> Option<At> {
    let url = RemoteUrl::new(repo_url).ok()?;
    let (forge, repo) = forges.of(&url)?;
    Some(At { url, forge, repo })
}

/// Everything that decides what a publication is due, in a transaction that holds its product, or looks. Paths that keep
/// it from being merged by itself are known at the forge only, so that none counts here.
pub(in crate::flow) async fn scene(
    forges: &Forges,
    tx: &mut dyn Tx,
    record: &PullRequestRecord,
) -> Result<Scene, FlowError> {
    let row = &record.row;
    let facts = tx.publication_facts(&row.id).await?;
    let facts = facts.ok_or_else(|| vanished(record))?;
    let url = RemoteUrl::new(record.repo_url.as_str()).map_err(|_| vanished(record))?;
    let is_story = row.strategy == PrStrategy::Story;
    Ok(Scene {
        status: row.status,
        strategy: row.strategy,
        head: row.head.clone(),
        auto_pr: facts.auto_pr,
        forge: forges.of(&url).is_some(),
        story: facts.story.filter(|_| is_story),
        run: facts.run.filter(|_| !is_story),
        work: tx.work_on(&url, &row.branch).await?,
        protected: false,
        undone: is_undone(tx, record).await?,
    })
}

fn vanished(record: &PullRequestRecord) -> StoreError {
    StoreError::Inconsistent {
        what: format!("publication {} has no product or no repository", record.row.id),
    }
}
