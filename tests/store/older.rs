//! A database of an older version with rows in it: what this program has ever written is brought up to date. What it has
//! never written, and older CHECKs let pass all the same, is refused, and left as it was.

use sprintgate::conformance::matrix::birth_row;
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::store::sqlite::Clock;
use sprintgate::store::{Store, StoreError};
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Executor};

use super::ctx::id;
use super::database::{Connection, Database, NAME, SPELLING, ThatStore};

/// The first version, and the last before jobs said what they are about and effects had lanes.
const FIRST: i64 = 4;
const BEFORE: i64 = 51;

async fn migrated(raw: &mut Connection, to: i64) {
    let all =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store").join(NAME).join("migrations");
    let all = Migrator::new(all).await.unwrap();
    let steps = all.iter().filter(|step| step.version <= to).cloned().collect();
    Migrator::with_migrations(steps).run_direct(None, raw, false).await.unwrap();
}

/// Writes a row with the ledger's row of its birth: `{T}` is a time, `{BORN}` its status and what belongs to it.
async fn born(raw: &mut Connection, machine: &str, entity: &str, status: &str, row: &str) {
    let row = row.replace("{BORN}", &format!("'{status}', 'create', 1, {{T}}, {{T}}"));
    let row = row.replace("{T}", &(SPELLING.time)(1000));
    let text = format!("{}; {row}", birth_row(SPELLING, machine, entity, status).trim_end_matches(';'));
    raw.execute(AssertSqlSafe(text)).await.unwrap();
}

/// A backlog, a run, and a job of each kind that was ever queued.
async fn of_the_first_version(raw: &mut Connection) {
    let people = "INSERT INTO users (id, username, created_at) VALUES ('u', 'ann', {T}); \
        INSERT INTO products (id, user_id, name, definition_of_done, pr_strategy, created_at) \
        VALUES ('p', 'u', 'Shop', 'tests pass', 'STORY', {T})";
    raw.execute(AssertSqlSafe(people.replace("{T}", &(SPELLING.time)(1000)))).await.unwrap();
    const ROWS: [(&str, &str, &str, &str); 7] = [
        (
            "pbi",
            "b",
            "READY",
            "pbis (id, product_id, code, title, priority, sort_order, MADE) \
            VALUES ('b', 'p', 'PBI-1', 'Basket', 1, 1.0, {BORN})",
        ),
        (
            "sprint",
            "s",
            "OPEN",
            "sprints (id, product_id, code, sprint_goal, MADE) \
            VALUES ('s', 'p', 'S-1', 'sell', {BORN})",
        ),
        (
            "story",
            "st",
            "OPEN",
            "stories (id, pbi_id, product_id, sprint_id, code, title, priority, sort_order, MADE) \
            VALUES ('st', 'b', 'p', 's', 'ST-1', 'Put', 1, 1.0, {BORN})",
        ),
        (
            "task",
            "k",
            "TO_DO",
            "tasks (id, story_id, product_id, sprint_id, code, title, priority, sort_order, \
            verify_required, verify_only, MADE) \
            VALUES ('k', 'st', 'p', 's', 'T-1', 'Put', 1, 1.0, 'ANY', FALSE, {BORN})",
        ),
        (
            "sprint_run",
            "r",
            "QUEUED",
            "sprint_runs (id, sprint_id, started_by_id, pr_strategy, MADE) \
            VALUES ('r', 's', 'u', 'STORY', {BORN})",
        ),
        (
            "job",
            "of-task",
            "QUEUED",
            "claude_jobs (id, user_id, product_id, task_id, sprint_run_id, sprint_sequence, \
            kind, ready, not_before, MADE) \
            VALUES ('of-task', 'u', 'p', 'k', 'r', 0, 'TASK_IMPLEMENTATION', TRUE, {T}, {BORN})",
        ),
        (
            "job",
            "of-sprint",
            "QUEUED",
            "claude_jobs (id, user_id, product_id, sprint_run_id, sprint_sequence, \
            kind, ready, not_before, MADE) \
            VALUES ('of-sprint', 'u', 'p', 'r', 1, 'SPRINT_IMPLEMENTATION', TRUE, {T}, {BORN})",
        ),
    ];
    for (machine, entity, status, row) in ROWS {
        let row = row.replace("MADE", "status, status_event, ledger_seq, created_at, updated_at");
        born(raw, machine, entity, status, &format!("INSERT INTO {row}")).await;
    }
}

