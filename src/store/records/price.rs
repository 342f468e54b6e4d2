//! What models cost.

use crate::domain::usage::{ModelId, Price};

/// The price of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceRecord {
    /// The model.
    pub model: ModelId,
    /// Per million tokens; each at most 999,999 units.
    pub price: Price,
    /// In which currency, by its three letters.
    pub currency: String,
}
