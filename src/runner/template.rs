//! The agent's command as a template. Words are never split, joined or read by a shell.

/// What the placeholders stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// `{payload}`: the file that describes the job.
    pub payload: String,
    /// `{worktree}`: the folder to work in.
    pub worktree: String,
    /// `{job_id}`: the job.
    pub job_id: String,
    /// `{attempt}`: its attempt.
    pub attempt: String,
    /// `{mcp_config}`: the file that tells an agent where its MCP server is.
    pub mcp_config: String,
    /// `{prompt}`: what the agent is asked to do.
    pub prompt: String,
    /// `{model}`: the model.
    pub model: String,
    /// `{permission_mode}`: what the agent may do without asking.
    pub permission_mode: String,
}

impl Values {
    fn of(&self, name: &str) -> Option<&str> {
        Some(match name {
            "payload" => &self.payload,
            "worktree" => &self.worktree,
            "job_id" => &self.job_id,
            "attempt" => &self.attempt,
            "mcp_config" => &self.mcp_config,
            "prompt" => &self.prompt,
            "model" => &self.model,
            "permission_mode" => &self.permission_mode,
            _ => return None,
        })
    }
}

/// Replaces every placeholder in one word, in one pass: what a value brings in is not read again, and braces that
/// name nothing known stay as they are.
#[must_use]
pub fn fill(word: &str, values: &Values) -> String {
    let mut filled = String::with_capacity(word.len());
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}').and_then(|(name, after)| Some((values.of(name)?, after))) {
            Some((value, after)) => {
                filled.push_str(value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

/// What the agent is asked to do; the same for every agent, so that the payload alone says what the job is.
pub(super) const PROMPT: &str = "\
You work on one job of Sprintgate: job {job_id}, attempt {attempt}. It is claimed already; do not claim another.
1. Read {payload}: the task, its implementation plan and its acceptance criteria. The plan is what you are judged by.
2. Call update_job_status with status `running`.
3. Work in {worktree} and nowhere else. Commit there in small steps. Do not push, open pull requests, deploy or leave
   processes running: the server publishes your commits when they are accepted.
4. Commit everything, then call verify_task_against_plan. When it finds the work incomplete, go on with it.
5. End with one update_job_status: `done` with a summary that names every deviation from the plan; `failed` with what
   went wrong; or `skipped` with the reason when there is nothing to do.
Pass job_id and attempt to every call. Read each refusal: its `legal_next` says what you may do. When a call answers
LEASE_LOST or JOB_CANCELLED, stop at once. Never show tokens or other credentials.";
