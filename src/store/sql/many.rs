//! Many rows read or written at once; how moves are is a file of its own (`moves`).

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use serde_json::json;

use super::cells::Cells;
use super::dialect::{among, given, listed, lock_in_order};
use super::job_rows::{self, job_cells, jobs};
use super::statement::{statements, visible};
use super::tx::{DbTx, News};
use super::values::Document;
use super::{attempts, newborn, renewals};
use crate::domain::id::JobId;
use crate::domain::task;
use crate::domain::time::Millis;
use crate::store::{
    AttemptRecord, JobRecord, LeaseRecord, Many, NewEffect, NewJob, RunBranch, Stamp, StoreError, TaskOfJob,
    TokenHash, TokenRecord,
};

statements! {
    JOBS_BY_ID = jobs!("claude_jobs j WHERE j.id ", listed!("$1"));
    LOCK_JOBS = jobs!("claude_jobs j WHERE j.id ", listed!("$1"), lock_in_order!("j"));
    TASKS_OF_JOBS = concat!("SELECT j.id AS job_id, t.id, t.status, t.story_id, s.pbi_id FROM claude_jobs j \
        JOIN tasks t ON t.id = j.task_id JOIN stories s ON s.id = t.story_id WHERE j.id ", listed!("$1"), " AND ",
        visible!("t.product_id", to "j.user_id"));
    READY_NEXT_OF = concat!("UPDATE claude_jobs SET ready = TRUE WHERE id ", among!(concat!(
            "SELECT (SELECT f.id FROM claude_jobs f WHERE f.sprint_run_id = w.run AND coalesce(f.repo_url, '') = w.repo \
                AND f.branch = w.branch AND f.status IN ('QUEUED', 'CLAIMED', 'RUNNING') \
                ORDER BY f.sprint_sequence, f.id LIMIT 1) FROM ", given!(run text, repo text, branch text))), " \
        AND status = 'QUEUED' AND NOT ready \
        AND EXISTS (SELECT 1 FROM sprint_runs r WHERE r.id = sprint_run_id AND r.status IN ('QUEUED', 'RUNNING'))");
}

#[async_trait]
impl Many for DbTx {
    async fn jobs_by_id(&mut self, ids: &[JobId]) -> Result<Vec<JobRecord>, StoreError> {
        let text = self.either(JOBS_BY_ID, LOCK_JOBS);
        let rows = self.all(sqlx::query(text).bind(list(ids))).await?;
        let mut jobs = rows.iter().map(job_rows::job).collect::<Result<Vec<_>, _>>()?;
        jobs.sort_by(|one, other| one.row.id.cmp(&other.row.id));
        Ok(jobs)
    }

    async fn attempts_named(&mut self, which: &[(JobId, u32)]) -> Result<Vec<AttemptRecord>, StoreError> {
        attempts::named(self, which).await
    }

    async fn tasks_of_jobs(&mut self, ids: &[JobId]) -> Result<Vec<TaskOfJob>, StoreError> {
        let rows = self.all(sqlx::query(TASKS_OF_JOBS).bind(list(ids))).await?;
        let task = |row| {
            let cells = Cells(row);
            Ok(TaskOfJob {
                job: cells.id("job_id")?,
                row: task::Row { id: cells.id("id")?, status: cells.word("status")? },
                story: cells.id("story_id")?,
                pbi: cells.id("pbi_id")?,
            })
        };
        rows.iter().map(task).collect()
    }

    async fn add_jobs(&mut self, jobs: &[NewJob], stamp: &Stamp) -> Result<(), StoreError> {
        newborn::jobs(self, jobs, stamp).await
    }

    async fn add_effects(&mut self, effects: &[(NewEffect, Stamp)]) -> Result<(), StoreError> {
        newborn::effects(self, effects).await
    }

    async fn ready_next_of(&mut self, branches: &[RunBranch]) -> Result<(), StoreError> {
        if branches.is_empty() {
            return Ok(());
        }
        self.has(News::Opening);
        let row = |of: &RunBranch| json!({ "run": of.run, "repo": of.repo_url, "branch": of.branch });
        let branches = Document(branches.iter().map(row).collect::<serde_json::Value>().to_string());
        self.run(sqlx::query(READY_NEXT_OF).bind(branches)).await.map(drop)
    }

    async fn tokens_by_hash(
        &mut self,
        hashes: &[TokenHash],
    ) -> Result<BTreeMap<String, TokenRecord>, StoreError> {
        renewals::tokens(self, hashes).await
    }
    async fn leases(&mut self, jobs: &[JobId]) -> Result<Vec<LeaseRecord>, StoreError> {
        renewals::leases(self, jobs).await
    }
    async fn renew_all(
        &mut self,
        held: &[(JobId, u32)],
        lease: Millis,
    ) -> Result<BTreeSet<JobId>, StoreError> {
        renewals::renew(self, held, lease).await
    }
}

/// Ids, as a statement takes them that looks up what is listed.
pub(super) fn list(ids: &[JobId]) -> Document {
    Document(json!(ids).to_string())
}
