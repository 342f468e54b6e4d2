//! Sprint runs.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::{DbRow, lock};
use super::outbox::Whose;
use super::seen::Seen;
use super::statement::{seen, statements};
use super::tx::DbTx;
use super::{stories, tasks};
use crate::domain::forge::PrUrl;
use crate::domain::id::{RunId, SprintId, UserId};
use crate::domain::job;
use crate::domain::machine::Word;
use crate::domain::run::{Row, Status, Tally};
use crate::store::{NewRun, RunRecord, Runs, ScopeTask, Stamp, StoreError};

macro_rules! runs {
    ($rest:expr $(; and $more:expr)?) => {
        concat!(
            "SELECT ", $($more, ", ",)? "r.id, r.status, r.started_at, r.finished_at, r.failure_reason, r.failed_task_id, ",
            "r.pause_context, r.sprint_id, s.product_id, ",
            "r.started_by_id, r.pr_strategy, r.branch, r.previous_run_id, r.pr_url, r.created_at ",
            "FROM sprint_runs r JOIN sprints s ON s.id = r.sprint_id WHERE ",
            $rest
        )
    };
}

statements! {
    ADD_RUN = "INSERT INTO sprint_runs (id, sprint_id, started_by_id, pr_strategy, branch, previous_run_id, status, \
        status_event, ledger_seq, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, 'QUEUED', 'create', 1, $7, $7)";
    RUN = runs!("r.id = $1");
    LOCK_RUN = concat!(runs!("r.id = $1"), lock!("r"));
    RUN_AND_OPEN = runs!("r.id = $1"; and "r.ledger_seq, r.started_by_id AS user_id, \
        (SELECT l.hash FROM ledger l WHERE l.machine = 'sprint_run' AND l.entity = r.id \
            AND l.entity_seq = r.ledger_seq) AS hash, \
        EXISTS (SELECT 1 FROM claude_jobs j WHERE j.sprint_run_id = r.id \
            AND j.status IN ('QUEUED', 'CLAIMED', 'RUNNING')) AS open");
    LIVE_RUN = runs!("r.sprint_id = $1 AND r.status IN ('QUEUED', 'RUNNING', 'PAUSED')");
    RUNS = concat!(
        runs!("r.sprint_id IN (SELECT id FROM sprints WHERE product_id IN "), seen!(),
        ") ORDER BY r.created_at DESC, r.id DESC LIMIT $2"
    );
    SCOPE = "SELECT s.id, s.pbi_id, s.product_id, s.sprint_id, s.code, s.title, s.description, \
        s.acceptance_criteria, s.priority, s.sort_order, s.status, s.created_at, \
        b.code AS pbi_code, b.status AS pbi_status FROM stories s JOIN pbis b ON b.id = s.pbi_id \
        WHERE s.sprint_id = $1 AND s.status <> 'DONE' \
        ORDER BY s.priority, s.sort_order, s.created_at, s.id";
    NOTE_RUN_PR = "UPDATE sprint_runs SET pr_url = $2 WHERE id = $1 AND pr_url IS NULL";
    TALLY = "SELECT status, end_cause, count(*) AS jobs FROM claude_jobs WHERE sprint_run_id = $1 \
        GROUP BY status, end_cause";
}

