//! Requests that may be repeated: the first answer is kept in the transaction of the write and given again.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Caller, FlowError, text};
use crate::store::{Answered, StoreError, Tx, digest};

/// A request by its id and the hash of its arguments.
pub(super) struct Request {
    id: Option<String>,
    digest: String,
}

impl Request {
    /// The request of a tool with these arguments; without an id nothing is kept.
    pub(super) fn new(tool: &str, id: Option<&str>, arguments: &impl Serialize) -> Result<Self, FlowError> {
        if let Some(id) = id {
            text::text("request_id", id, 1, 200)?;
        }
        let json = serde_json::to_string(arguments)
            .map_err(|error| FlowError::invalid("arguments", error.to_string()))?;
        Ok(Self { id: id.map(str::to_owned), digest: digest(format!("{tool}\n{json}").as_bytes()) })
    }

    /// The answer that was given before, if one was.
    pub(super) async fn answer<T: DeserializeOwned>(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
    ) -> Result<Option<T>, FlowError> {
        let Some(id) = &self.id else { return Ok(None) };
        let Some(kept) = tx.answered(caller.token_id(), id).await? else { return Ok(None) };
        if kept.digest != self.digest {
            return Err(FlowError::RequestMismatch { request: id.clone() });
        }
        let answer = serde_json::from_str(&kept.response)
            .map_err(|error| StoreError::Inconsistent { what: format!("answer of request {id}: {error}") })?;
        Ok(Some(answer))
    }

    /// Keeps the answer.
    pub(super) async fn keep(
        &self,
        tx: &mut dyn Tx,
        caller: &Caller,
        answer: &impl Serialize,
    ) -> Result<(), FlowError> {
        let Some(id) = &self.id else { return Ok(()) };
        let response = serde_json::to_string(answer)
            .map_err(|error| StoreError::Inconsistent { what: format!("answer of request {id}: {error}") })?;
        let answered = Answered { digest: self.digest.clone(), response };
        Ok(tx.keep_answer(caller.token_id(), id, &answered).await?)
    }
}
