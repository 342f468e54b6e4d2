//! The publication of branches.

use async_trait::async_trait;

use super::apply::{Texts, before, guarded};
use super::cells::Cells;
use super::dialect::{DbRow, lock};
use super::moved::{entry_first, from_entry, next_of_entry, state};
use super::outbox::Whose;
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::At;
use crate::domain::id::PullRequestId;
use crate::domain::machine::Word;
use crate::domain::pull_request::{Row, Status};
use crate::store::{NewPullRequest, PullRequestRecord, PullRequests, Stamp, StoreError};

macro_rules! pull_requests {
    ($($which:expr),+) => {
        concat!(
            "SELECT id, pr_strategy, branch, status, head_sha, pr_url, draft, reason, merge_sha, finished_at, ",
            "product_id, sprint_run_id, story_id, repo_url, created_at FROM pull_requests WHERE ",
            $($which),+
        )
    };
}

statements! {
    PULL_REQUEST_BEFORE = before!("pull_request", "pull_requests", whose "NULL AS user_id, e.product_id");
    MOVE_PULL_REQUEST = guarded!("pull_requests",
        own "head_sha = $6, pr_url = $7, draft = $8, reason = $9, merge_sha = $10, finished_at = $11");
    ADD_PULL_REQUEST = "INSERT INTO pull_requests (id, product_id, sprint_run_id, story_id, repo_url, branch, \
        pr_strategy, status, status_event, ledger_seq, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'NONE', 'create', 1, $8, $8)";
    PULL_REQUEST = pull_requests!("id = $1");
    LOCK_PULL_REQUEST = pull_requests!("id = $1", lock!("pull_requests"));
    PULL_REQUESTS_OF_BRANCH = pull_requests!("repo_url = $1 AND branch = $2 \
        ORDER BY created_at DESC, id DESC LIMIT $3");
}

pub(super) const TEXTS: Texts = Texts { before: PULL_REQUEST_BEFORE, guarded: MOVE_PULL_REQUEST };

/// The columns that a move may change.
pub(super) fn own<'q>(bound: Bound<'q>, row: &'q Row) -> Bound<'q> {
    bound
        .bind(row.head.as_ref().map(|c| c.as_str()))
        .bind(row.url.as_deref())
        .bind(row.draft)
        .bind(row.reason.as_deref())
        .bind(row.merge.as_ref().map(|c| c.as_str()))
        .bind(row.finished_at.map(At))
}

#[async_trait]
impl PullRequests for DbTx {
    async fn add_pull_request(&mut self, new: &NewPullRequest, stamp: &Stamp) -> Result<(), StoreError> {
        let publication = &new.pull_request;
        super::births::note(
            self,
            "pull_request",
            publication.id.as_str(),
            Status::Unpublished,
            Whose::Product(&new.product),
            stamp,
        )
        .await?;
        let bound = sqlx::query(ADD_PULL_REQUEST)
            .bind(publication.id.as_str())
            .bind(new.product.as_str())
            .bind(new.run.as_ref().map(|id| id.as_str()))
            .bind(new.story.as_ref().map(|id| id.as_str()))
            .bind(&new.repo_url)
            .bind(publication.branch.as_str())
            .bind(publication.strategy.word())
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn pull_request(&mut self, id: &PullRequestId) -> Result<Option<PullRequestRecord>, StoreError> {
        self.one(sqlx::query(self.either(PULL_REQUEST, LOCK_PULL_REQUEST)).bind(id.as_str()))
            .await?
            .as_ref()
            .map(pull_request)
            .transpose()
    }

    async fn pull_requests_of_branch(
        &mut self,
        repo_url: &str,
        branch: &str,
        limit: u32,
    ) -> Result<Vec<PullRequestRecord>, StoreError> {
        let bound = sqlx::query(PULL_REQUESTS_OF_BRANCH).bind(repo_url).bind(branch).bind(i64::from(limit));
        self.all(bound).await?.iter().map(pull_request).collect()
    }
}

fn pull_request(row: &DbRow) -> Result<PullRequestRecord, StoreError> {
    let cells = Cells(row);
    Ok(PullRequestRecord {
        row: Row {
            id: cells.id("id")?,
            strategy: cells.word("pr_strategy")?,
            branch: cells.id("branch")?,
            status: cells.word("status")?,
            head: cells.id_if("head_sha")?,
            url: cells.get("pr_url")?,
            draft: cells.get("draft")?,
            reason: cells.get("reason")?,
            merge: cells.id_if("merge_sha")?,
            finished_at: cells.time_if("finished_at")?,
        },
        product: cells.id("product_id")?,
        run: cells.id_if("sprint_run_id")?,
        story: cells.id_if("story_id")?,
        repo_url: cells.get("repo_url")?,
        created_at: cells.time("created_at")?,
    })
}
