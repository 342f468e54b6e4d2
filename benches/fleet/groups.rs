//! What concerns many jobs at once: leases renewed, stale jobs swept, siblings cancelled.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sprintgate::flow::wire::{JobHeartbeat, ReportStatus};
use sqlx::{AssertSqlSafe, Executor, PgConnection};
use tokio::task::JoinSet;
use tokio::time::{sleep, sleep_until};

use crate::cpu::Cpu;
use crate::fleet::Fleet;
use crate::ours::Worker;
use crate::rows::Layout;
use crate::{Bench, Result};

/// All jobs are held by the first attempt of token t, with a lease of so many seconds from now.
fn held(lease: i64) -> String {
    format!("SET session_replication_role = replica;
    UPDATE claude_jobs SET status = 'CLAIMED', status_event = 'claim', ledger_seq = 2, attempt = 1, not_before = NULL,
        claimed_by_token_id = 't', worker_instance_id = 'w', lease_until = now() + {lease} * interval '1 s',
        claimed_at = now(), plan_snapshot = '', verify_required_snapshot = 'ANY', verify_only_snapshot = FALSE;
    INSERT INTO attempts (job_id, number, token_id, worker_instance_id, host, plan_snapshot, verify_required_snapshot,
        verify_only_snapshot, claimed_at, status, status_event, ledger_seq, updated_at)
        SELECT id, 1, 't', 'w', 'here', '', 'ANY', FALSE, now(), 'HELD', 'create', 1, now() FROM claude_jobs;
    INSERT INTO ledger (machine, entity, entity_seq, event, to_status, actor_kind, actor_id, at, facts, prev_hash, hash)
        SELECT 'attempt', id, 1, 'create', 'HELD', 'system', 'system', date_trunc('milliseconds', now()), '{{}}',
            repeat('0', 64), repeat('a', 64) FROM attempts;
    INSERT INTO ledger (machine, entity, entity_seq, from_status, event, to_status, actor_kind, actor_id, attempt, at, facts,
        prev_hash, hash)
        SELECT 'job', id, 2, 'QUEUED', 'claim', 'CLAIMED', 'system', 'system', 1, date_trunc('milliseconds', now()), '{{}}',
            repeat('b', 64), repeat('c', 64) FROM claude_jobs;
    SET session_replication_role = DEFAULT; VACUUM (ANALYZE)")
}

async fn set(fleet: &mut Fleet, texts: &str) -> Result<()> {
    for text in texts.split(';').map(str::trim).filter(|text| !text.is_empty()) {
        fleet.sql.execute(AssertSqlSafe(text)).await?;
    }
    Ok(())
}

/// As often as 10,000 workers do that renew every 60 seconds.
const PACE: Duration = Duration::from_millis(6);

/// 10,000 leases, each renewed by a call of its own from one process: spread over a minute, and all at the same moment.
pub(crate) async fn heartbeats(bench: &Bench) -> Result<()> {
    let leases = if bench.quick { 1_000 } else { 10_000 };
    let mut fleet = Fleet::new(bench, "heartbeats", Layout { backlog: true, products: 8 }).await?;
    fleet.queue(leases).await?;
    set(&mut fleet, &held(3600)).await?;
    for (how, pace) in [("6 ms apart", PACE), ("all at once", Duration::ZERO)] {
        // Only what is renewed now is later than that.
        set(
            &mut fleet,
            "UPDATE claude_jobs SET lease_until = now() + interval '1 min'; VACUUM (ANALYZE) claude_jobs",
        )
        .await?;
        let worker = Arc::new(Worker::new(&fleet.app, 0)?);
        let (cpu, begun) = (Cpu::now(&bench.server)?, Instant::now());
        let mut calls = JoinSet::new();
        for number in 0..leases {
            sleep_until((begun + pace * number).into()).await;
            let worker = Arc::clone(&worker);
            calls.spawn(async move {
                let ask = JobHeartbeat { job_id: format!("j{number}"), attempt: Some(1) };
                let asked = Instant::now();
                worker.app.job_heartbeat(&worker.session, ask).await.map(|_| asked.elapsed())
            });
        }
        let mut waited = calls.join_all().await.into_iter().collect::<std::result::Result<Vec<_>, _>>()?;
        let took = begun.elapsed().as_secs_f64();
        let used = Cpu::now(&bench.server)?.since(&cpu);
        waited.sort();
        let longest = waited.last().copied().unwrap_or_default().as_secs_f64() * 1000.0;
        let renewed: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM claude_jobs WHERE lease_until > now() + interval '2 min'",
        )
        .fetch_one(&mut fleet.sql)
        .await?;
        let share = (used.ours + used.theirs) / f64::from(leases) * 10_000.0 / 60.0 * 100.0;
        bench.say(&format!(
            "| {renewed} of {leases} leases renewed, {how} | {took:.1} s, the longest call {longest:.0} ms; {:.3} ms of \
            our and {:.3} ms of the server's processor time each: 10,000 every 60 s take {share:.1} % of a core |",
            used.ours * 1000.0 / f64::from(leases),
            used.theirs * 1000.0 / f64::from(leases),
        ));
    }
    Ok(())
}