#[async_trait]
impl Runs for DbTx {
    async fn add_run(&mut self, new: &NewRun, stamp: &Stamp) -> Result<(), StoreError> {
        super::births::note(self, "sprint_run", new.id.as_str(), Status::Queued, Whose::Run(new), stamp)
            .await?;
        let bound = sqlx::query(ADD_RUN)
            .bind(new.id.as_str())
            .bind(new.sprint.as_str())
            .bind(new.started_by.as_str())
            .bind(new.strategy.word())
            .bind(new.branch.as_deref())
            .bind(new.previous.as_ref().map(|id| id.as_str()))
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn run(&mut self, id: &RunId) -> Result<Option<RunRecord>, StoreError> {
        let mut row = self.one(sqlx::query(RUN).bind(id.as_str())).await?;
        if self.writes()
            && row.as_ref().map(run).transpose()?.is_some_and(|run| run.row.status == Status::Queued)
        {
            // Its first claim moves it, and may not wait behind another one that does.
            row = self.one(sqlx::query(LOCK_RUN).bind(id.as_str())).await?;
        }
        row.as_ref().map(run).transpose()
    }

    async fn run_and_open(&mut self, id: &RunId) -> Result<Option<(RunRecord, bool)>, StoreError> {
        let Some(row) = self.one(sqlx::query(RUN_AND_OPEN).bind(id.as_str())).await? else { return Ok(None) };
        let (record, open) = (run(&row)?, Cells(&row).get("open")?);
        // Its first claim moves it, and that holds nothing.
        if self.is_alone() && record.row.status != Status::Queued {
            self.remember(Seen::run(&row)?);
        }
        Ok(Some((record, open)))
    }

    async fn live_run(&mut self, sprint: &SprintId) -> Result<Option<RunRecord>, StoreError> {
        self.one(sqlx::query(LIVE_RUN).bind(sprint.as_str())).await?.as_ref().map(run).transpose()
    }

    async fn runs(&mut self, user: &UserId, limit: u32) -> Result<Vec<RunRecord>, StoreError> {
        let rows = self.all(sqlx::query(RUNS).bind(user.as_str()).bind(i64::from(limit))).await?;
        rows.iter().map(run).collect()
    }

    async fn scope(&mut self, sprint: &SprintId) -> Result<Vec<ScopeTask>, StoreError> {
        let mut scope = Vec::new();
        for row in self.all(sqlx::query(SCOPE).bind(sprint.as_str())).await? {
            let story = stories::story(&row)?;
            let (pbi_code, pbi_status) =
                (Cells(&row).get::<String>("pbi_code")?, Cells(&row).word("pbi_status")?);
            for task in tasks::to_do(self, &story.id).await? {
                let (story, pbi_code) = (story.clone(), pbi_code.clone());
                scope.push(ScopeTask { task, story, pbi_code, pbi_status });
            }
        }
        Ok(scope)
    }

    async fn note_run_pr(&mut self, run: &RunId, url: &PrUrl) -> Result<bool, StoreError> {
        let bound = sqlx::query(NOTE_RUN_PR).bind(run.as_str()).bind(url.to_string());
        Ok(self.run(bound).await? > 0)
    }

    async fn tally(&mut self, run: &RunId) -> Result<Tally, StoreError> {
        let mut tally = Tally::default();
        for row in self.all(sqlx::query(TALLY).bind(run.as_str())).await? {
            let cells = Cells(&row);
            let jobs = u64::try_from(cells.get::<i64>("jobs")?).unwrap_or(0);
            let skipped = cells.word_if("end_cause")? == Some(job::EndCause::Skipped);
            let place = match cells.word("status")? {
                job::Status::Queued | job::Status::Claimed | job::Status::Running => &mut tally.open,
                job::Status::Done => &mut tally.done,
                job::Status::Failed => &mut tally.failed,
                job::Status::Cancelled if skipped => &mut tally.skipped,
                job::Status::Cancelled => &mut tally.cancelled,
            };
            *place += jobs;
        }
        Ok(tally)
    }
}

fn run(row: &DbRow) -> Result<RunRecord, StoreError> {
    let cells = Cells(row);
    Ok(RunRecord {
        row: Row {
            id: cells.id("id")?,
            status: cells.word("status")?,
            started_at: cells.time_if("started_at")?,
            finished_at: cells.time_if("finished_at")?,
            pause: cells.json_if("pause_context")?,
            failure_reason: cells.get("failure_reason")?,
            failed_task: cells.id_if("failed_task_id")?,
        },
        sprint: cells.id("sprint_id")?,
        product: cells.id("product_id")?,
        started_by: cells.id("started_by_id")?,
        strategy: cells.word("pr_strategy")?,
        branch: cells.get("branch")?,
        previous: cells.id_if("previous_run_id")?,
        pr_url: cells.get("pr_url")?,
        created_at: cells.time("created_at")?,
    })
}
