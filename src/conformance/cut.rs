//! Ends a use case in its middle: as a process does that dies, it is never polled again, and what it holds is dropped.

use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use tokio::task::consume_budget;

/// Waits for a future until it has waited so often itself; then it is dropped. To be run as a task of its own.
///
/// A use case waits for nothing but its database, while a statement runs; and after each statement it lets others have
/// their turn when its share of the thread is used up. That share is made so small here that it lasts for one statement.
/// So there is a place where it can be cut between any two statements, at the end of the one or while the other runs.
/// What goes to the database in one call, as a move with its ledger row and event does, is one statement here.
pub(super) struct Cut<F> {
    work: Pin<Box<F>>,
    left: usize,
    share: Option<usize>,
}

impl<F: Future> Cut<F> {
    /// Cuts it when it waits for the time after so many.
    pub(super) fn after(waits: usize, work: F) -> Self {
        Self { work: Box::pin(work), left: waits, share: None }
    }

    /// The same, with the whole share of its thread: for one that waits for programs, too, which would not come to its
    /// end otherwise. Between two statements it is cut only where the database lets it wait.
    pub(super) fn after_long(waits: usize, work: F) -> Self {
        Self { share: Some(1), ..Self::after(waits, work) }
    }
}

/// Uses up a part of this task's share of its thread, at most so much; how much.
fn spend(most: usize, cx: &mut Context<'_>) -> usize {
    (0..most).take_while(|_| pin!(consume_budget()).poll(cx).is_ready()).count()
}

impl<F: Future> Future for Cut<F> {
    /// What it came to; nothing when it was cut.
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(share) = self.share else {
            // The first time it is found out how much there is.
            self.share = Some(spend(usize::from(u16::MAX), cx));
            cx.waker().wake_by_ref();
            return Poll::Pending;
        };
        spend(share.saturating_sub(1), cx);
        match self.work.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.left == 0 => Poll::Ready(None),
            Poll::Pending => {
                self.left -= 1;
                Poll::Pending
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_cut_between_any_two_statements() {
        for cut in 0..20 {
            let done = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
            let seen = std::sync::Arc::clone(&done);
            let work = async move {
                for _ in 0..10 {
                    // A statement whose answer is there at once.
                    seen.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    consume_budget().await;
                }
            };
            let whole = tokio::spawn(Cut::after(cut, work)).await.unwrap().is_some();
            let done = done.load(std::sync::atomic::Ordering::SeqCst);
            assert_eq!((done, whole), ((cut + 2).min(10), cut >= 9), "cut {cut}");
        }
    }
}
