//! How PostgreSQL runs every statement of the store on tables that are full: the plan that a connection keeps, as a
//! snapshot, and what becomes of it when an index is lost.

use std::collections::BTreeMap;

use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Connection as _, Executor, Row};

use super::ctx::Ctx;
use super::database::{Connection, statements};
use super::raw::connect;

const FULL: &str = include_str!("full_tables.sql");

/// Plans differ in details from one version to the next; snapshots are of this one.
const VERSION: i64 = 15;

/// They read all of a small table, or lock one.
const WHOLE: &[&str] = &["EFFECT_COUNTS", "RULES", "SCHEMA_VERSION"];

/// What claims, moves, sweeps, readers and waiters live on.
const HOT: &[&str] = &[
    "attempts_held",
    "claude_jobs_claimable",
    "claude_jobs_claimable_of_product",
    "claude_jobs_held",
    "claude_jobs_open",
    "claude_jobs_open_of_branch",
    "claude_jobs_tally",
    "claude_jobs_waiting",
    "ledger_machine_entity_entity_seq_key",
    "outbox_in_order",
    "outbox_consumers_by_place",
    "one_live_run_per_sprint",
    "one_open_job_per_task",
    "tasks_of_story",
];

/// Whether a statement has a plan.
fn is_planned(sql: &str) -> bool {
    ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|word| sql.starts_with(word))
}

/// Makes the tables full, and every statement known by its name to this connection.
async fn prepared(raw: &mut Connection) -> Vec<(&'static str, String)> {
    for sql in FULL.split_inclusive(";\n") {
        raw.execute(AssertSqlSafe(sql)).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }
    raw.execute(
        "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET jit = off; \
         SET max_parallel_workers_per_gather = 0",
    )
    .await
    .unwrap();
    let mut explained = Vec::new();
    for (name, sql) in
        statements().into_iter().filter(|(name, sql)| *name != "OLDEST_OPEN" && is_planned(sql))
    {
        let prepare = format!("PREPARE p_{name} AS {sql}");
        raw.execute(AssertSqlSafe(prepare)).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let taken: i64 = sqlx::query_scalar(
            "SELECT coalesce(array_length(parameter_types, 1), 0)::bigint FROM pg_prepared_statements \
             WHERE name = lower('p_' || $1)",
        )
        .bind(name)
        .fetch_one(&mut *raw)
        .await
        .unwrap();
        let nulls = vec!["NULL"; usize::try_from(taken).unwrap()].join(", ");
        let nulls = if nulls.is_empty() { String::new() } else { format!("({nulls})") };
        explained.push((name, format!("EXPLAIN (COSTS OFF) EXECUTE p_{name}{nulls}")));
    }
    explained
}

async fn plan(raw: &mut Connection, explain: &str) -> String {
    let rows = raw.fetch_all(AssertSqlSafe(explain.to_owned())).await.unwrap();
    shown_as(&rows)
}

fn shown_as(rows: &[PgRow]) -> String {
    rows.iter().map(|row| format!("    {}\n", row.get::<String, _>(0))).collect()
}

/// Every plan, by the statement's name.
async fn plans(raw: &mut Connection, explained: &[(&'static str, String)]) -> BTreeMap<&'static str, String> {
    let mut plans = BTreeMap::new();
    for (name, explain) in explained {
        plans.insert(*name, plan(raw, explain).await);
    }
    plans
}

/// Every index, with what drops it.
async fn indexes(raw: &mut Connection) -> Vec<(String, String)> {
    sqlx::query_as(
        "SELECT c.relname::text, coalesce((SELECT format('ALTER TABLE %s DROP CONSTRAINT %s CASCADE', \
                i.indrelid::regclass, k.conname) FROM pg_constraint k WHERE k.conindid = c.oid \
                AND k.contype IN ('p', 'u')), format('DROP INDEX %s', c.relname)) \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         WHERE c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE '\\_sqlx%' ORDER BY 1",
    )
    .fetch_all(raw)
    .await
    .unwrap()
}

#[tokio::test]
async fn every_statement_finds_its_rows_by_an_index_and_a_lost_one_shows() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    let explained = prepared(&mut raw).await;
    let before = plans(&mut raw, &explained).await;
    let version: i64 = sqlx::query_scalar("SELECT current_setting('server_version_num')::bigint / 10000")
        .fetch_one(&mut raw)
        .await
        .unwrap();
    if version == VERSION {
        let page: Vec<String> =
            explained.iter().map(|(name, _)| format!("{name}\n{}", before[name])).collect();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("store_plans_postgres", page.join("\n")));
    }
    let slow: Vec<&str> = before
        .iter()
        .filter(|(name, plan)| {
            // A sequence has one row, and no index.
            let plan = plan.replace("Seq Scan on ledger_seq_seq", "");
            plan.contains("Seq Scan") && !WHOLE.contains(name)
        })
        .map(|(name, _)| *name)
        .collect();
    assert_eq!(slow, Vec::<&str>::new(), "these read a whole table");

    let mut shown = 0;
    for (index, drop) in indexes(&mut raw).await {
        let uses =
            |plan: &str| plan.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == index);
        let served: Vec<_> = explained.iter().filter(|(name, _)| uses(&before[name])).collect();
        shown += usize::from(!served.is_empty());
        for (name, explain) in served {
            let mut tx = raw.begin().await.unwrap();
            tx.execute(AssertSqlSafe(drop.clone())).await.unwrap();
            // Without its key, an ON CONFLICT has no plan at all.
            let without = tx.fetch_all(AssertSqlSafe(explain.clone())).await.ok().map(|rows| shown_as(&rows));
            assert_ne!(without.as_ref(), Some(&before[name]), "{name} without {index}");
            tx.rollback().await.unwrap();
        }
    }
    for index in HOT {
        assert!(before.values().any(|plan| plan.contains(&format!(" {index} "))), "{index} is not used");
    }
    assert!(shown >= 50, "{shown} indexes were seen to be missed");
    assert_eq!(plans(&mut raw, &explained).await, before, "with every index again");
}
