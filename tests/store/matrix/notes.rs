//! Tables that are no machines, and columns that none moves: each named CHECK fires by its name, keys hold, and what
//! describes a row goes with it.

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Executor};

use super::super::ctx::Ctx;
use super::super::database::{Connection, LOOSE_TYPES, only, unguarded};
use super::super::raw::{attempt, connect};

/// A row of each table.
const ROWS: &[&str] = &[
    "INSERT INTO user_roles (user_id, role) VALUES ('u', 'DEVELOPER')",
    "INSERT INTO todos (id, user_id, product_id, title, created_at, updated_at) VALUES ('d', 'u', 'p', 'buy milk', 1, 1)",
    "INSERT INTO model_prices (model_id, input_price_per_1m, output_price_per_1m, cache_read_price_per_1m, \
     cache_write_price_per_1m, created_at, updated_at) VALUES ('m', 15, 75, 1.5, 18.75, 1, 1)",
    "INSERT INTO story_logs (id, story_id, type, content, created_at) VALUES ('l', 'st', 'IMPLEMENTATION_PLAN', 'so', 1)",
    "INSERT INTO idea_products (idea_id, product_id, created_at) VALUES ('i', 'p', 1)",
    "INSERT INTO idea_logs (id, idea_id, type, content, created_at) VALUES ('l', 'i', 'NOTE', 'so', 1)",
    "INSERT INTO user_questions (id, idea_id, user_id, question, created_at, updated_at) \
     VALUES ('q', 'i', 'u', 'why?', 1, 1)",
    "INSERT INTO product_members (product_id, user_id, created_at) VALUES ('p', 'u', 1)",
    "INSERT INTO salvages (job_id, attempt, repo_url, ref, commit_sha, kind, paths, salvaged_at) \
     VALUES ('j', 1, 'https://example.org/shop.git', 'refs/salvage/j/1', 'c', 'BOTH', 2, 5)",
];

/// What is done to the rows of a table, and the CHECK that refuses.
const CHECKS: &[(&str, &[(&str, &str)])] = &[
    (
        "users",
        &[
            ("email = 'a'", "email_is_short"),
            ("idea_code_counter = -1", "idea_counter_is_not_negative"),
            ("min_quota_pct = 101", "min_quota_in_range"),
            ("settings = '[]'", "settings_are_an_object"),
            ("username = ''", "username_has_text"),
            ("is_demo = 2", "is_demo_is_boolean"),
        ],
    ),
    ("user_roles", &[("role = 'KING'", "role_is_known")]),
    (
        "products",
        &[
            ("auto_pr = 2", "auto_pr_is_boolean"),
            ("push_salvage = 2", "push_salvage_is_boolean"),
            ("trailers = 2", "trailers_is_boolean"),
            ("preferred_model = ''", "preferred_model_is_short"),
            ("thinking_budget_default = -1", "thinking_budget_is_not_negative"),
            ("preferred_permission_mode = 'all'", "permission_mode_is_known"),
            ("name = ''", "product_name_has_text"),
            ("code = ''", "product_code_is_short"),
            ("pr_strategy = 'ALL'", "pr_strategy_is_known"),
            ("cascade_on_infrastructure = 2", "cascade_is_boolean"),
            ("archived = 2", "archived_is_boolean"),
        ],
    ),
    (
        "todos",
        &[
            ("title = ''", "title_has_text"),
            ("description = printf('%2001d', 1)", "description_is_short"),
            ("done = 2", "done_is_boolean"),
            ("archived = 2", "archived_is_boolean"),
        ],
    ),
    (
        "model_prices",
        &[
            ("model_id = ''", "model_is_short"),
            ("input_price_per_1m = -1", "prices_in_range"),
            ("cache_write_price_per_1m = 999999.5", "prices_in_range"),
            ("currency = 'EURO'", "currency_is_a_code"),
        ],
    ),
    (
        "story_logs",
        &[
            ("type = 'RUMOUR'", "type_is_known"),
            ("content = ''", "content_has_text"),
            ("status = 'PASSED'", "test_iff_status"),
            ("type = 'TEST_RESULT'", "test_iff_status"),
            ("type = 'TEST_RESULT', status = 'MAYBE'", "test_status_is_known"),
            ("type = 'COMMIT'", "commit_iff_hash"),
            ("type = 'COMMIT', commit_hash = 'c'", "commit_is_whole"),
            ("metadata = '[]'", "metadata_is_an_object"),
        ],
    ),
    (
        "idea_logs",
        &[
            ("type = 'RUMOUR'", "type_is_known"),
            ("content = ''", "content_is_short"),
            ("content = printf('%4001d', 1)", "content_is_short"),
            ("metadata = '1'", "metadata_is_an_object"),
        ],
    ),
    (
        "user_questions",
        &[
            ("question = ''", "question_has_text"),
            ("status = 'open'", "status_is_known"),
            ("status = 'answered'", "answered_iff_answer"),
            ("answer = 'because'", "answered_iff_answer"),
        ],
    ),
    (
        "salvages",
        &[
            ("ref = 'refs/heads/main'", "ref_is_of_salvage"),
            ("kind = 'NOTHING'", "kind_is_known"),
            ("kind = 'COMMITS'", "changes_iff_paths"),
            ("paths = 0", "changes_iff_paths"),
            ("paths = -1, kind = 'COMMITS'", "changes_iff_paths"),
            ("restored_at = 4", "restored_after_salvage"),
            ("pruned_at = 4", "pruned_after_salvage"),
            ("restored_at = 8, pruned_at = 7", "restored_before_pruned"),
        ],
    ),
];

