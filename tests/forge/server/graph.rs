//! The face of GitHub: GraphQL. Refusals come with the status of a success.

use serde_json::{Value, json};

use super::github::judged;
use super::{Answer, Request, State};

/// The mutations, with the fields of their inputs as the schema has them.
const MUTATIONS: &[(&str, &[&str])] = &[
    ("markPullRequestReadyForReview", &["clientMutationId", "pullRequestId"]),
    ("convertPullRequestToDraft", &["clientMutationId", "pullRequestId"]),
    ("disablePullRequestAutoMerge", &["clientMutationId", "pullRequestId"]),
    (
        "enablePullRequestAutoMerge",
        &[
            "authorEmail",
            "clientMutationId",
            "commitBody",
            "commitHeadline",
            "expectedHeadOid",
            "mergeMethod",
            "pullRequestId",
        ],
    ),
];

pub(crate) fn answer(state: &mut State, request: &Request) -> Answer {
    let query = request.text("query");
    let input = &request.body["variables"]["input"];
    let Some((name, fields)) =
        MUTATIONS.iter().find(|(name, _)| query.contains(&format!("{{ {name}(input: $input)")))
    else {
        return failed("", "undefinedField", "Field doesn't exist on type 'Mutation'");
    };
    for field in input.as_object().unwrap().keys() {
        if !fields.contains(&&**field) {
            return failed(name, "INVALID", &format!("Field is not defined: {field}"));
        }
    }
    let id = input["pullRequestId"].as_str().unwrap_or_default();
    let Some(at) = id.strip_prefix("PR_").and_then(|number| state.pull(number)) else {
        return failed(name, "NOT_FOUND", "Could not resolve to a node with the global id");
    };
    let refusal = match *name {
        "markPullRequestReadyForReview" => {
            state.pulls[at].draft = false;
            None
        }
        "convertPullRequestToDraft" if !state.has_drafts => {
            Some("Draft pull requests are not supported in this repository.")
        }
        "convertPullRequestToDraft" => {
            state.pulls[at].draft = true;
            None
        }
        "disablePullRequestAutoMerge" => match state.pulls[at].scheduled.take() {
            Some(_) => None,
            None => Some("Can't disable auto-merge for this pull request."),
        },
        _ => schedule(state, at, input),
    };
    match refusal {
        Some(text) => failed(name, "UNPROCESSABLE", text),
        None => Answer::json(200, &json!({ "data": { *name: { "pullRequest": { "id": id } } } })),
    }
}

fn schedule(state: &mut State, at: usize, input: &Value) -> Option<&'static str> {
    if let Some(branch) = state.pushed_meanwhile.take() {
        state.repo.commit(&branch, None, "late", "late\n");
    }
    let pull = &state.pulls[at];
    if !state.allows_auto_merge {
        return Some("Auto merge is not allowed for this repository");
    }
    if input["expectedHeadOid"].as_str() != Some(&state.head(pull)) {
        return Some("Expected head sha didn't match current head ref.");
    }
    if pull.scheduled.is_some() {
        return Some("Pull request is already enabled for auto merge");
    }
    match judged(state, pull) {
        "clean" if state.protected => return Some("[\"Pull request Pull request is in clean status\"]"),
        "clean" => return Some("Pull request Protected branch rules not configured for this branch"),
        "unstable" => return Some("[\"Pull request Pull request is in unstable status\"]"),
        "dirty" => return Some("[\"Pull request Pull request is in dirty status\"]"),
        "draft" => return Some("Pull request Pull request is in draft state"),
        _ => {}
    }
    let text = |name: &str| input[name].as_str().unwrap_or_default().to_owned();
    state.pulls[at].scheduled = Some((text("commitHeadline"), text("commitBody")));
    None
}

fn failed(name: &str, kind: &str, message: &str) -> Answer {
    let error = json!({ "type": kind, "path": [name], "message": message });
    Answer::json(200, &json!({ "data": { name: null }, "errors": [error] }))
}
