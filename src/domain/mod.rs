//! The rules, without IO, clock, randomness or async: what may happen, to what, and what follows. Time, ids
//! and outcomes are arguments; what is decided is a value.
//!
//! # The machines
//!
//! Each page has its matrix, what is known in which state, and a life that runs. In reading order:
//!
//! - [`machine`]: what all of them have in common, and how to add an edge.
//! - [`job`]: one piece of work, from the queue to its end. Read this one first.
//! - [`attempt`]: one claim of one job; its number fences every write.
//! - [`run`]: one go at a sprint, which hands out the jobs.
//! - [`execution`]: one task of a job that implements a whole sprint.
//! - [`task`]: what a person plans and a job carries out.
//! - [`backlog`]: story, backlog item and sprint, derived from what lies beneath them.
//! - [`idea`]: from a draft to a plan, through jobs that question, plan and review it.
//! - [`question`]: what an agent asks a person.
//! - [`pull_request`]: the publication of a branch, to its merge.
//! - [`worktree`]: an attempt's hold on a worktree and its locks.
//! - [`worker`]: whether a worker process is there.
//! - [`effect`]: one thing to be done outside of the database.
//!
//! # Checks, and the proofs they give
//!
//! A check answers with the fact that is missing. Where a move must not be made without it, it answers with a
//! proof, a value that nothing else can make, and the move asks for that.
//!
//! - [`eligibility`]: may this job be claimed? The first guard that does not hold, with what it read.
//! - [`gate`]: may this job be DONE? Its proof is [`gate::Passed`].
//! - [`execution::judge`] and [`execution::its_turn`]: may this task of a sprint job be DONE, and may it
//!   begin?
//! - [`idea::start`]: may a job begin on this idea? Its proof is [`idea::start::Ready`].
//! - [`preflight`]: may this sprint run start? Everything that keeps it from it, at once.
//!
//! # Pure functions
//!
//! - [`verify`]: the plan against the diff.
//! - [`rollup`]: what changes above a task that changed.
//! - [`cascade`]: what a failed job does to its siblings.
//! - [`branch`]: which branch a job works on.
//! - [`push`]: what comes of a push, and what that does to its job; [`push_rule`]: by what rule a remote refuses it.
//! - [`publication`]: when a branch gets its pull request and when that is merged, in which words.
//! - [`root`]: which folders may be the clone of a repository.
//! - [`job_config`]: model, budget and permissions of a job's agent, and its tools.
//! - [`backoff`]: how long to wait before the next try.
//! - [`usage`]: what an agent used, and what that costs.
//! - [`next_action`]: what an agent does after its report.
//! - [`event`]: what other programs are told of a move.
//! - [`replay`]: where an entity is by its history, and what in that history cannot have been.
//! - [`checkpoint`]: when the ledger is bound by the next checkpoint.
//!
//! # The law, and the words
//!
//! - [`law`]: every machine in one list, from which documents and databases are made.
//! - [`shift`]: a change of a status that is derived.
//! - [`forge`]: hosts, repositories and pull requests at a forge, and what it answers.
//! - [`credential`]: a secret that does not print.
//! - [`actor`], [`id`], [`commit`], [`remote`], [`time`] and [`plan_doc`]: who, which, and when; text that
//!   was parsed into them is safe in paths, refs and addresses.

pub mod actor;
pub mod attempt;
pub mod backlog;
pub mod backoff;
pub mod branch;
pub mod cascade;
pub mod checkpoint;
pub mod commit;
pub mod credential;
pub mod effect;
pub mod eligibility;
pub mod event;
pub mod execution;
pub mod forge;
pub mod gate;
pub mod id;
pub mod idea;
pub mod job;
pub mod job_config;
pub mod law;
pub mod machine;
pub mod next_action;
pub mod plan_doc;
pub mod preflight;
pub mod publication;
pub mod pull_request;
pub mod push;
pub mod push_rule;
pub mod question;
pub mod remote;
pub mod replay;
pub mod rollup;
pub mod root;
pub mod run;
pub mod shift;
pub mod task;
pub mod time;
pub mod usage;
pub mod verify;
pub mod worker;
pub mod worktree;
