//! Rows in bulk: people by the store itself, jobs by `generate_series` with the triggers off
//! (`session_replication_role = replica`), each with the ledger's row that it is born with; then ANALYZE. Hashes are of the
//! right length and bind nothing: nobody verifies this ledger.

use sprintgate::domain::actor::Actor;
use sprintgate::domain::run::PrStrategy;
use sprintgate::store::*;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::Result;

/// The text of the token that everybody works with.
pub(crate) const TOKEN: &str = "token";

pub(crate) fn stamp() -> Stamp {
    Stamp::of(Actor::System)
}

/// How jobs lie in the backlog.
#[derive(Clone, Copy)]
pub(crate) struct Layout {
    /// Each has a task, a story of 5, a backlog item of 25, and a run of 50 of one sprint; those of a story share a
    /// branch, so that one of 5 is ready. Without it a job has none of them, and all are ready.
    pub(crate) backlog: bool,
    /// The runs are spread over so many products, `p0` first.
    pub(crate) products: u32,
}

/// Users, tokens and products.
pub(crate) async fn people(store: &dyn Store, products: u32) -> Result<()> {
    let mut tx = store.begin().await?;
    tx.add_user(&NewUser { id: "u".parse()?, username: "ann".into(), is_demo: false }).await?;
    let (id, user) = ("t".parse()?, "u".parse()?);
    let (hash, kind) = (Secret::shown(TOKEN).hash(), TokenKind::Implementation);
    tx.add_token(&NewToken { id, user, hash, kind, label: None, expires_at: None, scope: None }).await?;
    for n in 0..products {
        let product = NewProduct {
            id: format!("p{n}").parse()?,
            user: "u".parse()?,
            name: format!("Shop {n}"),
            code: None,
            description: None,
            repo_url: None,
            definition_of_done: "tests pass".into(),
            pr_strategy: PrStrategy::Story,
            cascade_on_infrastructure: false,
            auto_pr: false,
            push_salvage: false,
            trailers: false,
        };
        tx.add_product(&product).await?;
    }
    let (sprint, product) = ("s0".parse()?, "p0".parse()?);
    let sprint = NewSprint { id: sprint, product, code: "S-own".into(), goal: "sell".into() };
    tx.add_sprint(&sprint, &stamp()).await?;
    let run = NewRun {
        id: "r-own".parse()?,
        sprint: sprint.id,
        started_by: "u".parse()?,
        strategy: PrStrategy::Sprint,
        branch: None,
        previous: None,
    };
    tx.add_run(&run, &stamp()).await?;
    Ok(tx.commit().await?)
}

/// Jobs `from` to `to` (not with it), 0 first, queued in the order of their numbers.
pub(crate) async fn jobs(sql: &mut PgConnection, layout: Layout, from: u32, to: u32) -> Result<()> {
    if from >= to {
        return Ok(());
    }
    sql.execute("SET session_replication_role = replica").await?;
    let mut texts = Vec::new();
    let of = |each: u32| (from.div_ceil(each), to.div_ceil(each));
    if layout.backlog {
        let product = |each: u32| format!("'p' || (n / {} % {})", 50 / each, layout.products);
        texts.push(born(
            "sprint",
            "sprints",
            of(50),
            "id, product_id, code, sprint_goal",
            &format!("'sp' || n, {}, 'S-' || n, 'goal'", product(50)),
            "OPEN",
        ));
        texts.push(born(
            "sprint_run",
            "sprint_runs",
            of(50),
            "id, sprint_id, started_by_id, pr_strategy",
            "'r' || n, 'sp' || n, 'u', 'STORY'",
            "QUEUED",
        ));
        texts.push(born(
            "pbi",
            "pbis",
            of(25),
            "id, product_id, code, title, priority, sort_order",
            &format!("'b' || n, {}, 'PBI-' || n, 'item', 2, n", product(25)),
            "READY",
        ));
        texts.push(born(
            "story",
            "stories",
            of(5),
            "id, pbi_id, product_id, sprint_id, code, title, priority, sort_order",
            &format!(
                "'st' || n, 'b' || (n / 5), {}, 'sp' || (n / 10), 'ST-' || n, 'story', 2, n",
                product(5)
            ),
            "IN_SPRINT",
        ));
        texts.push(born(
            "task",
            "tasks",
            (from, to),
            "id, story_id, product_id, sprint_id, code, title, \
                implementation_plan, priority, sort_order, verify_required, verify_only",
            &format!(
                "'j' || n, 'st' || (n / 5), {}, 'sp' || (n / 50), 'T-' || n, 'task', 'change `a.rs`', 2, n, \
                'ALIGNED_OR_PARTIAL', FALSE",
                product(1)
            ),
            "TO_DO",
        ));
    }
    let own = match layout.backlog {
        true => format!(
            "'p' || (n / 50 % {}), 'j' || n, 'r' || (n / 50), n % 50, 'feat/story-' || (n / 5), \
            'https://example.org/shop.git', n % 5 = 0, 'example.org/shop'",
            layout.products
        ),
        false => format!("'p' || (n % {}), NULL, 'r-own', 0, NULL, NULL, TRUE, NULL", layout.products),
    };
    // The one kind that ends without a repository: nothing but the database is measured. It has no task else.
    sql.execute("ALTER TABLE claude_jobs DROP CONSTRAINT IF EXISTS kind_says_of_what").await?;
    texts.push(born(
        "job",
        "claude_jobs",
        (from, to),
        "id, user_id, kind, not_before, product_id, task_id, \
        sprint_run_id, sprint_sequence, branch, repo_url, ready, repo_key",
        &format!("'j' || n, 'u', 'PLAN_CHAT', now(), {own}"),
        "QUEUED",
    ));
    for text in texts {
        sql.execute(AssertSqlSafe(text)).await?;
    }
    sql.execute("SET session_replication_role = DEFAULT").await?;
    if from == 0 {
        // not the tables that are empty: a plan that is made for those reads them whole when they have grown
        let filled = "VACUUM (ANALYZE) claude_jobs, ledger, tasks, stories, pbis, sprints, sprint_runs";
        sql.execute(filled).await?;
    }
    Ok(())
}

/// Rows of a machine with the ledger's rows of their births.
fn born(
    machine: &str,
    table: &str,
    (from, to): (u32, u32),
    columns: &str,
    values: &str,
    status: &str,
) -> String {
    format!(
        "WITH it AS (INSERT INTO {table} ({columns}, status, status_event, ledger_seq, created_at, updated_at) \
        SELECT {values}, '{status}', 'create', 1, timestamptz '2026-01-01' + n * interval '1 ms', now() \
        FROM generate_series({from}, {to} - 1) AS n RETURNING id) \
        INSERT INTO ledger (machine, entity, entity_seq, event, to_status, actor_kind, actor_id, at, facts, prev_hash, hash) \
        SELECT '{machine}', id, 1, 'create', '{status}', 'system', 'system', date_trunc('milliseconds', now()), '{{}}', \
        repeat('0', 64), \
        encode(sha256(convert_to('{machine}' || id, 'UTF8')), 'hex') FROM it"
    )
}

/// A connection for what the store does not do.
pub(crate) async fn raw(url: &str) -> Result<PgConnection> {
    Ok(PgConnection::connect(url).await?)
}
