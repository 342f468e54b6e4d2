//! The publication of branches.

use async_trait::async_trait;
use serde_json::json;

use super::apply::{Texts, before, guarded};
use super::cells::Cells;
use super::dialect::{DbRow, among, given, listed, lock};
use super::job_rows::{self, job_cells, jobs};
use super::moved::{entry_first, from_entry, next_of_entry, state};
use super::outbox::Whose;
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::{At, Document};
use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::forge::{ForgeHost, PrUrl};
use crate::domain::id::{JobId, ProductId, PullRequestId, RunId, StoryId};
use crate::domain::machine::Word;
use crate::domain::publication::Work;
use crate::domain::pull_request::{Row, Status};
use crate::domain::remote::RemoteUrl;
use crate::domain::time::Timestamp;
use crate::store::repo_key::repo_key;
use crate::store::{
    EndedJob, JobRecord, NewPullRequest, PublicationFacts, PullRequestRecord, PullRequests, Stamp, StoreError,
};

macro_rules! pull_requests {
    ($($which:expr),+) => {
        concat!(
            "SELECT id, pr_strategy, branch, status, head_sha, pr_url, draft, reason, merge_sha, merged_head_sha, finished_at, ",
            "product_id, sprint_run_id, story_id, repo_url, poll_at, created_at FROM pull_requests WHERE ",
            $($which),+
        )
    };
}

/// Those that have not ended.
macro_rules! live {
    ($which:expr $(, $more:expr)?) => {
        pull_requests!($which, " AND status NOT IN ('MERGED', 'CLOSED')" $(, $more)?)
    };
}

/// The jobs of branch $2 of repository $1.
macro_rules! of_branch {
    () => {
        "claude_jobs j WHERE j.repo_key = $1 AND j.branch = $2"
    };
}

