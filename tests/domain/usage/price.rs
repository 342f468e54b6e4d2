//! Costs by hand.

use std::collections::BTreeMap;

use proptest::prelude::*;
use sprintgate::domain::usage::{MicroUnits, ModelId, Price, Spent, Tokens, cost};

use super::model;

/// Dollars a million tokens, in millionths: input 5, output 25, cache read 0.5, cache write 6.25.
const OPUS: Price = Price {
    input: MicroUnits(5_000_000),
    output: MicroUnits(25_000_000),
    cache_read: MicroUnits(500_000),
    cache_write: MicroUnits(6_250_000),
};

fn prices() -> BTreeMap<ModelId, Price> {
    let flat = |n| Price {
        input: MicroUnits(n),
        output: MicroUnits(n),
        cache_read: MicroUnits(n),
        cache_write: MicroUnits(n),
    };
    [("opus", OPUS), ("free", flat(0)), ("tiny", flat(1)), ("dear", flat(u64::MAX))]
        .map(|(id, price)| (model(id), price))
        .into()
}

fn on(id: &str, input: u64, output: u64, cache_read: u64, cache_write: u64) -> Spent {
    let tokens = Tokens { input, output, cache_read, cache_write };
    Spent { by_model: [(model(id), tokens)].into(), unnamed: Tokens::default() }
}

#[test]
fn a_million_tokens_cost_their_price() {
    for (spent, want) in [
        (on("opus", 1_000_000, 0, 0, 0), 5_000_000),
        (on("opus", 0, 1_000_000, 0, 0), 25_000_000),
        (on("opus", 0, 0, 1_000_000, 0), 500_000),
        (on("opus", 0, 0, 0, 1_000_000), 6_250_000),
        // 60 + 30 000 + 8 500 + 12 500
        (on("opus", 12, 1_200, 17_000, 2_000), 51_060),
        (on("free", 9, 9, 9, 9), 0),
        // rounded once, a half up
        (on("tiny", 499_999, 0, 0, 0), 0),
        (on("tiny", 500_000, 0, 0, 0), 1),
        (on("tiny", 250_000, 250_000, 500_000, 500_000), 2),
        (on("tiny", 1_499_999, 0, 0, 0), 1),
        // and never more than there is
        (on("dear", u64::MAX, u64::MAX, u64::MAX, u64::MAX), u64::MAX),
        (on("dear", 1_000_000, 0, 0, 0), u64::MAX),
        (on("dear", 1_000_001, 0, 0, 0), u64::MAX),
        (on("dear", 500_000, 0, 0, 0), 1 << 63),
    ] {
        assert_eq!(cost(&spent, &prices()), Some(MicroUnits(want)), "{spent:?}");
    }
    assert_eq!(cost(&Spent::default(), &BTreeMap::new()), Some(MicroUnits(0)));
}

#[test]
fn without_every_price_there_is_no_cost() {
    assert_eq!(cost(&on("other", 1, 0, 0, 0), &prices()), None);
    let mut both = on("opus", 1, 0, 0, 0);
    both.by_model.extend(on("other", 0, 0, 0, 1).by_model);
    assert_eq!(cost(&both, &prices()), None);
    let unnamed = Spent { unnamed: Tokens { output: 1, ..Tokens::default() }, ..on("opus", 1, 0, 0, 0) };
    assert_eq!(cost(&unnamed, &prices()), None);
    // What used nothing needs no price.
    assert_eq!(cost(&on("other", 0, 0, 0, 0), &prices()), Some(MicroUnits(0)));
}

#[test]
fn models_are_summed_before_the_rounding() {
    let mut both = on("tiny", 300_000, 0, 0, 0);
    both.by_model.insert(model("small"), Tokens { input: 300_000, ..Tokens::default() });
    let mut prices = prices();
    prices.insert(model("small"), prices[&model("tiny")]);
    assert_eq!(cost(&both, &prices), Some(MicroUnits(1)));
}

#[test]
fn a_cost_reads_as_a_decimal() {
    for (micro, want) in [(0, "0.000000"), (51_060, "0.051060"), (1_000_001, "1.000001")] {
        assert_eq!(MicroUnits(micro).to_string(), want);
    }
}

proptest! {
    #[test]
    fn more_tokens_never_cost_less(parts in any::<[u64; 4]>(), at in 0..4usize, more: u64) {
        let of = |[a, b, c, d]: [u64; 4]| cost(&on("opus", a, b, c, d), &prices());
        let mut raised = parts;
        raised[at] = raised[at].saturating_add(more);
        prop_assert!(of(parts).is_some() && of(raised) >= of(parts));
    }
}
