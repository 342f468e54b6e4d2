//! What a failed job does to its siblings: a list made here, shown by whoever asks, and written by the transaction
//! of the failure.

use std::collections::BTreeMap;

use super::id::JobId;
use super::job::EndCause;

/// Why a sibling is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// It belongs to the same backlog item.
    SameBacklogItem,
    /// It belongs to the same sprint run, which fails.
    SameRun,
}

/// Whether a failure starts a cascade. One of the work does; one of the surroundings only where the product
/// asks for it.
#[must_use]
pub fn starts(cause: EndCause, on_infrastructure: bool) -> bool {
    cause == EndCause::Reported || (on_infrastructure && cause.is_infrastructure())
}

/// The jobs to cancel, by id, each once; the backlog item is the stronger reason.
#[must_use]
pub fn plan(failed: &JobId, of_pbi: Vec<JobId>, of_run: Vec<JobId>) -> Vec<(JobId, Because)> {
    let mut plan: BTreeMap<JobId, Because> = BTreeMap::new();
    plan.extend(of_run.into_iter().map(|id| (id, Because::SameRun)));
    plan.extend(of_pbi.into_iter().map(|id| (id, Because::SameBacklogItem)));
    plan.remove(failed);
    plan.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_failures_of_the_work_start_it_unless_asked() {
        let rows: Vec<(EndCause, bool, bool)> = vec![
            (EndCause::Reported, true, true),
            (EndCause::Expired, false, true),
            (EndCause::GivenBack, false, true),
            (EndCause::Push, false, true),
            (EndCause::User, false, false),
            (EndCause::Finished, false, false),
        ];
        for (cause, plain, opted_in) in rows {
            assert_eq!((starts(cause, false), starts(cause, true)), (plain, opted_in), "{cause}");
        }
    }

    #[test]
    fn a_sibling_is_cancelled_once_for_the_stronger_reason() {
        let id = |text: &str| JobId::new(text).unwrap();
        let plan = plan(&id("a"), vec![id("c"), id("a"), id("b")], vec![id("c"), id("d")]);
        let want = [
            (id("b"), Because::SameBacklogItem),
            (id("c"), Because::SameBacklogItem),
            (id("d"), Because::SameRun),
        ];
        assert_eq!(plan, want);
    }
}
