//! The list of all statements.

/// Every statement of this adapter with its name, for those who audit or explain them.
#[must_use]
pub fn statements() -> Vec<(&'static str, &'static str)> {
    [
        super::apply::ALL,
        super::attempts::ALL,
        super::checkpoints::ALL,
        super::effects::ALL,
        super::entries::ALL,
        super::executions::ALL,
        super::ideas::ALL,
        super::job_notes::ALL,
        super::job_queue::ALL,
        super::job_rows::ALL,
        super::ledger::ALL,
        super::open::ALL,
        super::pbis::ALL,
        super::products::ALL,
        super::probe::ALL,
        super::pull_requests::ALL,
        super::questions::ALL,
        super::readiness::ALL,
        super::requests::ALL,
        super::runs::ALL,
        super::sent_commits::ALL,
        super::sprints::ALL,
        super::stories::ALL,
        super::tasks::ALL,
        super::tokens::ALL,
        super::tx::ALL,
        super::workers::ALL,
        super::worktrees::ALL,
    ]
    .concat()
}
