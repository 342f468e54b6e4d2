//! The tools: one row each, with what an agent reads about it and the verb that answers.

use serde::Deserialize;
use serde_json::{Map, Value};

use rmcp::model::{Tool, ToolAnnotations};

use super::call::{Call, Working, render, wait};
use super::schema;
use crate::flow::wire::{
    CheckQueueEmpty, ClaudeContext, Cleaned, CleanupMyWorktrees, CreatePbi, CreateStory, CreateTask, Created,
    GetClaudeContext, Health, Heartbeat, JobAnswer, JobHeartbeat, ListProducts, MarkPbiPrMerged, PbiPr,
    PbiPrMerged, Products, QueueAnswer, Reported, SetPbiPr, TaskAnswer, UpdateJobStatus, UpdateTaskPlan,
    UpdateTaskStatus, Verified, VerifyTask, WaitForJob,
};
use crate::reading::read_arguments;

/// One tool.
pub(super) struct Spec {
    pub(super) name: &'static str,
    title: &'static str,
    about: &'static str,
    hints: Hints,
    input: fn() -> Map<String, Value>,
    output: fn() -> Map<String, Value>,
    pub(super) run: fn(Call) -> Working,
}

/// What a client may assume of a tool before it asks a person.
#[derive(Clone, Copy)]
struct Hints {
    read_only: bool,
    destructive: bool,
    idempotent: bool,
    open_world: bool,
}

const READS: Hints = Hints { read_only: true, destructive: false, idempotent: true, open_world: false };
const ADDS: Hints = Hints { read_only: false, destructive: false, idempotent: false, open_world: false };
const REPEATS: Hints = Hints { idempotent: true, ..ADDS };
const REPLACES: Hints = Hints { destructive: true, ..REPEATS };
/// It may push a branch and open a pull request.
const PUBLISHES: Hints = Hints { open_world: true, ..REPLACES };

#[derive(Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// One row: the verb of `flow` has the tool's name, unless `by` says what runs instead.
macro_rules! tool {
    ($name:ident ($ask:ty) -> $answer:ty, $hints:expr, $title:literal, $about:expr) => {
        tool!($name($ask) -> $answer, $hints, $title, $about, by |call| Box::pin(async move {
            let ask: $ask = read_arguments(call.given)?;
            render(&call.app.$name(&call.session, ask).await?)
        }))
    };
    ($name:ident ($ask:ty) -> $answer:ty, $hints:expr, $title:literal, $about:expr, by $run:expr) => {
        Spec {
            name: stringify!($name),
            title: $title,
            about: $about,
            hints: $hints,
            input: schema::input::<$ask>,
            output: schema::output::<$answer>,
            run: $run,
        }
    };
}

