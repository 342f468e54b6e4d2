//! Mutations by GraphQL. Their failures come with the status of a success.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::rest::GitHub;
use crate::forge::error::ForgeError;
use crate::forge::pull::{Pull, shape};

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mutation {
    Ready,
    Draft,
    AutoMerge,
    Withdraw,
}

impl Mutation {
    /// Its name, and that of the type of its input.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Ready => ("markPullRequestReadyForReview", "MarkPullRequestReadyForReviewInput"),
            Self::Draft => ("convertPullRequestToDraft", "ConvertPullRequestToDraftInput"),
            Self::AutoMerge => ("enablePullRequestAutoMerge", "EnablePullRequestAutoMergeInput"),
            Self::Withdraw => ("disablePullRequestAutoMerge", "DisablePullRequestAutoMergeInput"),
        }
    }
}

#[derive(Deserialize)]
struct Answer {
    data: Option<Value>,
    #[serde(default)]
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    message: String,
}

impl GitHub {
    /// Asks for it; a refusal is its text.
    pub(super) async fn mutate(
        &self,
        what: Mutation,
        pull: &Pull,
        more: Value,
    ) -> Result<Result<(), String>, ForgeError> {
        let id = pull.node_id.as_deref().ok_or_else(|| shape("a pull request without its node_id"))?;
        let (name, input) = what.names();
        let query =
            format!("mutation($input: {input}!) {{ {name}(input: $input) {{ pullRequest {{ id }} }} }}");
        let mut variables = json!({ "pullRequestId": id });
        if let (Some(variables), Value::Object(more)) = (variables.as_object_mut(), more) {
            variables.extend(more);
        }
        let body = json!({ "query": query, "variables": { "input": variables } });
        let url = self.graphql();
        let answer: Answer = self.http.change_at(Method::POST, &url, &body).await?.done()?;
        if answer.errors.is_empty() {
            let done = answer.data.is_some_and(|data| data.get(name).is_some_and(Value::is_object));
            return if done { Ok(Ok(())) } else { Err(shape("a mutation without result and without error")) };
        }
        let text = answer.errors.iter().map(|fault| &*fault.message).collect::<Vec<_>>().join("; ");
        let why = self.http.clean(&text);
        let is = |kind: &str| answer.errors.iter().any(|fault| fault.kind.as_deref() == Some(kind));
        if is("RATE_LIMITED") {
            return Err(ForgeError::wait(why, 60));
        }
        if is("FORBIDDEN") || is("INSUFFICIENT_SCOPES") {
            return Err(ForgeError::Forbidden { why });
        }
        if is("NOT_FOUND") {
            return Err(ForgeError::NotFound { what: "pull request".to_owned() });
        }
        Ok(Err(why))
    }
}