/// The same for columns of machines' tables that came later and that no move writes.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("pbis", "pr_merged_at = 1", "merged_needs_pr"),
    ("tasks", "requires_opus = 2", "requires_opus_is_boolean"),
    ("sprints", "start_date = '2026-02-30'", "start_is_a_date"),
    ("sprints", "start_date = 'soon'", "start_is_a_date"),
    ("sprints", "end_date = '2026-13-01'", "end_is_a_date"),
    ("sprints", "start_date = '2026-03-02', end_date = '2026-03-01'", "ends_after_start"),
    ("sprints", "completed_at = 1", "completed_is_closed"),
    ("claude_jobs", "idea_id = 'i'", "kind_says_of_what"),
    ("claude_jobs", "kind = 'SPRINT_IMPLEMENTATION', sprint_run_id = 'r'", "kind_says_of_what"),
    ("claude_jobs", "kind = 'SPRINT_IMPLEMENTATION', task_id = NULL", "kind_says_of_what"),
    ("claude_jobs", "kind = 'PLAN_CHAT', task_id = NULL", "kind_says_of_what"),
    ("claude_jobs", "kind = 'IDEA_GRILL', idea_id = 'i'", "kind_says_of_what"),
    (
        "claude_jobs",
        "kind = 'IDEA_GRILL', idea_id = 'i', task_id = NULL, sprint_run_id = 'r'",
        "kind_says_of_what",
    ),
    ("claude_jobs", "requested_model = ''", "requested_model_is_short"),
    ("claude_jobs", "requested_thinking_budget = -1", "requested_budget_is_not_negative"),
    ("claude_jobs", "requested_permission_mode = 'all'", "requested_mode_is_known"),
    ("claude_jobs", "actual_thinking_tokens = -1", "thinking_is_not_negative"),
];

/// What an owner may have in each kind of job.
const LEGAL: &[&str] = &[
    "task_id = 'k'",
    "task_id = 'k', sprint_run_id = 'r'",
    "kind = 'SPRINT_IMPLEMENTATION', task_id = NULL, sprint_run_id = 'r'",
    "kind = 'PLAN_CHAT', task_id = NULL, idea_id = 'i'",
    "kind = 'IDEA_REVIEW_PLAN', task_id = NULL, idea_id = 'i', requested_model = 'claude-opus-4-7', \
     requested_thinking_budget = 0, requested_permission_mode = 'acceptEdits'",
];

