//! Effects as the rows of a list.

use crate::cli::age::age;
use crate::cli::table::{cell, table_or};
use crate::flow::wire::EffectView;

/// Characters of an error in a list; `effects show` has all of it.
const ERROR_SHOWN: usize = 80;

/// The effects as a table, or `otherwise` when there are none.
pub(super) fn effects_table(otherwise: &str, effects: &[EffectView]) -> String {
    let row = |effect: &EffectView| {
        [
            effect.effect_id.clone(),
            effect.kind.clone(),
            effect.status.clone(),
            age(effect.age_seconds),
            format!("{}/{}", effect.tries, effect.tries_max),
            cell(&effect.due_at),
            cell(&effect.holder),
            cell(&why(effect)),
        ]
    };
    let columns = ["EFFECT", "KIND", "STATUS", "AGE", "TRIES", "NEXT TRY", "HELD BY", "WHY"];
    table_or(otherwise, columns, effects.iter().map(row).collect())
}

/// Why it is where it is: what it waits for, and what its last try met.
fn why(effect: &EffectView) -> Option<String> {
    let waits = effect.waits_for.as_ref().map(|what| format!("waits for {what}"));
    let said = effect.dismiss_reason.as_ref().or(effect.error.as_ref());
    let said = said.map(|text| text.chars().take(ERROR_SHOWN).collect::<String>());
    let said = match (&effect.gave_up_why, said) {
        (Some(why), Some(said)) => Some(format!("{why}: {said}")),
        (_, said) => said,
    };
    match (said, waits) {
        (Some(said), Some(waits)) => Some(format!("{said}; {waits}")),
        (said, waits) => said.or(waits),
    }
}
