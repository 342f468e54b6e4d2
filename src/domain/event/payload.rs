//! What is kept of an event beside the move itself: ids and small fields.

use super::cut::{cut, whole};
use crate::domain::id::{IdeaId, TaskId, TokenId, WorkerId};
use crate::domain::time::Timestamp;
use crate::domain::verify::VerifyResult;
use crate::domain::{job, worker};

/// The most bytes that a payload takes as JSON; the database refuses more.
pub const PAYLOAD_MAX: usize = 4000;

/// The most bytes of a summary or an error.
const TEXT_MAX: usize = 400;
/// The most bytes of a branch or an address.
const PLACE_MAX: usize = 600;

macro_rules! payload {
    ($($(#[$meta:meta])* $field:ident: $type:ty,)+) => {
        /// The fields that an event has besides its move; each of them is absent where the machine has none.
        #[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
        #[serde(default)]
        pub struct Payload {
            $($(#[$meta])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: Option<$type>,)+
        }
    };
}

payload! {
    /// The task of a job.
    task_id: TaskId,
    /// The idea of a job.
    idea_id: IdeaId,
    /// What kind of job.
    kind: job::Kind,
    /// The branch of a job.
    branch: String,
    /// When it was published.
    pushed_at: Timestamp,
    /// Its pull request.
    pr_url: String,
    /// The last verdict.
    verify_result: VerifyResult,
    /// The beginning of the worker's words.
    summary: String,
    /// The beginning of the error.
    error: String,
    /// The token of a worker.
    token_id: TokenId,
    /// Its process.
    instance_id: WorkerId,
    /// The quota that was left, in percent.
    last_quota_pct: u8,
    /// When that was looked up.
    last_quota_check_at: Timestamp,
}

impl Payload {
    /// What is kept of a job as it is after the move.
    #[must_use]
    pub fn of_job(row: &job::Row) -> Self {
        Self {
            kind: Some(row.kind),
            pushed_at: row.publication.as_ref().map(|publication| publication.at),
            verify_result: row.evidence.as_ref().map(|evidence| evidence.result),
            summary: row.summary.as_deref().map(|text| cut(text, TEXT_MAX)),
            error: row.error.as_deref().map(|text| cut(text, TEXT_MAX)),
            ..Self::default()
        }
    }

    /// The same with what a move of a job does not change. A branch or an address that is too long is left out: a part
    /// of it would name another place.
    #[must_use]
    pub fn at(
        self,
        task: Option<TaskId>,
        idea: Option<IdeaId>,
        branch: Option<String>,
        pr_url: Option<String>,
    ) -> Self {
        Self {
            task_id: task,
            idea_id: idea,
            branch: branch.and_then(|branch| whole(branch, PLACE_MAX)),
            pr_url: pr_url.and_then(|url| whole(url, PLACE_MAX)),
            ..self
        }
    }

    /// What is kept of a worker process.
    #[must_use]
    pub fn of_worker(row: &worker::Row) -> Self {
        Self {
            token_id: Some(row.token_id.clone()),
            instance_id: Some(row.instance_id.clone()),
            last_quota_pct: row.last_quota_pct,
            last_quota_check_at: row.last_quota_check_at,
            ..Self::default()
        }
    }
}
