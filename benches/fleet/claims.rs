//! What a claim costs, however long the queue is, whoever's jobs lie in it, and whatever lies in front. The databases take
//! turns, claim by claim, so that whatever else the machine does meets all of them.

use std::time::Instant;

use sqlx::{AssertSqlSafe, Executor, PgConnection};

use crate::figures::Figures;
use crate::fleet::Fleet;
use crate::original::{self, Original};
use crate::ours;
use crate::rows::Layout;
use crate::{Bench, Result};

const WARM_UP: usize = 20;
const PLAIN: Layout = Layout { backlog: false, products: 1 };

/// 100,000 jobs of a paused run are older than those that can be claimed.
const PAUSED: &str = "SET session_replication_role = replica;
    UPDATE claude_jobs SET ready = FALSE, sprint_run_id = 'paused' WHERE id IN
        (SELECT id FROM claude_jobs ORDER BY created_at LIMIT (SELECT count(*) - 1000 FROM claude_jobs));
    SET session_replication_role = DEFAULT; VACUUM (ANALYZE) claude_jobs";

/// 1,000 users and 1,000 runs: u has a hundredth of the queue, and the others the rest in equal parts.
const USERS: &str = "SET session_replication_role = replica;
    INSERT INTO users (id, username, created_at) SELECT 'u' || n, 'user ' || n, now() FROM generate_series(1, 999) AS n;
    UPDATE claude_jobs SET user_id = 'u' || (CAST(substr(id, 2) AS bigint) % 999 + 1),
        sprint_run_id = 'r' || (CAST(substr(id, 2) AS bigint) / 999 % 1000)
        WHERE CAST(substr(id, 2) AS bigint) % 100 <> 0;
    SET session_replication_role = DEFAULT; VACUUM (ANALYZE)";

struct Queue {
    name: &'static str,
    fleet: Fleet,
    claims: Figures,
}

async fn queue(bench: &Bench, name: &'static str, database: &str, jobs: u32, then: &str) -> Result<Queue> {
    let begun = Instant::now();
    let mut fleet = Fleet::new(bench, database, PLAIN).await?;
    fleet.queue(jobs).await?;
    set(&mut fleet.sql, then).await?;
    eprintln!("filled: {name} in {:.0?}", begun.elapsed());
    Ok(Queue { name, fleet, claims: Figures::default() })
}

async fn set(sql: &mut PgConnection, texts: &str) -> Result<()> {
    for text in texts.split(';').map(str::trim).filter(|text| !text.is_empty()) {
        sql.execute(AssertSqlSafe(text)).await?;
    }
    Ok(())
}

pub(crate) async fn run(bench: &Bench) -> Result<()> {
    let times = if bench.quick { 200 } else { 600 };
    let many = if bench.quick { 200_000 } else { 1_000_000 };
    let mut queues = vec![
        queue(bench, "1,000 queued", "claims_1k", 1_000 + times, "").await?,
        queue(bench, "100,000 queued", "claims_100k", 100_000, "").await?,
        queue(bench, if bench.quick { "200,000 queued" } else { "1,000,000 queued" }, "claims_1m", many, "")
            .await?,
        queue(bench, "1,000 behind 100,000 of a paused run", "claims_paused", 101_000, PAUSED).await?,
        queue(
            bench,
            if bench.quick { "200,000 of 1,000 users" } else { "1,000,000 of 1,000 users in 1,000 runs" },
            "claims_users",
            many,
            USERS,
        )
        .await?,
    ];
    let user = "u".parse()?;
    for round in 0..times as usize + WARM_UP {
        for queue in &mut queues {
            let begun = Instant::now();
            ours::claim(&*queue.fleet.store, &user).await?.ok_or("the queue is empty")?;
            if round >= WARM_UP {
                queue.claims.add_time(begun.elapsed());
            }
        }
    }
    bench.say("| queue | claim p50, ms | claim p99, ms |\n|---|---|---|");
    let first = queues.first().map(|queue| queue.claims.clone()).unwrap_or_default();
    for Queue { name, claims, .. } in &queues {
        let (p50, p99) = (claims.part(0.5), claims.part(0.99));
        let (by50, by99) = (p50 / first.part(0.5), p99 / first.part(0.99));
        bench.say(&format!("| {name} | {p50:.2} ({by50:.2}×) | {p99:.2} ({by99:.2}×) |"));
    }
    drop(queues);
    for jobs in [1_000, 100_000] {
        let mut theirs = Original::new(bench, &format!("claims_original_{jobs}")).await?;
        theirs.queue(jobs).await?;
        let mut claims = Figures::default();
        for _ in 0..if jobs > 10_000 { 5 } else { 50 } {
            let begun = Instant::now();
            original::claim(&mut theirs.sql).await?.ok_or("the queue is empty")?;
            claims.add_time(begun.elapsed());
        }
        let (p50, p99) = (claims.part(0.5), claims.part(0.99));
        bench.say(&format!("| the original's SQL, {jobs} queued | {p50:.2} | {p99:.2} |"));
    }
    Ok(())
}
