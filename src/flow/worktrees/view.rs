//! What was judged, as programs and people see it.

use std::path::Path;

use super::judge::{Judged, Verdict, Whose};
use crate::domain::machine::Word;
use crate::flow::iso;
use crate::flow::wire::{SalvagedView, TenantView, WorktreeView};
use crate::git::{Salvaged, Size};
use crate::store::{AttemptRecord, JobRecord};

impl Judged {
    /// What becomes of it, or became of it where it was removed.
    pub(super) fn view(self, root: &Path, size: Option<Size>, is_removed: bool) -> WorktreeView {
        let (state, folder) = (self.state().to_owned(), self.found.name());
        let (fate, why, because, until) = match self.verdict {
            Verdict::Goes(leave) => {
                let fate = if is_removed { "removed" } else { "goes" };
                (fate, leave.word(), leave.meaning().to_owned(), None)
            }
            Verdict::Stays { why, because, until } => ("stays", why, because, until),
            Verdict::Foreign { why, because } => ("foreign", why, because, None),
        };
        WorktreeView {
            path: root.join(&folder).display().to_string(),
            folder,
            state,
            fate: fate.to_owned(),
            why: why.to_owned(),
            because,
            goes_at: until.map(iso),
            bytes: size.map(|size| size.bytes),
            bytes_are_least: size.is_some_and(|size| size.is_least),
            salvaged: None,
            attempt: match self.whose {
                Whose::Attempt(both) => Some(tenant(both.0, both.1)),
                Whose::Product(_) | Whose::Archived(_) | Whose::Nobody => None,
            },
        }
    }
}

pub(super) fn salvaged(kept: Salvaged) -> SalvagedView {
    SalvagedView {
        reference: kept.reference,
        commit: kept.commit.to_string(),
        paths: u64::try_from(kept.paths).unwrap_or(u64::MAX),
    }
}

fn tenant(job: JobRecord, attempt: AttemptRecord) -> TenantView {
    let row = attempt.row;
    TenantView {
        user_id: job.user.to_string(),
        job_id: job.row.id.to_string(),
        job_status: job.row.status.word().to_owned(),
        attempt: row.number,
        status: row.status.word().to_owned(),
        host: row.frozen.host,
        worker: row.frozen.worker.to_string(),
        repo_url: job.repo_url,
        branch: job.branch,
        claimed_at: iso(row.frozen.claimed_at),
        ended_at: row.ended_at.map(iso),
    }
}
