//! The face of Forgejo and Gitea.

use serde_json::{Value, json};

use super::state::REPO;
use super::{Answer, Pull, Request, State};

pub(crate) fn answer(state: &mut State, request: &Request) -> Answer {
    let sent = request.header("authorization").and_then(|text| text.strip_prefix("token "));
    if sent.is_none() || sent != state.token.as_deref() {
        return Answer::says(401, "invalid username, password or token");
    }
    let missing = || Answer::says(404, "The target couldn't be found.");
    let Some(path) = request.path.strip_prefix(&format!("/api/v1/repos/{REPO}/")) else { return missing() };
    if request.method != "GET" && state.archived {
        return Answer::says(423, "Repo is archived");
    }
    let parts: Vec<&str> = path.split('/').collect();
    let merges = matches!(parts.as_slice(), ["pulls", _, "merge"]);
    if request.method != "GET" && !state.may_write && !merges {
        return Answer::says(403, "token does not have at least one of required scope(s)");
    }
    let (page, limit) = (request.number("page", 1), request.number("limit", 30).min(state.most_entries));
    match (&*request.method, parts.as_slice()) {
        ("GET", ["pulls"]) => {
            let closed = request.query("state") == Some("closed");
            let mut found: Vec<&Pull> = state.pulls.iter().filter(|pull| pull.closed == closed).collect();
            found.reverse();
            Answer::page(found.into_iter().map(|pull| whole(state, pull)).collect(), page, limit)
        }
        ("POST", ["pulls"]) => match state.open(request, false) {
            Ok(at) => Answer::json(201, &whole(state, &state.pulls[at])),
            Err("exists") => Answer::says(409, "pull request already exists for these targets"),
            Err("nothing") => Answer::says(422, "no changes between the head and the base"),
            Err(_) => missing(),
        },
        ("GET", ["pulls", number]) => match state.pull(number) {
            Some(at) => Answer::json(200, &whole(state, &state.pulls[at])),
            None => missing(),
        },
        ("PATCH", ["pulls", number]) => match state.pull(number) {
            Some(at) => edit(state, at, request),
            None => missing(),
        },
        (method, ["pulls", number, "merge"]) => match (method, state.pull(number)) {
            ("POST", Some(at)) => merge(state, at, request),
            ("DELETE", Some(at)) => match state.pulls[at].scheduled.take() {
                Some(_) => Answer::empty(204),
                None => missing(),
            },
            _ => missing(),
        },
        ("GET", ["pulls", number, "files"]) => match state.pull(number) {
            Some(at) => {
                let pull = &state.pulls[at];
                let files = state.repo.files(&pull.base, &state.head(pull));
                let files = files.iter().map(|file| json!({ "filename": file, "status": "changed" }));
                Answer::page(files.collect(), page, limit)
            }
            None => missing(),
        },
        // Of any state: the first that has these names.
        ("GET", ["pulls", base, head @ ..]) => {
            let head = head.join("/");
            let found = state
                .pulls
                .iter()
                .find(|pull| pull.base == *base && pull.branch == head && pull.fork.is_none());
            found.map_or_else(missing, |pull| Answer::json(200, &whole(state, pull)))
        }
        ("GET", ["issues", number, "comments"]) => match state.pull(number) {
            Some(at) => {
                let comments = state.pulls[at].comments.iter().map(|body| json!({ "id": 1, "body": body }));
                Answer::page(comments.collect(), page, limit)
            }
            None => missing(),
        },
        ("POST", ["issues", number, "comments"]) => match state.pull(number) {
            Some(at) => state.comment(at, request),
            None => missing(),
        },
        ("GET", ["commits", commit, "status"]) => {
            let checks = state.checks.iter().filter(|check| check.commit == *commit);
            let checks: Vec<Value> =
                checks.map(|check| json!({ "context": check.name, "status": check.state })).collect();
            let total = checks.len();
            let part: Vec<Value> = checks.into_iter().skip((page - 1) * limit).take(limit).collect();
            if part.is_empty() {
                return Answer::json(
                    200,
                    &json!({ "state": "", "sha": "", "total_count": 0, "statuses": null }),
                );
            }
            let whole =
                json!({ "state": "pending", "sha": commit, "total_count": part.len(), "statuses": part });
            Answer::json(200, &whole).with("x-total-count", &total.to_string())
        }
        _ => missing(),
    }
}