#[tokio::test]
async fn what_was_ever_written_is_brought_up_to_date() {
    let database = Database::empty().await;
    let mut raw = database.connect().await;
    migrated(&mut raw, FIRST).await;
    of_the_first_version(&mut raw).await;
    migrated(&mut raw, BEFORE).await;
    // As long as an effect may be now.
    let payload = format!("{{\"attempt\": \"{}\"}}", "x".repeat(7900));
    let row = format!(
        "INSERT INTO effects (id, kind, product_id, job_id, payload, tries, tries_max, due_at, status, status_event, \
         ledger_seq, created_at, updated_at) \
         VALUES ('e', 'remove_worktree', 'p', 'of-task', '{payload}', 0, 5, {{T}}, {{BORN}})"
    );
    born(&mut raw, "effect", "e", "PENDING", &row).await;

    let store = database.open(Clock::Database).await;
    let mut tx = store.read().await.unwrap();
    let jobs = [tx.job(&id("of-task")).await.unwrap(), tx.job(&id("of-sprint")).await.unwrap()];
    assert!(jobs.iter().all(|job| job.as_ref().unwrap().idea.is_none()));
    let effect = tx.effect(&id("e")).await.unwrap().unwrap();
    assert_eq!((effect.host, effect.lane, effect.behind), (None, None, false));
}

/// Addresses of repositories in every form, as jobs have them.
const SPELLED: [&str; 16] = [
    "https://example.org/ann/shop.git",
    "https://Example.ORG/Ann/Shop/",
    "https://ann@example.org:8443/ann/shop",
    "https://example.org/a%20b/shop.git/",
    "https://[::1]:8080/ann/shop.git",
    "https://[::1]/ann/shop.git.git",
    "http://localhost:3000/shop.git",
    "ssh://git@example.org/ann/shop",
    "ssh://git@[2001:DB8::1]:22/Ann/shop.git",
    "ssh://example.org/ann/x@shop/shop",
    "git@example.org:ann/Shop.git",
    "git@example.org:/ann/shop",
    "/srv/Git/Shop.git",
    "/srv/git/a:b@c/shop",
    "file:///srv/Git/shop.git/",
    "file:///srv/a@b/c:d/Shop",
];

#[tokio::test]
async fn repositories_of_older_jobs_are_known_by_the_key_of_their_address() {
    let database = Database::empty().await;
    let mut raw = database.connect().await;
    migrated(&mut raw, FIRST).await;
    of_the_first_version(&mut raw).await;
    let spelled: Vec<(String, &str)> =
        SPELLED.iter().enumerate().map(|(number, url)| (format!("url{number:02}"), *url)).collect();
    for (job, url) in &spelled {
        let row = format!(
            "INSERT INTO claude_jobs (id, user_id, product_id, sprint_run_id, sprint_sequence, kind, repo_url, ready, \
             not_before, status, status_event, ledger_seq, created_at, updated_at) \
             VALUES ('{job}', 'u', 'p', 'r', 1, 'SPRINT_IMPLEMENTATION', '{url}', TRUE, {{T}}, {{BORN}})"
        );
        born(&mut raw, "job", job, "QUEUED", &row).await;
    }
    drop(database.open(Clock::Database).await);
    let keys: Vec<(String, Option<String>)> =
        sqlx::query_as("SELECT id, repo_key FROM claude_jobs ORDER BY id").fetch_all(&mut raw).await.unwrap();
    let mut want = vec![("of-sprint".to_owned(), None), ("of-task".to_owned(), None)];
    let known = spelled.iter().filter_map(|(job, url)| {
        let url: RemoteUrl = url.parse().ok()?;
        Some((job.clone(), Some(url.key())))
    });
    want.extend(known);
    assert!(want.len() > 15, "some of them are no addresses: {want:?}");
    let told: Vec<_> =
        keys.into_iter().filter(|(job, _)| want.iter().any(|(known, _)| known == job)).collect();
    assert_eq!(told, want);
}

/// No version has queued a job about an idea; the first one's tables take one that does not say which.
#[tokio::test]
async fn a_job_about_no_idea_is_refused_and_left_as_it_was() {
    let database = Database::empty().await;
    let mut raw = database.connect().await;
    migrated(&mut raw, FIRST).await;
    of_the_first_version(&mut raw).await;
    let row = "INSERT INTO claude_jobs (id, user_id, product_id, sprint_sequence, kind, ready, not_before, status, \
        status_event, ledger_seq, created_at, updated_at) \
        VALUES ('j', 'u', 'p', 0, 'IDEA_GRILL', TRUE, {T}, {BORN})";
    born(&mut raw, "job", "j", "QUEUED", row).await;
    let refusal = async || match ThatStore::open(&database.place(), Clock::Database).await.err() {
        Some(StoreError::Open { source, .. }) => source.to_string(),
        other => panic!("{other:?}"),
    };
    let why = refusal().await;
    assert!(
        why.starts_with("the jobs j are about an idea, and no idea says which")
            && why.contains("delete them"),
        "{why}"
    );
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM claude_jobs").fetch_one(&mut raw).await.unwrap();
    assert_eq!(kept, 3);
    // The same of tables that know ideas.
    migrated(&mut raw, BEFORE).await;
    let why = refusal().await;
    assert!(why.starts_with("the jobs j are about an idea"), "{why}");
    // It does as it says.
    raw.execute("DELETE FROM claude_jobs WHERE id = 'j'").await.unwrap();
    let store = database.open(Clock::Database).await;
    assert!(store.read().await.unwrap().job(&id("of-task")).await.unwrap().is_some());
}