statements! {
    PULL_REQUEST_BEFORE = before!("pull_request", "pull_requests", whose "NULL AS user_id, e.product_id");
    MOVE_PULL_REQUEST = guarded!("pull_requests",
        own "head_sha = $6, pr_url = $7, draft = $8, reason = $9, merge_sha = $10, merged_head_sha = $11, \
        finished_at = $12");
    ADD_PULL_REQUEST = "INSERT INTO pull_requests (id, product_id, sprint_run_id, story_id, repo_url, repo_key, branch, \
        pr_strategy, status, status_event, ledger_seq, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $9, $6, $7, 'NONE', 'create', 1, $8, $8)";
    PULL_REQUEST = pull_requests!("id = $1");
    LOCK_PULL_REQUEST = pull_requests!("id = $1", lock!("pull_requests"));
    PULL_REQUESTS_OF_BRANCH = pull_requests!("repo_key = $1 AND branch = $2 \
        ORDER BY created_at DESC, id DESC LIMIT $3");
    PULL_REQUESTS_OF_BRANCHES = pull_requests!("repo_key ",
        among!(concat!("SELECT w.repo FROM ", given!(repo text, branch text))),
        " AND (repo_key, branch) IN (SELECT w.repo, w.branch FROM ", given!(repo text, branch text),
        ") ORDER BY created_at DESC, id DESC LIMIT $2");
    LIVE_PULL_REQUEST = live!("repo_key = $1 AND branch = $2");
    LOCK_LIVE_PULL_REQUEST = live!("repo_key = $1 AND branch = $2", lock!("pull_requests"));
    LIVE_PULL_REQUESTS_OF_BRANCHES = live!(concat!("repo_key ",
        among!(concat!("SELECT w.repo FROM ", given!(repo text, branch text))),
        " AND (repo_key, branch) IN (SELECT w.repo, w.branch FROM ", given!(repo text, branch text), ")"));
    LIVE_PULL_REQUESTS_OF_STORIES = live!(concat!("story_id ", listed!("$1")));
    LIVE_PULL_REQUESTS_OF_RUN = live!("sprint_run_id = $1", " ORDER BY created_at, id");
    LIVE_PULL_REQUESTS_OF_PRODUCT = live!("product_id = $1", " ORDER BY created_at DESC, id DESC LIMIT $2");
    DUE_POLLS = live!("poll_host = $1 AND poll_at <= $2", " ORDER BY poll_at, id LIMIT $3");
    // What is open has not finished.
    WORK_ON = concat!("SELECT (SELECT count(*) FROM ", of_branch!(), " AND j.finished_at IS NULL) AS open, ",
        "EXISTS (SELECT 1 FROM ", of_branch!(), " AND j.finished_at IS NOT NULL AND j.status = 'DONE') AS done, ",
        "(SELECT j.head_sha FROM ", of_branch!(), " AND j.finished_at IS NOT NULL AND j.status = 'DONE' \
            AND j.head_sha IS NOT NULL ORDER BY j.finished_at DESC, j.id DESC LIMIT 1) AS published");
    UNSTOPPED_ON = concat!("SELECT max(j.stop_ordered_at) AS told_at FROM ", of_branch!(), " AND j.finished_at IS NOT NULL \
        AND j.stop_ordered_at IS NOT NULL AND j.stop_confirmed_at IS NULL");
    // Of its jobs, those that were made last are of one run.
    PUBLICATION_FACTS = "SELECT p.auto_pr, p.cascade_on_infrastructure, s.status AS story, \
        (SELECT r.status FROM sprint_runs r WHERE r.id = (SELECT j.sprint_run_id FROM claude_jobs j \
            WHERE j.repo_key = e.repo_key AND j.branch = e.branch AND j.sprint_run_id IS NOT NULL \
            AND j.created_at = (SELECT max(n.created_at) FROM claude_jobs n WHERE n.repo_key = e.repo_key \
                AND n.branch = e.branch AND n.sprint_run_id IS NOT NULL) LIMIT 1)) AS run \
        FROM pull_requests e JOIN products p ON p.id = e.product_id LEFT JOIN stories s ON s.id = e.story_id \
        WHERE e.id = $1";
    UNDONE_ON = concat!("SELECT j.id, j.status, j.end_cause FROM ", of_branch!(), " AND j.finished_at IS NOT NULL \
        AND j.status IN ('FAILED', 'CANCELLED') AND j.finished_at >= (SELECT max(n.created_at) FROM claude_jobs n \
            WHERE n.repo_key = $1 AND n.branch = $2) ORDER BY j.finished_at DESC, j.id DESC LIMIT $3");
    // Of the backlog items that the branch's jobs are of.
    FAILED_BESIDE = "SELECT f.id, f.status, f.end_cause FROM stories s JOIN tasks t ON t.story_id = s.id \
        JOIN claude_jobs f ON f.task_id = t.id WHERE s.pbi_id IN (SELECT o.pbi_id FROM claude_jobs j \
            JOIN tasks w ON w.id = j.task_id JOIN stories o ON o.id = w.story_id \
            WHERE j.repo_key = $1 AND j.branch = $2) \
        AND f.status = 'FAILED' AND f.finished_at >= (SELECT max(n.created_at) FROM claude_jobs n \
            WHERE n.repo_key = $1 AND n.branch = $2) \
        AND NOT EXISTS (SELECT 1 FROM claude_jobs d JOIN tasks v ON v.id = d.task_id \
            JOIN stories p ON p.id = v.story_id WHERE d.repo_key = $1 AND d.branch = $2 \
            AND d.finished_at > f.finished_at AND d.status = 'DONE' AND p.pbi_id <> s.pbi_id) ORDER BY f.finished_at DESC, f.id DESC LIMIT $3";
    DONE_ON = jobs!(of_branch!(), " AND j.finished_at IS NOT NULL AND j.status = 'DONE' \
        ORDER BY j.finished_at DESC, j.id DESC LIMIT $3");
    IS_PUBLISHED = concat!("SELECT EXISTS (SELECT 1 FROM ", of_branch!(), " AND j.finished_at IS NOT NULL \
        AND j.status = 'DONE' AND j.head_sha = $3) AS published");
    PR_OF_JOB = "SELECT pr_url FROM claude_jobs WHERE id = $1";
    NOTE_PR = "UPDATE claude_jobs SET pr_url = $3 \
        WHERE repo_key = $1 AND branch = $2 AND finished_at IS NOT NULL AND status = 'DONE' AND pr_url IS NULL";
    NOTE_POLL = "UPDATE pull_requests SET poll_host = $2, poll_at = $3 \
        WHERE id = $1 AND pr_url IS NOT NULL AND status NOT IN ('MERGED', 'CLOSED')";
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
        .bind(row.merged_head.as_ref().map(|c| c.as_str()))
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
            .bind(self.time())
            .bind(repo_key(&new.repo_url));
        self.run(bound).await.map(drop)
    }

    async fn pull_request(&mut self, id: &PullRequestId) -> Result<Option<PullRequestRecord>, StoreError> {
        self.one(sqlx::query(self.either(PULL_REQUEST, LOCK_PULL_REQUEST)).bind(id.as_str()))
            .await?
            .as_ref()
            .map(pull_request)
            .transpose()
    }

    async fn live_pull_request(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
    ) -> Result<Option<PullRequestRecord>, StoreError> {
        let text = self.either(LIVE_PULL_REQUEST, LOCK_LIVE_PULL_REQUEST);
        let bound = sqlx::query(text).bind(repo.key()).bind(branch.as_str());
        self.one(bound).await?.as_ref().map(pull_request).transpose()
    }

    async fn pull_requests_of_branch(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        limit: u32,
    ) -> Result<Vec<PullRequestRecord>, StoreError> {
        let bound = sqlx::query(PULL_REQUESTS_OF_BRANCH).bind(repo.key()).bind(branch.as_str());
        list(self, bound.bind(i64::from(limit))).await
    }

    async fn pull_requests_of_branches(
        &mut self,
        branches: &[(RemoteUrl, BranchName)],
        limit: u32,
    ) -> Result<Vec<PullRequestRecord>, StoreError> {
        if branches.is_empty() {
            return Ok(Vec::new());
        }
        let bound = sqlx::query(PULL_REQUESTS_OF_BRANCHES).bind(listed(branches)).bind(i64::from(limit));
        list(self, bound).await
    }

    async fn live_pull_requests_of_branches(
        &mut self,
        branches: &[(RemoteUrl, BranchName)],
    ) -> Result<Vec<PullRequestRecord>, StoreError> {
        if branches.is_empty() {
            return Ok(Vec::new());
        }
        in_order(list(self, sqlx::query(LIVE_PULL_REQUESTS_OF_BRANCHES).bind(listed(branches))).await)
    }

    async fn live_pull_requests_of_stories(
        &mut self,
        stories: &[StoryId],
    ) -> Result<Vec<PullRequestRecord>, StoreError> {
        if stories.is_empty() {
            return Ok(Vec::new());
        }
        let stories = Document(json!(stories).to_string());
        in_order(list(self, sqlx::query(LIVE_PULL_REQUESTS_OF_STORIES).bind(stories)).await)
    }

    async fn live_pull_requests_of_run(&mut self, run: &RunId) -> Result<Vec<PullRequestRecord>, StoreError> {
        list(self, sqlx::query(LIVE_PULL_REQUESTS_OF_RUN).bind(run.as_str())).await
    }

    async fn live_pull_requests_of_product(
        &mut self,
        product: &ProductId,
        limit: u32,
    ) -> Result<Vec<PullRequestRecord>, StoreError> {
        let bound = sqlx::query(LIVE_PULL_REQUESTS_OF_PRODUCT).bind(product.as_str());
        list(self, bound.bind(i64::from(limit))).await
    }

    async fn work_on(&mut self, repo: &RemoteUrl, branch: &BranchName) -> Result<Work, StoreError> {
        let bound = sqlx::query(WORK_ON).bind(repo.key()).bind(branch.as_str());
        let row = self.one(bound).await?;
        let row = row.ok_or_else(|| StoreError::Inconsistent { what: "a count without a row".to_owned() })?;
        let cells = Cells(&row);
        let open = usize::try_from(cells.get::<i64>("open")?).unwrap_or_default();
        Ok(Work { open, done: cells.get("done")?, last_published: cells.id_if("published")? })
    }

    async fn unstopped_on(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
    ) -> Result<Option<Timestamp>, StoreError> {
        let row = self.one(sqlx::query(UNSTOPPED_ON).bind(repo.key()).bind(branch.as_str())).await?;
        row.as_ref().map_or(Ok(None), |row| Cells(row).time_if("told_at"))
    }

    async fn publication_facts(
        &mut self,
        id: &PullRequestId,
    ) -> Result<Option<PublicationFacts>, StoreError> {
        let Some(row) = self.one(sqlx::query(PUBLICATION_FACTS).bind(id.as_str())).await? else {
            return Ok(None);
        };
        let cells = Cells(&row);
        Ok(Some(PublicationFacts {
            auto_pr: cells.get("auto_pr")?,
            cascade_on_infrastructure: cells.get("cascade_on_infrastructure")?,
            story: cells.word_if("story")?,
            run: cells.word_if("run")?,
        }))
    }

    async fn undone_on(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        limit: u32,
    ) -> Result<Vec<EndedJob>, StoreError> {
        let bound = sqlx::query(UNDONE_ON).bind(repo.key()).bind(branch.as_str()).bind(i64::from(limit));
        self.all(bound).await?.iter().map(ended).collect()
    }

    async fn failed_beside(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        limit: u32,
    ) -> Result<Vec<EndedJob>, StoreError> {
        let bound = sqlx::query(FAILED_BESIDE).bind(repo.key()).bind(branch.as_str()).bind(i64::from(limit));
        self.all(bound).await?.iter().map(ended).collect()
    }

    async fn done_on(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        limit: u32,
    ) -> Result<Vec<JobRecord>, StoreError> {
        let bound = sqlx::query(DONE_ON).bind(repo.key()).bind(branch.as_str()).bind(i64::from(limit));
        self.all(bound).await?.iter().map(job_rows::job).collect()
    }

    async fn is_published(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        commit: &CommitId,
    ) -> Result<bool, StoreError> {
        let bound = sqlx::query(IS_PUBLISHED).bind(repo.key()).bind(branch.as_str()).bind(commit.as_str());
        self.one(bound).await?.map_or(Ok(false), |row| Cells(&row).get("published"))
    }

    async fn pr_of_job(&mut self, job: &JobId) -> Result<Option<String>, StoreError> {
        let row = self.one(sqlx::query(PR_OF_JOB).bind(job.as_str())).await?;
        row.map_or(Ok(None), |row| Cells(&row).get("pr_url"))
    }

    async fn note_pr(
        &mut self,
        repo: &RemoteUrl,
        branch: &BranchName,
        url: &PrUrl,
    ) -> Result<u64, StoreError> {
        let bound = sqlx::query(NOTE_PR).bind(repo.key()).bind(branch.as_str()).bind(url.to_string());
        self.run(bound).await
    }

    async fn due_polls(
        &mut self,
        host: &ForgeHost,
        limit: u32,
    ) -> Result<Vec<PullRequestRecord>, StoreError> {
        let now = self.time();
        list(self, sqlx::query(DUE_POLLS).bind(host.as_str()).bind(now).bind(i64::from(limit))).await
    }

    async fn note_poll(
        &mut self,
        id: &PullRequestId,
        host: &ForgeHost,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let bound = sqlx::query(NOTE_POLL).bind(id.as_str()).bind(host.as_str()).bind(At(at));
        Ok(self.run(bound).await? > 0)
    }
}

