//! The list of all statements.

/// Every statement of this adapter with its name, for those who audit or explain them.
#[must_use]
pub fn statements() -> Vec<(&'static str, &'static str)> {
    let shared = [
        super::apply::ALL,
        super::archives::ALL,
        super::attempts::ALL,
        super::checkpoints::ALL,
        super::effect_queue::ALL,
        super::effects::ALL,
        super::entries::ALL,
        super::events::ALL,
        super::executions::ALL,
        super::hold::ALL,
        super::ideas::ALL,
        super::job_notes::ALL,
        super::job_queue::ALL,
        super::job_rows::ALL,
        super::leaving::ALL,
        super::ledger::ALL,
        super::outbox::ALL,
        super::pbis::ALL,
        super::prices::ALL,
        super::products::ALL,
        super::pull_requests::ALL,
        super::questions::ALL,
        super::readiness::ALL,
        super::requests::ALL,
        super::runs::ALL,
        super::salvages::ALL,
        super::sent_commits::ALL,
        super::sprints::ALL,
        super::standing::ALL,
        super::stories::ALL,
        super::tasks::ALL,
        super::terms::ALL,
        super::tokens::ALL,
        super::workers::ALL,
        super::worktrees::ALL,
    ];
    super::dialect::OWN.iter().chain(&shared).flat_map(|list| list.iter().copied()).collect()
}
