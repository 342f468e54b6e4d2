//! What tokens cost, in whole numbers (`original` 12).

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::model::ModelId;
use super::tally::Spent;
use super::tokens::Tokens;

/// Tokens that a price is for.
const PRICED: u128 = 1_000_000;

/// Millionths of a unit of some currency; sums stop at `u64::MAX`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MicroUnits(pub u64);

/// The price of a million tokens of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Price {
    /// Read, and in no cache.
    pub input: MicroUnits,
    /// Written by the model.
    pub output: MicroUnits,
    /// Read from a cache.
    pub cache_read: MicroUnits,
    /// Written to a cache.
    pub cache_write: MicroUnits,
}

/// What was spent, at these prices, which are all in one currency. The sum is rounded once, to the nearest
/// millionth and a half up. None when tokens were used of a model that has no price: a sum without them would
/// look like the whole.
#[must_use]
pub fn cost(spent: &Spent, prices: &BTreeMap<ModelId, Price>) -> Option<MicroUnits> {
    if !spent.unnamed.is_zero() {
        return None;
    }
    let mut sum: u128 = 0;
    for (model, tokens) in spent.by_model.iter().filter(|(_, tokens)| !tokens.is_zero()) {
        sum = sum.saturating_add(times(prices.get(model)?, tokens));
    }
    let rounded = sum.saturating_add(PRICED / 2) / PRICED;
    Some(MicroUnits(u64::try_from(rounded).unwrap_or(u64::MAX)))
}

/// Tokens times their prices, before the division: a product of two `u64` fits, a sum of four may not.
fn times(price: &Price, tokens: &Tokens) -> u128 {
    [
        (tokens.input, price.input),
        (tokens.output, price.output),
        (tokens.cache_read, price.cache_read),
        (tokens.cache_write, price.cache_write),
    ]
    .into_iter()
    .map(|(count, price)| u128::from(count) * u128::from(price.0))
    .fold(0, u128::saturating_add)
}

impl fmt::Display for MicroUnits {
    /// As a decimal with six places.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}
