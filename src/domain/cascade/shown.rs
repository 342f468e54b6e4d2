//! A plan in plain words: the dry run.

use std::fmt;

use super::step::{Because, Condition, Key, Planned, Step};

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::SameBacklogItem => "it belongs to the same backlog item",
            Self::SameRun => "it belongs to the same sprint run, which fails",
        })
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancel { job, from, because } => write!(f, "cancel job {job}, now {from}: {because}"),
            Self::Stop { job, attempt } => {
                write!(f, "have the worker of job {job}, attempt {attempt}, stop, and wait until it has")
            }
            Self::LookAtPullRequest { url } => {
                write!(
                    f,
                    "ask the forge whether pull request {url} is open, closed or merged, and plan again"
                )
            }
            Self::ClosePullRequest { url, .. } => write!(f, "close pull request {url} with a comment"),
            Self::RevertPullRequest { url } => {
                write!(f, "open a pull request that reverts {url}, for a person to review")
            }
            Self::DeleteBranch { repo, branch } => {
                write!(f, "delete branch {branch} of {}", repo.as_str())
            }
            Self::RemoveWorktree { job, attempt } => write!(
                f,
                "keep the work of job {job}, attempt {attempt}, under refs/salvage/{job}/{attempt}, and then remove \
                 its worktree"
            ),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Always => "",
            Self::StillOpen => ", if it is still open then",
            Self::TipIsKeptElsewhere => {
                ", only if its tip can be reached from another branch, tag or pull request there"
            }
        })
    }
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.step, self.only_if)?;
        for (number, key) in self.after.iter().enumerate() {
            write!(f, "{} {key}", if number == 0 { " (after" } else { "," })?;
        }
        if self.after.is_empty() { Ok(()) } else { f.write_str(")") }
    }
}