fn ended(row: &DbRow) -> Result<EndedJob, StoreError> {
    let cells = Cells(row);
    Ok(EndedJob { job: cells.id("id")?, status: cells.word("status")?, cause: cells.word_if("end_cause")? })
}

/// Oldest first: no index has those of several places in their order.
fn in_order(found: Result<Vec<PullRequestRecord>, StoreError>) -> Result<Vec<PullRequestRecord>, StoreError> {
    let mut found = found?;
    found.sort_by(|one, other| (one.created_at, &one.row.id).cmp(&(other.created_at, &other.row.id)));
    Ok(found)
}

/// Branches of repositories, as a document that a statement takes.
fn listed(branches: &[(RemoteUrl, BranchName)]) -> Document {
    let row = |(repo, branch): &(RemoteUrl, BranchName)| json!({ "repo": repo.key(), "branch": branch });
    Document(branches.iter().map(row).collect::<serde_json::Value>().to_string())
}

async fn list(tx: &mut DbTx, bound: Bound<'_>) -> Result<Vec<PullRequestRecord>, StoreError> {
    tx.all(bound).await?.iter().map(pull_request).collect()
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
            merged_head: cells.id_if("merged_head_sha")?,
            finished_at: cells.time_if("finished_at")?,
        },
        product: cells.id("product_id")?,
        run: cells.id_if("sprint_run_id")?,
        story: cells.id_if("story_id")?,
        repo_url: cells.get("repo_url")?,
        poll_at: cells.time_if("poll_at")?,
        created_at: cells.time("created_at")?,
    })
}
