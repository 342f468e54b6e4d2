//! The scripted agent of the demo. It knows what any agent knows, and speaks MCP only.

use std::path::PathBuf;
use std::process::ExitCode;

use super::demo;
use super::error::CliError;

/// Play a part in the demo.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The demo's folder
    #[arg(long)]
    folder: PathBuf,
    /// Claim a job without a runner, and get stuck half way
    #[arg(long)]
    victim: bool,
}

/// Answers `sprintgate demo-agent`.
pub(crate) async fn run(args: Args) -> Result<ExitCode, CliError> {
    if args.victim {
        demo::play_victim(args.folder).await?;
    } else {
        demo::play(args.folder).await?;
    }
    Ok(ExitCode::SUCCESS)
}
