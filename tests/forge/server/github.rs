//! The face of GitHub: REST.

use serde_json::{Value, json};

use super::state::REPO;
use super::{Answer, Pull, Request, State, graph};

pub(crate) fn answer(state: &mut State, request: &Request) -> Answer {
    if request.header("user-agent").is_none() {
        return Answer::says(403, "Request forbidden by administrative rules.");
    }
    let sent = request.header("authorization").and_then(|text| text.strip_prefix("Bearer "));
    if sent.is_none() || sent != state.token.as_deref() {
        return Answer::says(401, "Bad credentials");
    }
    let writes = request.method != "GET";
    if writes && state.archived {
        return Answer::says(403, "Repository was archived so is read-only.");
    }
    if writes && !state.may_write {
        return Answer::says(403, "Resource not accessible by personal access token");
    }
    if request.path == "/graphql" {
        return graph::answer(state, request);
    }
    let missing = || Answer::says(404, "Not Found");
    let Some(path) = request.path.strip_prefix(&format!("/repos/{REPO}/")) else { return missing() };
    let parts: Vec<&str> = path.split('/').collect();
    match (&*request.method, parts.as_slice()) {
        ("GET", ["pulls"]) => list(state, request),
        ("POST", ["pulls"]) => open(state, request),
        ("GET", ["pulls", number]) => match state.pull(number) {
            Some(at) => Answer::json(200, &whole(state, &state.pulls[at])),
            None => missing(),
        },
        ("PATCH", ["pulls", number]) => match state.pull(number) {
            Some(at) if state.pulls[at].merged.is_some() => Answer::says(422, "Validation Failed"),
            Some(at) => {
                state.pulls[at].closed = request.text("state") == "closed";
                Answer::json(200, &whole(state, &state.pulls[at]))
            }
            None => missing(),
        },
        ("PUT", ["pulls", number, "merge"]) => match state.pull(number) {
            Some(at) => merge(state, at, request),
            None => missing(),
        },
        ("GET", ["pulls", number, "files"]) => match state.pull(number) {
            Some(at) => {
                let pull = &state.pulls[at];
                let files = state.repo.files(&pull.base, &state.head(pull));
                let files = files.iter().map(|file| json!({ "filename": file, "status": "modified" }));
                Answer::page(files.collect(), request.number("page", 1), request.number("per_page", 30))
            }
            None => missing(),
        },
        ("GET", ["issues", number, "comments"]) => match state.pull(number) {
            Some(at) => {
                let comments = state.pulls[at].comments.iter().map(|body| json!({ "id": 1, "body": body }));
                Answer::page(comments.collect(), request.number("page", 1), request.number("per_page", 30))
            }
            None => missing(),
        },
        ("POST", ["issues", number, "comments"]) => match state.pull(number) {
            Some(at) => state.comment(at, request),
            None => missing(),
        },
        ("GET", ["commits", commit, "check-runs"]) => {
            let runs = state.checks.iter().filter(|check| check.commit == *commit).map(|check| {
                let ended = check.state != "pending";
                let conclusion = ended.then_some(check.state);
                json!({ "name": check.name, "status": if ended { "completed" } else { "queued" }, "conclusion": conclusion })
            });
            let runs: Vec<Value> = runs.collect();
            let count = runs.len();
            let page = Answer::page(runs, request.number("page", 1), request.number("per_page", 30));
            page.within(|runs| json!({ "total_count": count, "check_runs": runs }))
        }
        ("GET", ["commits", commit, "status"]) => {
            Answer::json(200, &json!({ "state": "pending", "statuses": [], "sha": commit }))
        }
        _ => missing(),
    }
}

fn list(state: &State, request: &Request) -> Answer {
    let wanted = request.query("state").unwrap_or("open");
    let head = request.query("head").and_then(|head| head.split_once(':'));
    let tip = head.and_then(|(_, branch)| state.repo.tip(branch));
    let mut found: Vec<&Pull> = state.pulls.iter().collect();
    found.retain(|pull| wanted == "all" || (wanted == "closed") == pull.closed);
    if let Some((_, branch)) = head {
        // Without an owner the filter is ignored; with one, other branches on the same commit have come, too.
        found.retain(|pull| pull.branch == branch || Some(state.head(pull)) == tip);
    }
    if let Some(base) = request.query("base") {
        found.retain(|pull| pull.base == base);
    }
    found.reverse();
    let found = found.into_iter().map(|pull| brief(state, pull)).collect();
    Answer::page(found, request.number("page", 1), request.number("per_page", 30))
}

