//! Whom a commit wakes: those of this process at once, those of others when their probe looks.

use tokio::sync::watch;

/// A number that moves with every commit that is known of.
pub(super) struct Waker(watch::Sender<u64>);

impl Waker {
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }

    /// A transaction of this process lasts.
    pub(super) fn committed(&self) {
        self.bump();
    }

    /// Somebody committed something.
    pub(super) fn bump(&self) {
        self.0.send_modify(|n| *n = n.wrapping_add(1));
    }
}
