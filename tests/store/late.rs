//! Where several transactions write at a time, one that began first may end last: what it wrote is neither missed nor
//! told out of order.

use sprintgate::domain::job::{AnyJob, LEASE, Stop};
use sprintgate::store::{Change, EventRecord, Place, Store, Unseen};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

use super::ctx::{Ctx, id, stamp, task};
use super::database::settled;
use super::raw::connect;
use super::tampered::auditor;
use crate::cli::home::{Home, answer};

async fn after(ctx: &Ctx, place: Place) -> Vec<EventRecord> {
    ctx.store.read().await.unwrap().events_after(place, 1000).await.unwrap()
}

#[tokio::test]
async fn a_reader_stops_before_a_transaction_that_is_open() {
    let ctx = Ctx::new().await;
    settled(&ctx).await;
    let place = after(&ctx, Place::START).await.last().unwrap().place;
    let mut first = ctx.store.begin().await.unwrap();
    first.add_task(&task("a"), &stamp()).await.unwrap();
    let mut second = ctx.store.begin().await.unwrap();
    second.add_task(&task("b"), &stamp()).await.unwrap();
    second.commit().await.unwrap();
    assert_eq!(after(&ctx, place).await, []);
    let mut tx = ctx.store.read().await.unwrap();
    assert_eq!(tx.unseen(place).await.unwrap().events, 0);
    let held = tx.kept_back(place).await.unwrap();
    assert_eq!((held.events, held.is_more, held.since), (1, false, Some(ctx.now())));
    drop(tx);
    first.commit().await.unwrap();
    settled(&ctx).await;
    let told: Vec<String> = after(&ctx, place).await.into_iter().map(|it| it.event.entity).collect();
    assert_eq!(told, ["a", "b"]);
    assert_eq!(ctx.store.read().await.unwrap().kept_back(place).await.unwrap(), Unseen::default());
}

#[tokio::test]
async fn who_began_first_and_moves_last_is_told_last() {
    let ctx = Ctx::new().await;
    let job = ctx.job("j").await;
    let mut first = ctx.store.begin().await.unwrap();
    first.add_task(&task("a"), &stamp()).await.unwrap();
    let mut second = ctx.store.begin().await.unwrap();
    second.add_task(&task("b"), &stamp()).await.unwrap();
    assert_eq!(ctx.claim(&job).await, 1);
    // The second is younger than the first and older than the claim: what it is told as does not give away what comes next.
    let row = second.job(&id("j")).await.unwrap().unwrap().row;
    let AnyJob::Claimed(claimed) = AnyJob::try_from(row).unwrap() else { panic!() };
    let started = claimed.start(1, second.now(), LEASE).unwrap();
    second.apply(Change::Job(started.into()), &stamp()).await.unwrap();
    second.commit().await.unwrap();
    let row = first.job(&id("j")).await.unwrap().unwrap().row;
    let AnyJob::Running(running) = AnyJob::try_from(row).unwrap() else { panic!() };
    let cancelled = running.cancel(Stop::by_user("enough"), first.now());
    first.apply(Change::Job(cancelled.into()), &stamp()).await.unwrap();
    first.commit().await.unwrap();
    settled(&ctx).await;
    let told = after(&ctx, Place::START).await;
    let of = |entity: &str, machine: &str| -> Vec<(i64, i64)> {
        let own = told.iter().filter(|it| it.event.entity == entity && it.event.machine == machine);
        own.map(|it| (it.event.entity_seq, it.place.xid)).collect()
    };
    let moves = of("j", "job");
    assert_eq!(moves.iter().map(|(number, _)| *number).collect::<Vec<_>>(), [1, 2, 3, 4]);
    let (claimed, older) = (moves[1].1, (of("a", "task")[0].1, of("b", "task")[0].1));
    assert!(older.0 < older.1 && older.1 < claimed, "the other transactions are the older ones");
    assert!(moves.is_sorted_by_key(|(_, xid)| *xid), "{moves:?}");
}

#[tokio::test]
async fn a_checkpoint_waits_for_the_rows_under_way() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    let mut first = ctx.store.begin().await.unwrap();
    first.add_task(&task("a"), &stamp()).await.unwrap();
    ctx.job("b").await;
    let binding = async {
        let mut tx = ctx.store.begin().await.unwrap();
        let made = tx.add_checkpoint(1000).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        made
    };
    let ending = async {
        let waits = "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
            WHERE d.datname = current_database() AND l.relation = 'ledger'::regclass AND NOT l.granted)";
        while !sqlx::query_scalar::<_, bool>(waits).fetch_one(&mut raw).await.unwrap() {
            tokio::task::yield_now().await;
        }
        first.commit().await.unwrap();
    };
    let (made, ()) = tokio::join!(binding, ending);
    let rows = ctx.store.read().await.unwrap().ledger_after(0, 1000).await.unwrap();
    assert!(rows.iter().any(|row| row.entity == "a"));
    assert_eq!((made.rows, made.upto_seq), (rows.len() as i64, rows.last().unwrap().seq));
}

