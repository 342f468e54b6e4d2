//! How SQLite runs every statement of the store: prepared, explained, kept as a snapshot, and never by reading a
//! whole table or by sorting.

use sprintgate::store::sqlite::statements;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection, Executor, Row, SqlSafeStr};

use super::ctx::Ctx;

/// Lists for people and cascades, over what one user, product, backlog item or failure has: they may sort.
const SORTS: [&str; 9] = [
    "CANCELLED_BECAUSE_OF",
    "EFFECTS_OF_JOBS",
    "FAILED_BESIDE",
    "PBIS_OF",
    "PRODUCTS",
    "PRODUCT_NAMED",
    "PULL_REQUESTS_OF_BRANCHES",
    "RUNS",
    "STORIES_UNDER",
];
/// Two pages, each found in order, that become one.
const MERGES: [&str; 1] = ["SEALS"];

/// What scans the rows that a search has found for it: pages that leave as one document, and bounded counts.
const FOUND: [&str; 6] = [
    "SCAN (subquery-1)",
    "SCAN (subquery-5)",
    "SCAN archived",
    "SCAN counted",
    "SCAN present",
    "SCAN recent",
];

async fn plan(connection: &mut SqliteConnection, sql: &str) -> String {
    let rows = connection.fetch_all(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).await.unwrap();
    let lines: Vec<String> =
        rows.iter().map(|row| format!("    {}", row.get::<String, _>("detail"))).collect();
    lines.join("\n")
}

/// What those who keep a database ask of whole tables, seldom.
const WHOLE: [&str; 2] = ["EFFECT_COUNTS", "RULES"];

#[tokio::test]
async fn every_statement_is_prepared_and_finds_its_rows_by_an_index() {
    let ctx = Ctx::new().await;
    let options = SqliteConnectOptions::new().filename(ctx.path());
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();

    let (mut pages, mut slow) = (Vec::new(), Vec::new());
    let mut names = std::collections::BTreeSet::new();
    for (name, sql) in statements() {
        assert!(names.insert(name), "two statements are called {name}");
        connection.prepare(SqlSafeStr::into_sql_str(sql)).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        if sql.starts_with("PRAGMA") {
            continue;
        }
        // Some are several, run by one call.
        let mut parts = Vec::new();
        for part in sql.split("; ") {
            parts.push(plan(&mut connection, part).await);
        }
        parts.retain(|part| !part.is_empty());
        let plan = parts.join("\n");
        for line in plan.lines().map(str::trim) {
            let scan = line.starts_with("SCAN") && line != "SCAN CONSTANT ROW" && !line.contains("sqlite_");
            // What a statement is given it reads whole.
            let scan = scan && !FOUND.contains(&line) && !line.contains("json_each VIRTUAL TABLE");
            let bad = scan && !WHOLE.contains(&name)
                || (line.contains("TEMP B-TREE") && !SORTS.contains(&name) && !MERGES.contains(&name))
                || line.contains("AUTOMATIC");
            if bad {
                slow.push(format!("{name}: {line}"));
            }
        }
        pages.push(format!("{name}\n{plan}"));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("store_plans", pages.join("\n\n")));
    assert!(slow.is_empty(), "{slow:#?}");
}
