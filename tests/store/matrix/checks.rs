//! What a status implies: each named CHECK of these tables fires, by its name.

use std::collections::BTreeSet;

use super::super::ctx::Ctx;
use super::super::database::{LOOSE_TYPES, only, unguarded};
use super::super::raw::attempt;
use super::broken::CHECKS;
use super::zoo::{connect, fill, tables};

#[tokio::test]
async fn what_a_status_implies_is_checked_by_name() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    let mut unseen: BTreeSet<(&str, String)> = BTreeSet::new();
    for (machine, table) in tables() {
        fill(&mut raw, &machine, &table).await;
        let tried = CHECKS.iter().filter(|(name, _, _)| *name == machine.name);
        if tried.clone().next().is_none() {
            continue;
        }
        // The triggers would refuse some of it before its CHECK does.
        let (bare, all) = unguarded(&mut raw, table.name).await;
        let mut named: BTreeSet<String> = all.clone();
        for (_, status, sets) in tried {
            for (set, name) in *sets {
                if !LOOSE_TYPES && !all.contains(*name) {
                    assert!(name.ends_with("_is_boolean") || name.ends_with("_is_json"), "{name} is missing");
                    continue;
                }
                let only = only(name, table.name, &all);
                let entity = table.entity(&table.name_in(status, status));
                let sql = format!("{bare} {only} UPDATE {} SET {set} WHERE id = '{entity}'", table.name);
                let said = attempt(&mut raw, &sql).await;
                if !LOOSE_TYPES && said == Err("invalid input syntax for type json".into()) {
                    continue;
                }
                assert_eq!(said, Err(format!("CHECK constraint failed: {name}")), "{sql}");
                named.remove(*name);
            }
        }
        unseen.extend(named.into_iter().map(|name| (machine.name, name)));
    }
    assert!(unseen.is_empty(), "no row shows that these fire: {unseen:?}");
}