#[tokio::test]
async fn who_follows_the_ledger_is_told_of_late_rows_too() {
    let ctx = Ctx::new().await;
    let (app, _folder) = auditor(&ctx).await;
    let mut first = ctx.store.begin().await.unwrap();
    first.add_task(&task("a"), &stamp()).await.unwrap();
    let mut second = ctx.store.begin().await.unwrap();
    second.add_task(&task("b"), &stamp()).await.unwrap();
    second.commit().await.unwrap();
    let (shown, mut tail) = app.audit_tail(1).await.unwrap();
    assert_eq!(shown.iter().map(|row| row.entity.as_str()).collect::<Vec<_>>(), ["b"]);
    let mut third = ctx.store.begin().await.unwrap();
    third.add_task(&task("c"), &stamp()).await.unwrap();
    third.commit().await.unwrap();
    let told = |rows: Vec<sprintgate::store::LedgerEntry>| {
        rows.into_iter().map(|row| row.entity).collect::<Vec<_>>()
    };
    assert_eq!(told(tail.more().await.unwrap()), ["c"]);
    first.commit().await.unwrap();
    assert_eq!(told(tail.more().await.unwrap()), ["a"], "it has the lowest number of the three");
}

#[tokio::test]
async fn a_consumer_is_told_because_of_whom_events_are_held_back() {
    let ctx = Ctx::new().await;
    settled(&ctx).await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_consumer("mail", Place::START).await.unwrap();
    tx.commit().await.unwrap();
    let mut raw = connect(&ctx).await;
    let mut first = raw.begin().await.unwrap();
    let own = "SELECT concat('process ', pg_backend_pid(), ' in database ', current_database()) \
        FROM pg_current_xact_id()";
    let own: String = sqlx::query_scalar(own).fetch_one(&mut *first).await.unwrap();
    ctx.job("a").await;
    let (app, _folder) = auditor(&ctx).await;
    let held = loop {
        let told = app.event_consumers().await.unwrap();
        assert_eq!(told.result[0].held_back, 2, "the task and the job");
        assert!(told.result[0].unseen > 2 && told.result[0].oldest_held_back_at.is_some());
        // Another test's transaction may be older for a while.
        match told.held_back_by {
            Some(holder) if holder.who == own => break holder,
            _ => tokio::task::yield_now().await,
        }
    };
    assert!(held.since.is_some());
    first.rollback().await.unwrap();
    settled(&ctx).await;
    let told = app.event_consumers().await.unwrap();
    assert_eq!((told.result[0].held_back, told.held_back_by), (0, None));
}

#[tokio::test]
async fn a_prepared_transaction_that_somebody_left_is_named_and_costs_one_job() {
    let ctx = Ctx::new().await;
    let (locked, free) = (ctx.job("a").await, ctx.job("b").await);
    settled(&ctx).await;
    let place = after(&ctx, Place::START).await.last().unwrap().place;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.add_consumer("mail", place).await.unwrap();
    tx.commit().await.unwrap();
    let mut raw = connect(&ctx).await;
    // All tests share the server, so that the name has to be this one's own, and nothing may fail until it is undone.
    let database: String = sqlx::query_scalar("SELECT current_database()").fetch_one(&mut raw).await.unwrap();
    let (name, who) = (
        format!("left-in-{database}"),
        format!("prepared transaction left-in-{database} in database {database}"),
    );
    let leave = format!(
        "BEGIN; UPDATE claude_jobs SET updated_at = updated_at WHERE id = '{locked}'; PREPARE TRANSACTION '{name}'"
    );
    raw.execute(AssertSqlSafe(leave)).await.unwrap();
    let (app, _folder) = auditor(&ctx).await;
    let home = Home::new();
    let status = || {
        let mut command = home.command(&["db", "status"]);
        command.env("SPRINTGATE_DATABASE_URL", ctx.database.url());
        answer(command, "")
    };
    let seen = async {
        let first = ctx.store.begin().await?.first_claimable(&id("u"), None).await?;
        let mut tx = ctx.store.begin().await?;
        tx.add_task(&task("c"), &stamp()).await?;
        tx.commit().await?;
        let begun = std::time::Instant::now();
        loop {
            let told = app.event_consumers().await;
            let status = status().stdout;
            // Another test's transaction may be older for a while.
            match told.as_ref().ok().and_then(|told| told.held_back_by.as_ref()) {
                Some(holder) if holder.who == who && status.contains(&who) => {
                    break Ok::<_, sprintgate::store::StoreError>((first, told, status));
                }
                _ if begun.elapsed().as_secs() > 20 => break Ok((first, told, status)),
                _ => tokio::task::yield_now().await,
            }
        }
    }
    .await;
    raw.execute(AssertSqlSafe(format!("ROLLBACK PREPARED '{name}'"))).await.unwrap();
    let (first, told, said) = seen.unwrap();
    assert_eq!(first, Some(free), "who claims goes past what it has locked");
    let told = told.unwrap();
    assert_eq!(told.result[0].held_back, 1, "the task");
    let holder = told.held_back_by.unwrap();
    assert!(holder.who == who && holder.since.is_some(), "{holder:?}");
    let line = format!("Events are held back by the oldest transaction that is open: {who}, open since ");
    assert!(said.contains(&line), "{said}");
    settled(&ctx).await;
    assert!(!status().ok().contains("held back"));
    assert_eq!(after(&ctx, place).await.len(), 1);
    assert_eq!(ctx.store.begin().await.unwrap().first_claimable(&id("u"), None).await.unwrap(), Some(locked));
}