fn open(state: &mut State, request: &Request) -> Answer {
    let refused = |message: &str| {
        let error = json!({ "resource": "PullRequest", "code": "custom", "message": message });
        Answer::json(422, &json!({ "message": "Validation Failed", "errors": [error] }))
    };
    let draft = request.body["draft"] == true;
    if draft && !state.has_drafts {
        return Answer::says(422, "Draft pull requests are not supported in this repository.");
    }
    match state.open(request, draft) {
        Ok(at) => Answer::json(201, &whole(state, &state.pulls[at])),
        Err("exists") => {
            refused(&format!("A pull request already exists for shop:{}.", request.text("head")))
        }
        Err("nothing") => refused("No commits between trunk and it"),
        Err(_) => refused("head is invalid"),
    }
}

fn merge(state: &mut State, at: usize, request: &Request) -> Answer {
    let pull = &state.pulls[at];
    if request.text("sha") != state.head(pull) {
        return Answer::says(409, "Head branch was modified. Review and try the merge again.");
    }
    match judged(state, pull) {
        "draft" => return Answer::says(405, "Pull Request is still a draft"),
        "blocked" => return Answer::says(405, "Required status check \"build\" is expected."),
        "dirty" => return Answer::says(405, "Pull Request is not mergeable"),
        _ => {}
    }
    let (title, message) = (request.text("commit_title"), request.text("commit_message"));
    let commit = state.merge(at, &title, &message).unwrap();
    Answer::json(
        200,
        &json!({ "sha": commit, "merged": true, "message": "Pull Request successfully merged" }),
    )
}

/// `mergeable_state`.
pub(crate) fn judged(state: &State, pull: &Pull) -> &'static str {
    let head = state.head(pull);
    if pull.closed {
        "unknown"
    } else if !state.mergeable(pull) {
        "dirty"
    } else if pull.draft {
        "draft"
    } else if state.protected && state.checked(&head, true) != "success" {
        "blocked"
    } else if state.checked(&head, false) != "success" {
        "unstable"
    } else {
        "clean"
    }
}

/// As it stands in lists.
fn brief(state: &State, pull: &Pull) -> Value {
    let head = state.head(pull);
    let owner = pull.fork.as_ref().map_or(REPO, |(name, _)| name);
    let (title, message) = pull.scheduled.clone().unwrap_or_default();
    let auto = pull
        .scheduled
        .as_ref()
        .map(|_| json!({ "merge_method": "squash", "commit_title": title, "commit_message": message }));
    // Before a merge the commit is that of a merge made for a try.
    let merge = pull.merged.clone().unwrap_or_else(|| "e".repeat(40));
    json!({
        "number": pull.number,
        "node_id": format!("PR_{}", pull.number),
        "html_url": format!("https://evil.example/{}", pull.number),
        "state": if pull.closed { "closed" } else { "open" },
        "title": pull.title,
        "body": pull.body,
        "draft": pull.draft,
        "merged_at": pull.merged.as_ref().map(|_| "2019-05-15T15:20:33Z"),
        "merge_commit_sha": merge,
        "auto_merge": auto,
        "head": { "label": format!("shop:{}", pull.branch), "ref": pull.branch, "sha": head, "repo": { "full_name": owner } },
        "base": { "label": "shop:trunk", "ref": pull.base, "sha": state.repo.tip(&pull.base), "repo": { "full_name": REPO } },
    })
}

/// As it stands alone.
pub(crate) fn whole(state: &State, pull: &Pull) -> Value {
    let mut value = brief(state, pull);
    let base = state.repo.tip(&pull.base).unwrap();
    value["merged"] = json!(pull.merged.is_some());
    value["mergeable"] = json!(state.mergeable(pull));
    value["mergeable_state"] = json!(judged(state, pull));
    value["commits"] = json!(state.repo.count(&base, &state.head(pull)));
    value
}
