//! `db check`: whether the database is sound and says what this program says.

use std::collections::BTreeSet;

use super::Maintenance;
use crate::domain::law::law;
use crate::flow::FlowError;
use crate::flow::wire::Checked;
use crate::store::{Check, Rule};

impl Maintenance {
    /// Looks at the database's files, constraints, tables and triggers, and at its copy of the law. What the ledger
    /// says is verified by `audit verify`.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` when the schema is not up to date; when the store fails. What is not sound is in the answer.
    pub async fn check(&self) -> Result<Checked, FlowError> {
        let schema = self.current().await?;
        let mut checks = self.of.check().await?;
        let rules = self.of.read().await?.rules().await?;
        checks.push(Check::of("transition_rules is the law of this program", unlawful(rules)));
        Ok(Checked {
            kind: self.of.kind(),
            database: self.of.place(),
            schema: schema.found,
            ok: checks.iter().all(|check| check.findings.is_empty()),
            checks,
        })
    }
}

/// Edges that only one of database and program has.
fn unlawful(rules: Vec<Rule>) -> Vec<String> {
    let there: BTreeSet<Rule> = rules.into_iter().collect();
    let law: BTreeSet<Rule> = law()
        .iter()
        .map(|edge| (edge.machine.into(), edge.from.into(), edge.event.into(), edge.to.into()))
        .collect();
    let told = |edge: &Rule, what: &str| format!("{} {} -{}-> {}: {what}", edge.0, edge.1, edge.2, edge.3);
    let missing = law.difference(&there).map(|edge| told(edge, "the database lacks it"));
    let strange = there.difference(&law).map(|edge| told(edge, "only the database has it"));
    missing.chain(strange).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_law_is_compared_edge_by_edge() {
        let all: Vec<Rule> = law()
            .iter()
            .map(|edge| (edge.machine.into(), edge.from.into(), edge.event.into(), edge.to.into()))
            .collect();
        assert_eq!(unlawful(all.clone()), Vec::<String>::new());
        let mut other = all;
        other.retain(|(machine, from, event, _)| {
            (machine.as_str(), from.as_str(), event.as_str()) != ("job", "QUEUED", "claim")
        });
        other.push(("job".into(), "DONE".into(), "reopen".into(), "QUEUED".into()));
        assert_eq!(
            unlawful(other),
            [
                "job QUEUED -claim-> CLAIMED: the database lacks it",
                "job DONE -reopen-> QUEUED: only the database has it"
            ]
        );
    }
}