/// How often is looked for how long a transaction is open.
const LOOK: Duration = Duration::from_millis(10);

/// For how many seconds the oldest transaction is open that has written.
async fn oldest(sql: &mut PgConnection) -> Result<f64> {
    let text = "SELECT CAST(coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) AS double precision) \
        FROM pg_stat_activity WHERE backend_xid IS NOT NULL";
    Ok(sqlx::query_scalar(text).fetch_one(sql).await?)
}

/// 10,000 stale jobs, swept 100 at a time.
pub(crate) async fn sweep(bench: &Bench) -> Result<()> {
    let stale = if bench.quick { 1_000 } else { 10_000 };
    let mut fleet = Fleet::new(bench, "sweep", Layout { backlog: true, products: 8 }).await?;
    fleet.queue(stale).await?;
    set(&mut fleet, &held(-10)).await?;
    let begun = Instant::now();
    let (mut taken, mut longest) = (0, 0.0_f64);
    loop {
        let mut sweep = std::pin::pin!(fleet.app.sweep());
        let swept = loop {
            tokio::select! {
                swept = &mut sweep => break swept?,
                () = sleep(LOOK) => longest = longest.max(oldest(&mut fleet.sql).await?),
            }
        };
        let now = swept.requeued.len() + swept.failed.len();
        if now == 0 {
            break;
        }
        taken += now;
    }
    let took = begun.elapsed().as_secs_f64();
    bench.say(&format!(
        "| {taken} stale jobs swept, a batch a transaction | {took:.1} s, {:.2} ms a job, the longest transaction about {:.0} ms |",
        took * 1000.0 / taken as f64,
        longest * 1000.0,
    ));
    Ok(())
}

/// A job of a run fails, and its 10,000 siblings are cancelled with it.
pub(crate) async fn cascade(bench: &Bench) -> Result<()> {
    let siblings = if bench.quick { 1_000 } else { 10_000 };
    let mut fleet = Fleet::new(bench, "cascade", Layout { backlog: true, products: 1 }).await?;
    fleet.queue(siblings).await?;
    set(
        &mut fleet,
        "SET session_replication_role = replica;
        UPDATE claude_jobs SET sprint_run_id = 'r0', sprint_sequence = CAST(substr(id, 2) AS bigint),
            ready = (id = 'j0');
        UPDATE stories SET sprint_id = 'sp0'; UPDATE tasks SET sprint_id = 'sp0';
        SET session_replication_role = DEFAULT; VACUUM (ANALYZE)",
    )
    .await?;
    let worker = Worker::new(&fleet.app, 0)?;
    let job = worker.claim(&*fleet.store).await?.ok_or("the queue is empty")?;
    worker.session.remember(&job, 1);
    let begun = Instant::now();
    worker.report(&job, ReportStatus::Failed).await?;
    let took = begun.elapsed().as_secs_f64();
    let cancelled: i64 = sqlx::query_scalar("SELECT count(*) FROM claude_jobs WHERE status = 'CANCELLED'")
        .fetch_one(&mut fleet.sql)
        .await?;
    bench.say(&format!(
        "| a failure that cancels {cancelled} siblings | {took:.1} s, {:.2} ms a sibling |",
        took * 1000.0 / cancelled as f64
    ));
    Ok(())
}
