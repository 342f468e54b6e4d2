//! One try: the handler at work, within its limit and its lease.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::task::AbortOnDropHandle;

use super::conclude::End;
use super::handler::{Handler, Outcome};
use crate::domain::id::EffectId;
use crate::domain::time::Millis;
use crate::flow::{FlowError, Sprintgate};
use crate::store::EffectRecord;

impl Sprintgate {
    /// Has the handler do what was taken, and writes down what came of it. Dropping this drops the handler's work; the
    /// effect is tried again when its lease has run out.
    pub(super) async fn try_effect(
        self,
        handler: Arc<dyn Handler>,
        effect: EffectRecord,
        lease: Millis,
    ) -> End {
        let (id, number, limit) = (effect.row.id.clone(), effect.row.tries, handler.limit());
        let (asked, works) = (effect.clone(), handler.clone());
        // In a task of its own, so that a panic is an outcome.
        let mut work = AbortOnDropHandle::new(tokio::spawn(async move { works.perform(&asked).await }));
        let outcome = tokio::select! {
            ended = &mut work => ended.unwrap_or_else(|error| Outcome::again(format!("the handler failed: {error}"))),
            () = sleep(limit) => Outcome::again(format!("the handler was not done within {} s", limit.as_secs_f32())),
            () = self.keep_lease(&id, number, lease) => {
                tracing::warn!(effect = %id, number, "somebody else tries an effect by now; its handler was dropped");
                return End::Lost;
            }
        };
        drop(work);
        self.conclude(Some(&*handler), &effect, &outcome).await
    }

    /// Keeps the lease, until it is lost.
    async fn keep_lease(&self, id: &EffectId, number: u32, lease: Millis) {
        let lease = Duration::from_millis(lease.0.max(3).unsigned_abs());
        let mut renewed = Instant::now();
        while renewed.elapsed() < lease {
            sleep(lease / 3).await;
            let asked = Instant::now();
            match self.renew_effect(id, number, lease).await {
                Ok(true) => renewed = asked,
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(effect = %id, %error, "the lease of an effect could not be renewed")
                }
            }
        }
    }

    async fn renew_effect(&self, id: &EffectId, number: u32, lease: Duration) -> Result<bool, FlowError> {
        let lease = Millis(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX));
        let mut tx = self.store.begin().await?;
        let held = tx.renew_effect(id, number, lease).await?;
        tx.commit().await?;
        Ok(held)
    }
}