fn edit(state: &mut State, at: usize, request: &Request) -> Answer {
    if request.text("state") == "closed" {
        if state.pulls[at].merged.is_some() {
            return Answer::says(412, "cannot change state of this pull request, it was already merged");
        }
        state.pulls[at].closed = true;
    }
    if request.body["title"].is_string() {
        state.pulls[at].title = request.text("title");
    }
    Answer::json(201, &whole(state, &state.pulls[at]))
}

/// In the order of Gitea's own checks.
fn merge(state: &mut State, at: usize, request: &Request) -> Answer {
    let pull = &state.pulls[at];
    if pull.closed && pull.merged.is_none() {
        return Answer::says(404, "The target couldn't be found.");
    }
    if !state.may_write {
        return Answer::says(405, "User not allowed to merge PR");
    }
    if pull.merged.is_some() {
        return Answer::says(405, "The PR is already merged");
    }
    if is_draft(pull) {
        return Answer::says(405, "Work in progress PRs cannot be merged");
    }
    if !state.mergeable(pull) {
        return Answer::says(405, "Please try again later");
    }
    if !state.allows_auto_merge {
        return Answer::says(405, "squash is not allowed an allowed merge style for this repository");
    }
    let (title, message) = (request.text("MergeTitleField"), request.text("MergeMessageField"));
    if let Some(branch) = state.pushed_meanwhile.take() {
        state.repo.commit(&branch, None, "late", "late\n");
    }
    let head = state.head(&state.pulls[at]);
    let passed = state.checked(&head, true) == "success" && state.checked(&head, false) == "success";
    // The head is not looked at here.
    if request.body["merge_when_checks_succeed"] == true && !passed {
        if state.pulls[at].scheduled.is_some() {
            let text = format!(
                "pull request is already scheduled to auto merge when checks succeed [pull_id: {at}]"
            );
            return Answer::says(409, &text);
        }
        state.pulls[at].scheduled = Some((title, message));
        return Answer::empty(201);
    }
    if request.text("head_commit_id") != head {
        return Answer::says(409, "head out of date");
    }
    match state.merge(at, &title, &message) {
        Some(_) => Answer::empty(200),
        None => {
            Answer::json(409, &json!({ "Style": "squash", "StdOut": "", "StdErr": "CONFLICT", "Err": {} }))
        }
    }
}

fn is_draft(pull: &Pull) -> bool {
    let title = pull.title.to_ascii_lowercase();
    title.starts_with("wip:") || title.starts_with("[wip]")
}

/// As it stands anywhere.
pub(crate) fn whole(state: &State, pull: &Pull) -> Value {
    let head = state.head(pull);
    let owner = pull.fork.as_ref().map_or(REPO, |(name, _)| name);
    json!({
        "number": pull.number,
        "html_url": format!("https://evil.example/{}", pull.number),
        "state": if pull.closed { "closed" } else { "open" },
        "title": pull.title,
        "body": pull.body,
        "merged": pull.merged.is_some(),
        "merged_at": pull.merged.as_ref().map(|_| "2019-05-15T15:20:33Z"),
        "merge_commit_sha": pull.merged,
        // Also of one that is a draft.
        "mergeable": !pull.closed && !is_draft(pull) && state.mergeable(pull),
        "head": { "label": pull.branch, "ref": pull.branch, "sha": head, "repo_id": 1, "repo": { "full_name": owner } },
        "base": { "label": pull.base, "ref": pull.base, "sha": state.repo.tip(&pull.base), "repo_id": 1, "repo": { "full_name": REPO } },
    })
}
