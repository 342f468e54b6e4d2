//! The commands there are, and which file answers each.

use std::process::ExitCode;

use super::error::CliError;
use super::globals::Globals;
use super::{
    audit, board, call, cascade, db, demo, demo_agent, effects, events, explain, import, init, job, mcp,
    product, runner, salvage, selftest, sprint, sweep, tables, worktree,
};

/// The job lifecycle for coding agents.
///
/// No agent takes a job twice, finishes it without proof, or leaves it half done without a trace.
#[derive(Debug, clap::Parser)]
#[command(name = "sprintgate", version, max_term_width = 100, after_help = AFTER)]
pub struct Cli {
    #[command(flatten)]
    pub(super) globals: Globals,
    #[command(subcommand)]
    pub(super) command: Command,
}

const AFTER: &str = "\
Exit status: 0 done; 1 refused or failed; 2 the command line or the settings are wrong;
3 not initialised; 4 the database is not available.

Settings come from a flag, then the environment (SPRINTGATE_*, then SCRUM4ME_*), then the config
file, then a default.";

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Make the database, a user, an access token and the config file; safe to repeat
    Init(init::Args),
    /// Serve agents over MCP on stdin and stdout
    Mcp(mcp::Args),
    /// Products and their clones
    #[command(subcommand)]
    Product(product::Command),
    /// Import a plan (YAML front matter) as a backlog item with stories and tasks
    Import(import::Args),
    /// Sprints
    #[command(subcommand)]
    Sprint(sprint::Command),
    /// Jobs
    #[command(subcommand)]
    Job(job::Command),
    /// Claim jobs and run an agent on each
    Runner(runner::Args),
    /// Call one MCP tool and print its structured answer
    Call(call::Args),
    /// Print the legal transitions of every state machine
    Tables(tables::Args),
    /// Say why a job is where it is, and what would move it
    Explain(explain::Args),
    /// What a failure does to other jobs
    #[command(subcommand)]
    Cascade(cascade::Command),
    /// The ledger
    #[command(subcommand)]
    Audit(audit::Command),
    /// What other programs are told of every move
    #[command(subcommand)]
    Events(events::Command),
    /// What is to be done outside of the database
    #[command(subcommand)]
    Effects(effects::Command),
    /// The database: its state, its schema, backups, checks, and moving it
    #[command(subcommand)]
    Db(db::Command),
    /// Show sprint runs, their stories and tasks, and jobs
    Board(board::Args),
    /// Take jobs back from workers that gave no sign of life
    Sweep(sweep::Args),
    /// Worktrees of this machine
    #[command(subcommand)]
    Worktree(worktree::Command),
    /// Work that was kept of attempts before their worktrees went
    #[command(subcommand)]
    Salvage(salvage::Command),
    /// Show the whole lifecycle on a throw-away set-up
    Demo(demo::Args),
    /// Check that a database holds what Sprintgate needs of it
    Selftest(selftest::Args),
    #[command(hide = true)]
    DemoAgent(demo_agent::Args),
}

impl Cli {
    /// Answers the command.
    pub(super) async fn run(self) -> Result<ExitCode, CliError> {
        let Self { globals, command } = self;
        match command {
            Command::Init(args) => init::run(args, &globals).await,
            Command::Mcp(args) => mcp::run(args, &globals).await,
            Command::Product(command) => product::run(command, &globals).await,
            Command::Import(args) => import::run(args, &globals).await,
            Command::Sprint(command) => sprint::run(command, &globals).await,
            Command::Job(command) => job::run(command, &globals).await,
            Command::Runner(args) => runner::run(args, globals.config()?).await,
            Command::Call(args) => call::run(args, &globals).await,
            Command::Tables(args) => tables::run(&args, &globals),
            Command::Explain(args) => explain::run(args, &globals).await,
            Command::Cascade(command) => cascade::run(command, &globals).await,
            Command::Audit(command) => audit::run(command, &globals).await,
            Command::Events(command) => events::run(command, &globals).await,
            Command::Effects(command) => effects::run(command, &globals).await,
            Command::Db(command) => db::run(command, &globals).await,
            Command::Board(args) => board::run(args, &globals).await,
            Command::Sweep(args) => sweep::run(args, &globals).await,
            Command::Worktree(command) => worktree::run(command, &globals).await,
            Command::Salvage(command) => salvage::run(command, &globals).await,
            Command::Demo(args) => demo::run(args).await,
            Command::Selftest(args) => selftest::run(args, &globals).await,
            Command::DemoAgent(args) => demo_agent::run(args).await,
        }
    }

    /// The level that is logged when nobody says: a runner tells what it does.
    pub(super) fn log_level(&self) -> &'static str {
        match self.command {
            Command::Runner(_) => "info,rmcp=warn",
            // what a tool refuses is the command's answer and not an event
            Command::Call(_) | Command::Mcp(_) => "warn,rmcp=error",
            // races that are provoked warn of themselves
            Command::Selftest(_) => "error",
            _ => "warn",
        }
    }
}
