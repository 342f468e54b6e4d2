//! Whom a commit wakes: those of this process at once, those of others when their probe looks.

use tokio::sync::{Notify, watch};

use super::tx::News;

/// Two numbers: one moves when something was told, the other when a job may have become claimable.
pub(super) struct Waker {
    changes: watch::Sender<u64>,
    openings: watch::Sender<u64>,
    awaited: Notify,
}

impl Waker {
    pub(super) fn new() -> Self {
        Self { changes: watch::Sender::new(0), openings: watch::Sender::new(0), awaited: Notify::new() }
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
    }

    /// Returns while somebody waits.
    pub(super) async fn awaited(&self) {
        while self.changes.receiver_count() + self.openings.receiver_count() == 0 {
            self.awaited.notified().await;
        }
    }
}

fn bump(number: &watch::Sender<u64>) {
    number.send_modify(|n| *n = n.wrapping_add(1));
}
