//! How often a forge is asked about a pull request, and what it showed the last time: in memory, for as long as one
//! process asks.

use std::collections::HashMap;

use crate::domain::commit::CommitId;
use crate::domain::id::PullRequestId;
use crate::domain::pull_request::Status;
use crate::domain::time::Millis;
use crate::forge::Checks;

/// While something is awaited of the forge.
const SOON: Millis = Millis::seconds(30);
/// Else.
const USUAL: Millis = Millis::minutes(2);
/// The longest, after nothing changed for a while.
pub(super) const LONGEST: Millis = Millis::minutes(15);
/// The same while the forge merges by itself: what a person pushes then is not verified, and is to be seen soon.
const LONGEST_MERGING: Millis = Millis::minutes(1);

/// What the forge showed of each pull request, and when it is asked again.
#[derive(Debug, Default)]
pub struct Polls {
    of: HashMap<PullRequestId, (Shown, Millis)>,
}

/// What a change is told by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) status: Status,
    pub(super) head: CommitId,
    pub(super) draft: bool,
    pub(super) mergeable: Option<bool>,
    pub(super) checks: Option<Checks>,
}

impl Polls {
    /// How long to wait now that this was shown: twice as long as the last time if nothing changed.
    pub(super) fn next(&self, id: &PullRequestId, shown: &Shown) -> Millis {
        match self.of.get(id) {
            Some((before, waited)) if before == shown => {
                Millis(waited.0.saturating_mul(2)).min(longest(shown.status))
            }
            _ => usual(shown.status),
        }
    }

    /// How long to wait when nothing could be learned.
    pub(super) fn slower(&self, id: &PullRequestId, status: Status) -> Millis {
        let waited = self.of.get(id).map_or(usual(status), |(_, waited)| *waited);
        Millis(waited.0.saturating_mul(2)).min(longest(status))
    }

    /// Whether the forge showed this head the last time, too.
    pub(super) fn showed(&self, id: &PullRequestId, head: &CommitId) -> bool {
        self.of.get(id).is_some_and(|(shown, _)| shown.head == *head)
    }

    pub(super) fn keep(&mut self, id: &PullRequestId, shown: Shown, wait: Millis) {
        if shown.status.is_terminal() {
            self.of.remove(id);
        } else {
            self.of.insert(id.clone(), (shown, wait));
        }
    }
}

fn longest(status: Status) -> Millis {
    if status == Status::AutoMergeEnabled { LONGEST_MERGING } else { LONGEST }
}

fn usual(status: Status) -> Millis {
    match status {
        Status::WaitingForChecks | Status::AutoMergeEnabled => SOON,
        _ => USUAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_change_is_asked_about_less_and_less() {
        let id: PullRequestId = "p".parse().unwrap();
        let shown = |status, draft| Shown {
            status,
            head: CommitId::new("a".repeat(40)).unwrap(),
            draft,
            mergeable: None,
            checks: None,
        };
        let mut polls = Polls::default();
        let mut ask = |shown: Shown| {
            let wait = polls.next(&id, &shown);
            polls.keep(&id, shown, wait);
            wait.0 / 1000
        };
        let waiting = || shown(Status::WaitingForChecks, false);
        assert_eq!([(); 6].map(|()| ask(waiting())), [30, 60, 120, 240, 480, 900]);
        assert_eq!(ask(waiting()), 900);
        assert_eq!(ask(shown(Status::WaitingForChecks, true)), 30, "something changed");
        assert_eq!([(); 3].map(|()| ask(shown(Status::AutoMergeEnabled, false))), [30, 60, 60]);
        assert_eq!([(); 5].map(|()| ask(shown(Status::PrOpened, false))), [120, 240, 480, 900, 900]);
        assert_eq!(polls.slower(&id, Status::PrOpened), LONGEST);
        polls.keep(&id, shown(Status::Merged, false), LONGEST);
        assert_eq!(polls.slower(&id, Status::PrOpened), Millis::minutes(4), "it is forgotten");
    }
}
