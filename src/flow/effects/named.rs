//! What an effect names.

use std::str::FromStr;

use crate::store::EffectRecord;

/// What stands under that name in the payload; none when it is not there, or is no such thing.
pub(super) fn named<T: FromStr>(effect: &EffectRecord, name: &str) -> Option<T> {
    effect.payload.get(name)?.as_str()?.parse().ok()
}