/// Every tool, in the order in which an agent meets them.
pub(super) const TOOLS: &[Spec] = &[
    tool!(wait_for_job(WaitForJob) -> JobAnswer, ADDS, "Wait for a job",
        "Claims the next job for you, waiting up to `wait_seconds` for one. `status` is `claimed` or `timeout`; after \
         a timeout call again. A claimed job comes with its task, the frozen plan you will be judged by, \
         `worktree_path` (change files there only), `branch_name`, `job_id` and `attempt`. Pass `job_id` and \
         `attempt` to every later call. The job is yours until `lease_until`: call job_heartbeat every \
         `heartbeat_interval_seconds` while you work. Then: update_job_status `running`, work, commit, \
         verify_task_against_plan, update_job_status `done`. Cancelling this call gives a claim back.",
        by |call| Box::pin(wait(call))),
    tool!(job_heartbeat(JobHeartbeat) -> Heartbeat, REPEATS, "Keep the job",
        "Renews the lease of the job you hold and returns its new end. Call it about once a minute while you work. \
         LEASE_LOST or JOB_CANCELLED means that the job is no longer yours: stop working on it and call \
         wait_for_job."),
    tool!(verify_task_against_plan(VerifyTask) -> Verified, REPEATS, "Compare the work with the plan",
        "Compares what you committed since the job's base commit with the task's frozen plan, and keeps the verdict \
         for `done`: `aligned`, `partial`, `empty` or `divergent`, with the reasons. Commit first: uncommitted paths \
         are listed and keep `done` shut, and a commit made afterwards has to be verified again. \
         `allowed_for_done` says whether `done` would pass now, `missing` what is not there yet. Takes the id of \
         the task, not of the job."),
    tool!(update_job_status(UpdateJobStatus) -> Reported, PUBLISHES, "Report on the job",
        "Reports how the job stands. `running`: you began, or still work. `done`: needs a clean worktree at the commit \
         that was verified; the branch is then pushed by the server, never by you, and `pr_url` names the pull \
         request if there is one. Where the verdict is not `aligned`, `summary` has to explain it. `failed`: say why \
         in `error`. `skipped`: there is nothing to do; say why in `error`, in at least 10 characters. An outcome is \
         final: repeating the same one returns the stored answer, another one is refused. On a refusal read `code`, \
         `facts` and `legal_next`; with `retry` = `later`, call again. `next_action` says what to do now."),
    tool!(check_queue_empty(CheckQueueEmpty) -> QueueAnswer, READS, "Is there work left",
        "Counts your jobs that are queued, claimed or running (`remaining`), and those that could be claimed at once \
         (`claimable`), for one product or for all. Claims nothing."),
    tool!(list_products(ListProducts) -> Products, READS, "List the products",
    "Lists the products you may see, newest first, with their ids, repositories and definitions of done.",
    by |call| Box::pin(async move {
        let ListProducts {} = read_arguments(call.given)?;
        render(&call.app.list_products(&call.session).await?)
    })),
    tool!(get_claude_context(GetClaudeContext) -> ClaudeContext, READS, "Read a product's state",
        "Reads one product: its definition of done, its newest open sprint, and that sprint's first unfinished story \
         with all tasks and plans. `active_sprint` and `next_story` are null when there is none. Claims nothing: to \
         work on a task, call wait_for_job."),
    tool!(create_pbi(CreatePbi) -> Created, ADDS, "Add a backlog item",
        "Adds a product backlog item, which groups stories, and returns its id and code. Give a `request_id` of your \
         own to make repeating the call safe."),
    tool!(create_story(CreateStory) -> Created, ADDS, "Add a story",
        "Adds a story to a backlog item and returns its id and code. With `sprint_id` it is planned for that sprint. \
         Give a `request_id` of your own to make repeating the call safe."),
    tool!(create_task(CreateTask) -> Created, ADDS, "Add a task",
        "Adds a task to a story and returns its id and code. `implementation_plan` is what an agent's work will be \
         compared with: name the files to change, in backquotes, and what changes in each. Give a `request_id` of \
         your own to make repeating the call safe."),
    tool!(update_task_status(UpdateTaskStatus) -> TaskAnswer, REPLACES, "Move a task",
        "Moves a task by hand; its story, backlog item, sprint and run follow from it. The task of the job you hold \
         moves by itself: use update_job_status for that. A move that the task's machine does not have is refused \
         with the legal ones."),
    tool!(update_task_plan(UpdateTaskPlan) -> TaskAnswer, REPLACES, "Replace a task's plan",
        "Replaces the plan of a task. An attempt that is under way keeps, and is judged by, the plan it was given."),
    tool!(set_pbi_pr(SetPbiPr) -> PbiPr, REPLACES, "Name a backlog item's pull request",
        "Notes the pull request of a backlog item, in place of another one; it counts as not merged then. Its host has \
         to be a forge that is configured on the server. Nothing is opened, changed or asked there."),
    tool!(mark_pbi_pr_merged(MarkPbiPrMerged) -> PbiPrMerged, REPLACES, "Note a merge",
        "Notes that the pull request of a backlog item is merged, now. Nothing is merged by this, and no forge is \
         asked: use it when you know. PR_MISSING: name the pull request with set_pbi_pr first."),
    tool!(cleanup_my_worktrees(CleanupMyWorktrees) -> Cleaned, REPLACES, "Remove worktrees of ended attempts",
        "Removes the worktrees of your ended attempts on the server's machine. What one holds that is not published is \
         kept in the vault first, and `salvaged` names it. A live attempt's worktree is never touched, and one that \
         has just ended or was cancelled stays until its worker has confirmed or had the time to notice. `details` \
         says for each folder what was done and why; what is not ours is named and left alone."),
    tool!(health(Nothing) -> Health, READS, "Is the server well",
    "Says whether the server and its database answer, with version and time. Needs no token.",
    by |call| Box::pin(async move {
        let Nothing {} = read_arguments(call.given)?;
        render(&call.app.health().await)
    })),
];

impl Spec {
    /// The tool of that name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        TOOLS.iter().find(|tool| tool.name == name)
    }

    /// The tool as the protocol lists it.
    pub(super) fn listed(&self) -> Tool {
        let hints = ToolAnnotations::with_title(self.title)
            .read_only(self.hints.read_only)
            .destructive(self.hints.destructive)
            .idempotent(self.hints.idempotent)
            .open_world(self.hints.open_world);
        Tool::new(self.name, self.about, (self.input)())
            .with_title(self.title)
            .with_raw_output_schema((self.output)().into())
            .with_annotations(hints)
    }
}
