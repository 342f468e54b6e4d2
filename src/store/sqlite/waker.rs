//! Whom a commit wakes: those of this process at once, those of others when their probe looks.

use tokio::sync::{Notify, watch};

use super::tx::News;

/// Three numbers: one moves when something was told, one when a job may have become claimable, one when an effect was
/// written.
pub(super) struct Waker {
    changes: watch::Sender<u64>,
    openings: watch::Sender<u64>,
    effects: watch::Sender<u64>,
    awaited: Notify,
}

impl Waker {
    pub(super) fn new() -> Self {
        let number = || watch::Sender::new(0);
        Self { changes: number(), openings: number(), effects: number(), awaited: Notify::new() }
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        let changes = self.changes.subscribe();
        self.awaited.notify_one();
        changes
    }

    pub(super) fn openings(&self) -> watch::Receiver<u64> {
        let openings = self.openings.subscribe();
        self.awaited.notify_one();
        openings
    }

    /// Who waits for effects alone is in no hurry.
    pub(super) fn effects(&self) -> watch::Receiver<u64> {
        let effects = self.effects.subscribe();
        self.awaited.notify_one();
        effects
    }

    /// A transaction of this process lasts that wrote an effect.
    pub(super) fn stirred(&self) {
        bump(&self.effects);
    }

    /// A transaction of this process lasts.
    pub(super) fn committed(&self, news: News) {
        if news >= News::Told {
            bump(&self.changes);
        }
        if news >= News::Opening {
            bump(&self.openings);
        }
    }

    /// Somebody else committed something.
    pub(super) fn bump(&self) {
        bump(&self.changes);
        bump(&self.openings);
        bump(&self.effects);
    }

    /// Whether somebody waits who wants to hear of a commit at once.
    pub(super) fn is_hurried(&self) -> bool {
        self.changes.receiver_count() + self.openings.receiver_count() > 0
    }

    /// Returns while somebody waits.
    pub(super) async fn awaited(&self) {
        while !self.is_hurried() && self.effects.receiver_count() == 0 {
            self.awaited.notified().await;
        }
    }

    /// Returns when somebody else begins to wait.
    pub(super) async fn another(&self) {
        self.awaited.notified().await;
    }
}

fn bump(number: &watch::Sender<u64>) {
    number.send_modify(|n| *n = n.wrapping_add(1));
}
