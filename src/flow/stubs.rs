//! Signatures.
#![allow(missing_docs, unused_variables, clippy::todo)]
use tokio_util::sync::CancellationToken;

use super::wire::*;
use super::{FlowError, Session, Sprintgate};
use crate::domain::id::JobId;
use crate::store::{Confirmation, JobFilter, Secret, User};

#[derive(Debug, Clone)]
pub struct AddProduct {
    pub name: String,
    pub code: Option<String>,
    pub description: Option<String>,
    pub repo_url: Option<String>,
    pub definition_of_done: Option<String>,
    /// `STORY` or `SPRINT`.
    pub pr_strategy: Option<String>,
    pub cascade_on_infrastructure: bool,
}

#[derive(Debug, Clone, serde::Serialize)]
pub struct Imported {
    pub pbi: Created,
    pub stories: Vec<Created>,
    pub tasks: Vec<Created>,
}

#[derive(Debug, Clone, Default)]
pub struct StartSprint {
    /// Name, code or id of the product.
    pub product: String,
    /// An existing sprint; a new one is made when absent.
    pub sprint_id: Option<String>,
    /// Codes of backlog items whose open stories a new sprint takes; all READY ones when empty.
    pub pbis: Vec<String>,
    /// The goal of a new sprint.
    pub goal: Option<String>,
}

#[derive(Debug, Clone, serde::Serialize)]
pub struct RunStarted {
    pub sprint_id: String,
    pub sprint_code: String,
    pub sprint_run_id: String,
    pub jobs: Vec<JobLine>,
}

#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Swept {
    pub requeued: Vec<String>,
    pub failed: Vec<String>,
}

#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Tidied {
    pub removed: Vec<String>,
    pub kept: Vec<String>,
    pub skipped: Vec<String>,
}

impl Sprintgate {
    pub async fn health(&self) -> Health {
        todo!()
    }
    /// Honours `gone`: a claim whose caller has gone is given back. Do not drop the future; cancel `gone`.
    pub async fn wait_for_job(
        &self,
        session: &Session,
        ask: WaitForJob,
        gone: &CancellationToken,
    ) -> Result<JobAnswer, FlowError> {
        todo!()
    }
    pub async fn job_heartbeat(&self, session: &Session, ask: JobHeartbeat) -> Result<Heartbeat, FlowError> {
        todo!()
    }
    pub async fn verify_task_against_plan(
        &self,
        session: &Session,
        ask: VerifyTask,
    ) -> Result<Verified, FlowError> {
        todo!()
    }
    pub async fn update_job_status(
        &self,
        session: &Session,
        ask: UpdateJobStatus,
    ) -> Result<Reported, FlowError> {
        todo!()
    }
    pub async fn check_queue_empty(
        &self,
        session: &Session,
        ask: CheckQueueEmpty,
    ) -> Result<QueueAnswer, FlowError> {
        todo!()
    }
    pub async fn get_claude_context(
        &self,
        session: &Session,
        ask: GetClaudeContext,
    ) -> Result<ClaudeContext, FlowError> {
        todo!()
    }
    pub async fn list_products(&self, session: &Session) -> Result<Products, FlowError> {
        todo!()
    }
    pub async fn create_pbi(&self, session: &Session, ask: CreatePbi) -> Result<Created, FlowError> {
        todo!()
    }
    pub async fn create_story(&self, session: &Session, ask: CreateStory) -> Result<Created, FlowError> {
        todo!()
    }
    pub async fn create_task(&self, session: &Session, ask: CreateTask) -> Result<Created, FlowError> {
        todo!()
    }
    pub async fn update_task_status(
        &self,
        session: &Session,
        ask: UpdateTaskStatus,
    ) -> Result<TaskAnswer, FlowError> {
        todo!()
    }
    pub async fn update_task_plan(
        &self,
        session: &Session,
        ask: UpdateTaskPlan,
    ) -> Result<TaskAnswer, FlowError> {
        todo!()
    }

    /// The user of that name, made when absent, with a fresh token (shown once).
    pub async fn enrol(&self, username: &str, label: &str) -> Result<(User, Secret), FlowError> {
        todo!()
    }
    /// Whether the session's token is good; the username.
    pub async fn who(&self, session: &Session) -> Result<String, FlowError> {
        todo!()
    }
    pub async fn add_product(&self, session: &Session, ask: AddProduct) -> Result<ProductView, FlowError> {
        todo!()
    }
    /// `product` is a name, code or id; `text` a plan with YAML front matter.
    pub async fn import(&self, session: &Session, product: &str, text: &str) -> Result<Imported, FlowError> {
        todo!()
    }
    pub async fn start_sprint(&self, session: &Session, ask: StartSprint) -> Result<RunStarted, FlowError> {
        todo!()
    }
    pub async fn list_jobs(&self, session: &Session, filter: JobFilter) -> Result<Vec<JobLine>, FlowError> {
        todo!()
    }
    pub async fn show_job(&self, session: &Session, job: &str) -> Result<JobDetail, FlowError> {
        todo!()
    }
    pub async fn cancel_job(
        &self,
        session: &Session,
        job: &str,
        reason: Option<&str>,
    ) -> Result<JobLine, FlowError> {
        todo!()
    }
    pub async fn explain(&self, session: &Session, job: &str) -> Result<Explanation, FlowError> {
        todo!()
    }
    pub async fn board(&self, session: &Session) -> Result<Board, FlowError> {
        todo!()
    }
    pub async fn audit_verify(&self) -> Result<AuditReport, FlowError> {
        todo!()
    }
    /// Takes stale jobs from workers that gave no sign of life; of all users, at most 100.
    pub async fn sweep(&self) -> Result<Swept, FlowError> {
        todo!()
    }

    /// For a runner: a token that works for one attempt only.
    pub async fn attempt_token(
        &self,
        session: &Session,
        job: &JobId,
        attempt: u32,
    ) -> Result<Secret, FlowError> {
        todo!()
    }
    /// For a runner: gives an attempt back (agent died, could not be started...). Returns the job as it is then.
    pub async fn give_back(
        &self,
        session: &Session,
        job: &JobId,
        attempt: u32,
        why: &str,
    ) -> Result<JobLine, FlowError> {
        todo!()
    }
    /// For a runner: the agent of a cancelled attempt has stopped.
    pub async fn confirm_stop(
        &self,
        session: &Session,
        job: &JobId,
        attempt: u32,
        how: Confirmation,
    ) -> Result<(), FlowError> {
        todo!()
    }
    /// Salvages and removes the worktree of one ended attempt of this host; a live attempt's is kept.
    pub async fn tidy_attempt(&self, job: &JobId, attempt: u32) -> Result<Tidied, FlowError> {
        todo!()
    }
    /// The same for all ended attempts of this host whose stop is confirmed or whose grace has ended.
    pub async fn tidy(&self) -> Result<Tidied, FlowError> {
        todo!()
    }
}