/// A task with a job and its attempt, a run, an idea, and a row of each table.
async fn house() -> (Ctx, Connection) {
    let ctx = Ctx::new().await;
    let job = ctx.job("j").await;
    ctx.claim(&job).await;
    ctx.job("k").await;
    ctx.run("r").await;
    let mut tx = sprintgate::store::Store::begin(&ctx.store).await.unwrap();
    tx.add_idea(&super::super::ctx::idea("i"), &super::super::ctx::stamp()).await.unwrap();
    tx.commit().await.unwrap();
    let mut raw = connect(&ctx).await;
    for row in ROWS {
        raw.execute(*row).await.unwrap_or_else(|error| panic!("{error}: {row}"));
    }
    (ctx, raw)
}

/// A date that PostgreSQL does not take never gets as far as a CHECK.
fn refused_by_type(said: &Result<(), String>) -> bool {
    said.as_ref().is_err_and(|said| said.contains("type date") || said.contains("out of range"))
}

#[tokio::test]
async fn what_is_written_down_is_checked_by_name() {
    let (_ctx, mut raw) = house().await;
    for (table, sets) in CHECKS {
        let (bare, all) = unguarded(&mut raw, table).await;
        let mut named: BTreeSet<String> = all.clone();
        for (set, name) in *sets {
            if !LOOSE_TYPES && name.ends_with("_is_boolean") {
                continue;
            }
            let only = only(name, table, &all);
            let said = attempt(&mut raw, &format!("{bare} {only} UPDATE {table} SET {set}")).await;
            assert_eq!(said, Err(format!("CHECK constraint failed: {name}")), "{table}: {set}");
            named.remove(*name);
        }
        assert!(named.is_empty(), "{table}: no row shows that these fire: {named:?}");
    }
    for (table, set, name) in COLUMNS {
        if !LOOSE_TYPES && name.ends_with("_is_boolean") {
            continue;
        }
        let (bare, all) = unguarded(&mut raw, table).await;
        let said =
            attempt(&mut raw, &format!("{bare} {} UPDATE {table} SET {set}", only(name, table, &all))).await;
        if !LOOSE_TYPES && name.ends_with("_is_a_date") {
            assert!(refused_by_type(&said), "{set}: {said:?}");
            continue;
        }
        assert_eq!(said, Err(format!("CHECK constraint failed: {name}")), "{table}: {set}");
    }
    let (bare, _) = unguarded(&mut raw, "claude_jobs").await;
    for set in LEGAL {
        let sql = format!("{bare} UPDATE claude_jobs SET {set} WHERE id = 'k'");
        assert_eq!(attempt(&mut raw, &sql).await, Ok(()), "{set}");
    }
}

