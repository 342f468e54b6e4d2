//! What the round trips have in common: a moment, a transaction, and a move that is read back.

use sprintgate::domain::time::Timestamp;
use sprintgate::store::{Store, Tx};

use super::super::ctx::{Ctx, NOON};

pub(super) const NOW: Timestamp = Timestamp(NOON);

pub(super) async fn begin(ctx: &Ctx) -> Box<dyn Tx> {
    ctx.store.begin().await.unwrap()
}

/// Applies a step, and holds that the row comes back as it was decided, and as a thing in that state.
macro_rules! moved {
    ($tx:expr, $machine:ident, $change:path, $any:ty, $read:expr, $step:expr) => {{
        let change: $machine::Change = $step.into();
        let row = change.row().clone();
        $tx.apply($change(change), &stamp()).await.unwrap();
        assert_eq!($read, row);
        <$any>::try_from(row).unwrap()
    }};
}

/// The thing in the state that it is in.
macro_rules! in_state {
    ($any:expr, $state:path) => {{
        let $state(thing) = $any else { panic!("it is in another state") };
        thing
    }};
}

pub(super) use {in_state, moved};
