//! What a status implies: each named CHECK of these tables fires, by its name.

use std::collections::BTreeSet;

use sqlx::Row;

use super::super::ctx::Ctx;
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
        let text = "SELECT group_concat('DROP TRIGGER ' || name || ';', '') FROM sqlite_schema \
            WHERE type = 'trigger' AND tbl_name = $1";
        let bare: String = sqlx::query(text).bind(table.name).fetch_one(&mut raw).await.unwrap().get(0);
        let text = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = $1";
        let text: String = sqlx::query(text).bind(table.name).fetch_one(&mut raw).await.unwrap().get(0);
        let mut named: BTreeSet<&str> =
            text.split("CONSTRAINT ").skip(1).map(|rest| rest.split_whitespace().next().unwrap()).collect();
        for (_, status, sets) in tried {
            for (set, name) in *sets {
                let sql = format!(
                    "{bare} UPDATE {} SET {set} WHERE id = '{}'",
                    table.name,
                    table.entity(&table.name_in(status, status))
                );
                assert_eq!(
                    attempt(&mut raw, &sql).await,
                    Err(format!("CHECK constraint failed: {name}")),
                    "{sql}"
                );
                named.remove(name);
            }
        }
        unseen.extend(named.into_iter().map(|name| (machine.name, name.to_owned())));
    }
    assert!(unseen.is_empty(), "no row shows that these fire: {unseen:?}");
}
