//! Which tools the agent of each kind of job may use. None of the lists lets an agent claim, look at the queue or
//! keep a lease: that is the runner's.

use crate::domain::job::Kind;

/// A tool that an agent may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tool {
    /// One of the agent's program, as in `Read`.
    Program(&'static str),
    /// One of this server, as in `update_job_status`.
    Server(&'static str),
}

impl Tool {
    /// The tool as an agent's program lists it, with this server registered under the name `server`.
    #[must_use]
    pub fn listed(self, server: &str) -> String {
        match self {
            Self::Program(name) => name.to_owned(),
            Self::Server(name) => format!("mcp__{server}__{name}"),
        }
    }
}

/// The tools of a kind.
#[must_use]
pub fn allowed_tools(kind: Kind) -> Vec<Tool> {
    let (program, server): (&[&str], &[&[&str]]) = match kind {
        Kind::IdeaGrill => (GRILL, &[&["update_idea_grill_md", "log_idea_decision"], REPORT, QUESTIONS]),
        Kind::IdeaMakePlan => (MAKE_PLAN, &[&["update_idea_plan_md", "log_idea_decision"], REPORT]),
        Kind::IdeaReviewPlan => (REVIEW_PLAN, &[REVIEW, REPORT, QUESTIONS]),
        Kind::PlanChat => (CHAT, &[REPORT]),
        Kind::TaskImplementation => (CODE, &[TASK, REPORT, QUESTIONS]),
        Kind::SprintImplementation => (CODE, &[TASK, EXECUTIONS, REPORT, QUESTIONS]),
    };
    let program = program.iter().map(|name| Tool::Program(name));
    program.chain(server.concat().into_iter().map(Tool::Server)).collect()
}

const CODE: &[&str] = &["Read", "Edit", "Write", "Bash", "Grep", "Glob"];
const GRILL: &[&str] = &["Read", "Grep", "Glob", "WebSearch", "AskUserQuestion"];
const MAKE_PLAN: &[&str] = &["Read", "Grep", "Glob", "WebSearch", "AskUserQuestion", "Write"];
const REVIEW_PLAN: &[&str] = &["Read", "Write", "Grep", "Glob"];
const CHAT: &[&str] = &["Read", "Grep", "AskUserQuestion"];

const REPORT: &[&str] = &["update_job_status"];
const QUESTIONS: &[&str] =
    &["ask_user_question", "get_question_answer", "list_open_questions", "cancel_question"];
const REVIEW: &[&str] = &["update_idea_plan_md", "update_idea_plan_reviewed", "log_idea_decision"];
const TASK: &[&str] = &[
    "get_claude_context",
    "update_task_status",
    "update_task_plan",
    "log_implementation",
    "log_test_result",
    "log_commit",
    "verify_task_against_plan",
    "worker_heartbeat",
];
const EXECUTIONS: &[&str] = &["update_task_execution", "verify_sprint_task"];
