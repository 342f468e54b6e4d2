//! Who does an effect: one handler a kind.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::Value;

use crate::domain::effect::{Kind, LEASE};
use crate::domain::id::WorkerId;
use crate::domain::time::Millis;
use crate::flow::FlowError;
use crate::store::{EffectRecord, Tx};

/// Effects that one process tries at a time.
const AT_ONCE: usize = 8;
/// How long a try may take when its handler does not say.
const LIMIT: Duration = Duration::from_secs(120);
/// The longest time between two looks.
const POLL: Duration = Duration::from_secs(5);

/// Does the effects of one kind. No transaction is open and no row is locked while it works.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// The kind.
    fn kind(&self) -> Kind;

    /// How long one try may take; it is dropped then, and tried again.
    fn limit(&self) -> Duration {
        LIMIT
    }

    /// Does it, or finds it done. Whoever tried before may have died right after doing it, so that it is done at least
    /// once: `row.id` is the key by which the other side knows a repetition, and `row.tries` the number of this try.
    /// What it awaits may be dropped at any point.
    async fn perform(&self, effect: &EffectRecord) -> Outcome;

    /// Writes down what else follows from what was learned, in the transaction in which the effect becomes DONE: both are
    /// written, or neither. The product of an effect with a lane is held. Nothing but the database may be touched.
    ///
    /// # Errors
    /// When it cannot be written. What may pass is tried again with what was learned; otherwise the whole effect is tried
    /// again later.
    async fn settle(&self, _: &mut dyn Tx, _: &EffectRecord, _learned: &Value) -> Result<(), FlowError> {
        Ok(())
    }
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was done, or found done. What was learned stands in the ledger: an object of a few small fields, never a
    /// secret.
    Done(Value),
    /// It met something that may pass.
    Again {
        /// What it met; at most 2000 characters are kept.
        why: String,
        /// How long it makes no sense to try, if the other side said so; a day at most.
        wait: Option<Millis>,
    },
    /// It met something that every other try would meet; at most 2000 characters are kept.
    GiveUp(String),
}

impl Outcome {
    /// It met something that may pass.
    pub fn again(why: impl Into<String>) -> Self {
        Self::Again { why: why.into(), wait: None }
    }
}

/// The handlers of one process. Effects of other kinds are not taken by it, and stay for those that can do them.
#[derive(Clone)]
pub struct Handlers {
    pub(super) holder: WorkerId,
    pub(super) of: BTreeMap<Kind, Arc<dyn Handler>>,
    pub(super) at_once: usize,
    pub(super) lease: Millis,
    pub(super) looks_every: Duration,
}

impl Handlers {
    /// None yet, of a process by that name.
    #[must_use]
    pub fn new(holder: WorkerId) -> Self {
        Self { holder, of: BTreeMap::new(), at_once: AT_ONCE, lease: LEASE, looks_every: POLL }
    }

    /// With this one, in place of another of its kind.
    #[must_use]
    pub fn with(mut self, handler: impl Handler) -> Self {
        self.of.insert(handler.kind(), Arc::new(handler));
        self
    }

    /// So many effects at a time, and one at least; 8 when nobody says.
    #[must_use]
    pub fn at_once(self, effects: usize) -> Self {
        Self { at_once: effects.max(1), ..self }
    }

    /// Holds each for so long without a sign of life, and gives one three times as often; 5 minutes when nobody says.
    #[must_use]
    pub fn lease(self, lease: Millis) -> Self {
        Self { lease, ..self }
    }

    /// Looks so often, when nothing wakes it, for what is due and for what others left; every 5 seconds when nobody says.
    #[must_use]
    pub fn looks_every(self, time: Duration) -> Self {
        Self { looks_every: time, ..self }
    }
}