#[tokio::test]
async fn what_describes_a_row_goes_with_it_and_what_has_a_history_stays() {
    let (_ctx, mut raw) = house().await;
    let count = |table: &str| format!("SELECT count(*) FROM {table}");
    let tables = ["user_roles", "todos", "idea_products", "idea_logs", "user_questions", "product_members"];
    // Nobody can be deleted who has a history.
    for (table, id) in
        [("users", "u"), ("products", "p"), ("stories", "st"), ("claude_jobs", "j"), ("attempts", "j/1")]
    {
        let said = attempt(&mut raw, &format!("DELETE FROM {table} WHERE id = '{id}'")).await.unwrap_err();
        assert!(said.to_lowercase().contains("foreign key"), "{table}: {said}");
    }
    raw.execute("INSERT INTO users (id, username, created_at) VALUES ('v', 'bob', 1)").await.unwrap();
    raw.execute(
        "INSERT INTO products (id, user_id, name, definition_of_done, pr_strategy, created_at) \
        VALUES ('q', 'v', 'Barn', 'hay', 'STORY', 1)",
    )
    .await
    .unwrap();
    for sql in [
        "INSERT INTO user_roles (user_id, role) VALUES ('v', 'ADMIN')",
        "INSERT INTO todos (id, user_id, product_id, title, created_at, updated_at) VALUES ('e', 'u', 'q', 'x', 1, 1)",
        "INSERT INTO todos (id, user_id, product_id, title, created_at, updated_at) VALUES ('f', 'v', 'p', 'x', 1, 1)",
        "INSERT INTO idea_products (idea_id, product_id, created_at) VALUES ('i', 'q', 1)",
        "INSERT INTO user_questions (id, idea_id, user_id, question, created_at, updated_at) \
         VALUES ('r', 'i', 'v', 'why?', 1, 1)",
        "INSERT INTO product_members (product_id, user_id, created_at) VALUES ('p', 'v', 1)",
        "INSERT INTO product_members (product_id, user_id, created_at) VALUES ('q', 'u', 1)",
        "UPDATE users SET active_product_id = 'q' WHERE id = 'u'",
        "UPDATE stories SET assignee_id = 'v'",
        "DELETE FROM products WHERE id = 'q'",
        "DELETE FROM users WHERE id = 'v'",
    ] {
        raw.execute(sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }
    for table in tables {
        let left: i64 = sqlx::query_scalar(AssertSqlSafe(count(table))).fetch_one(&mut raw).await.unwrap();
        // Of the to-dos, that of a product that is gone stays with its person.
        assert_eq!(left, 1 + i64::from(table == "todos"), "{table}");
    }
    let nobody = "SELECT count(*) FROM stories WHERE assignee_id IS NULL";
    let left: i64 = sqlx::query_scalar(nobody).fetch_one(&mut raw).await.unwrap();
    assert_eq!(left, 1);
    let nowhere = "SELECT count(*) FROM users WHERE active_product_id IS NULL";
    let left: i64 = sqlx::query_scalar(nowhere).fetch_one(&mut raw).await.unwrap();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn keys_hold() {
    let (_ctx, mut raw) = house().await;
    for again in ROWS {
        let said = attempt(&mut raw, again).await.unwrap_err();
        let twice = said.starts_with("UNIQUE constraint failed") || said.starts_with("duplicate key value");
        assert!(twice, "{again}: {said}");
    }
    let orphans = [
        "INSERT INTO user_roles (user_id, role) VALUES ('x', 'DEVELOPER')",
        "UPDATE todos SET user_id = 'x'",
        "UPDATE todos SET product_id = 'x'",
        "UPDATE story_logs SET story_id = 'x'",
        "UPDATE idea_products SET idea_id = 'x'",
        "UPDATE idea_products SET product_id = 'x'",
        "UPDATE idea_logs SET idea_id = 'x'",
        "UPDATE user_questions SET idea_id = 'x'",
        "UPDATE user_questions SET user_id = 'x'",
        "UPDATE product_members SET user_id = 'x'",
        "UPDATE salvages SET attempt = 2",
        "UPDATE users SET active_product_id = 'x'",
        "UPDATE stories SET assignee_id = 'x'",
    ];
    for orphan in orphans {
        let said = attempt(&mut raw, orphan).await.unwrap_err();
        assert!(said.to_lowercase().contains("foreign key constraint"), "{orphan}: {said}");
    }
    let (bare, _) = unguarded(&mut raw, "claude_jobs").await;
    let nowhere = format!(
        "{bare} UPDATE claude_jobs SET kind = 'PLAN_CHAT', task_id = NULL, idea_id = 'x' WHERE id = 'k'"
    );
    let said = attempt(&mut raw, &nowhere).await.unwrap_err();
    assert!(said.to_lowercase().contains("foreign key constraint"), "{said}");
    let twice = format!("{bare} UPDATE claude_jobs SET kind = 'PLAN_CHAT', task_id = NULL, idea_id = 'i'");
    let said = attempt(&mut raw, &twice).await.unwrap_err();
    assert!(said.contains("claude_jobs.idea_id") || said.contains("one_open_job_per_idea"), "{said}");
    let same = "INSERT INTO users (id, username, email, created_at) VALUES ('v', 'bob', 'a@b.c', 1), \
        ('w', 'eve', 'a@b.c', 1)";
    let said = attempt(&mut raw, same).await.unwrap_err();
    assert!(said.contains("users.email") || said.contains("one_user_per_email"), "{said}");
}
