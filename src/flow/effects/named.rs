//! What an effect names, and what a forge's refusal makes of a try.

use std::str::FromStr;

use super::handler::Outcome;
use crate::forge::{ForgeError, Retry};
use crate::store::EffectRecord;

/// What stands under that name in the payload; none when it is not there, or is no such thing.
pub(super) fn named<T: FromStr>(effect: &EffectRecord, name: &str) -> Option<T> {
    effect.payload.get(name)?.as_str()?.parse().ok()
}

/// What comes of a try that a forge refused.
pub(super) fn refused(error: &ForgeError) -> Outcome {
    let why = format!("{}: {error}", error.code());
    match error.retry() {
        Retry::After(wait) => Outcome::Again { why, wait },
        Retry::Never => Outcome::GiveUp(why),
    }
}
