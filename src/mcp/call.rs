//! One call of a tool, on its way from the protocol to a verb of `flow` and back.

use std::pin::Pin;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use crate::domain::id::JobId;
use crate::flow::wire::JobAnswer;
use crate::flow::{FlowError, Session, Sprintgate};
use crate::reading::read_arguments;

/// What a tool says: an object, or a refusal.
pub(super) type Answer = Result<Value, FlowError>;
/// A verb at work. It runs in a task of its own and is never dropped half way.
pub(super) type Working = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// One call.
pub(super) struct Call {
    pub(super) app: Sprintgate,
    pub(super) session: Arc<Session>,
    pub(super) given: Map<String, Value>,
    /// The caller waits no more.
    pub(super) gone: CancellationToken,
}

/// Renders what a verb answers.
pub(super) fn render<T: Serialize>(answer: &T) -> Answer {
    serde_json::to_value(answer).map_err(|error| FlowError::invalid("answer", error.to_string()))
}

/// Waits for a job, and gives it back when the caller has gone in the moment between claim and answer.
pub(super) async fn wait(call: Call) -> Answer {
    let ask = read_arguments(call.given)?;
    let answer = call.app.wait_for_job(&call.session, ask, &call.gone).await?;
    if call.gone.is_cancelled()
        && let Some((job, attempt)) = claimed(&answer)
    {
        match call.app.give_back(&call.session, &job, attempt, "the answer could not be delivered").await {
            Ok(_) => {
                return render(&JobAnswer {
                    status: "timeout".to_owned(),
                    message: Some("the wait was cancelled; the job that was found was given back".to_owned()),
                    legal_next: vec!["wait_for_job".to_owned()],
                    ..JobAnswer::default()
                });
            }
            Err(error) => {
                tracing::warn!(%job, attempt, %error, "could not give a job back; its lease will end")
            }
        }
    }
    render(&answer)
}

fn claimed(answer: &JobAnswer) -> Option<(JobId, u32)> {
    let job = JobId::new(answer.job_id.clone()?).ok()?;
    Some((job, u32::try_from(answer.attempt?).ok()?))
}
