//! Cleans up after runners that died: kills the agents that they left, and gives their jobs back.

use std::fs;
use std::time::Duration;

use super::RunnerError;
use super::agent::Ended;
use super::folder::{About, JobFolder, lock, private};
use super::life::Runner;
use super::process::{Process, kill_all_of};
use super::verdict::Why;

/// How often it is looked whether a killed group is gone, and how many times.
const LOOK: (Duration, u32) = (Duration::from_millis(20), 100);

impl Runner {
    /// Goes through the job folders of dead runners on this state folder. Returns how many agents were alive.
    ///
    /// # Errors
    /// When the folders cannot be read. What cannot be cleaned up is logged and left.
    pub(super) async fn clean_up(&self) -> Result<u32, RunnerError> {
        let jobs = self.jobs();
        private(&jobs)?;
        let mut found = Vec::new();
        {
            let _lock = lock(&jobs)?;
            for entry in fs::read_dir(&jobs).map_err(RunnerError::io("read", &jobs))? {
                let path = entry.map_err(RunnerError::io("read", &jobs))?.path();
                if path.is_dir() {
                    found.extend(JobFolder::take(&path));
                }
            }
        }
        let mut killed = 0;
        for (folder, about, process) in found {
            killed += u32::from(self.clean(&about, process).await);
            folder.remove();
        }
        Ok(killed)
    }

    async fn clean(&self, about: &About, process: Option<Process>) -> bool {
        let mut killed = match process {
            // The number may be another process's by now; that one is none of our business.
            Some(process) if process.is_there() => kill(&process).await,
            _ => false,
        };
        // A process that is being killed may still start another.
        for _ in 0..LOOK.1 {
            if kill_all_of(about) == 0 {
                break;
            }
            killed = true;
            tokio::time::sleep(LOOK.0).await;
        }
        tracing::warn!(job = %about.job, attempt = about.attempt, killed, "cleaning up after a dead runner");
        self.settle(about, &Why::Orphaned, if killed { Ended::Killed } else { Ended::Gently }).await;
        if let Err(error) = self.app.tidy_attempt(&about.job, about.attempt).await {
            tracing::warn!(job = %about.job, %error, "its worktree stays; a later tidy removes it");
        }
        killed
    }
}

async fn kill(process: &Process) -> bool {
    let killed = process.kill_group();
    for _ in 0..LOOK.1 {
        if process.group_is_gone() {
            break;
        }
        tokio::time::sleep(LOOK.0).await;
    }
    killed
}
