//! Who is stopped anywhere, and who works beside it.

use std::fs;

use sprintgate::domain::job::{AnyJob, Stop};
use sprintgate::flow::Archive;
use sprintgate::store::*;
use sqlx::{AssertSqlSafe, Executor};

use super::super::ctx::{Ctx, commit, id, job_of, stamp, task};
use super::super::database::{LOOSE_TYPES, drop_trigger};
use super::super::raw::connect;
use super::{DAY, Keeper, ann};
use crate::until::until;

/// Refuses what is done to a table, as if the process had died there.
async fn stop_at(ctx: &Ctx, verb: &str, table: &str) {
    let refuse = match LOOSE_TYPES {
        true => "BEGIN SELECT RAISE(ABORT, 'stopped'); END",
        false => "FOR EACH ROW EXECUTE FUNCTION refuse('stopped')",
    };
    let sql = format!("CREATE TRIGGER stopped BEFORE {verb} ON {table} {refuse}");
    connect(ctx).await.execute(AssertSqlSafe(sql)).await.unwrap();
}

async fn go_on(ctx: &Ctx, table: &str) {
    connect(ctx).await.execute(AssertSqlSafe(drop_trigger("stopped", table))).await.unwrap();
}

#[tokio::test]
async fn who_dies_anywhere_leaves_what_the_next_one_ends() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.done("old").await;
    ctx.pass(91 * DAY);
    // Written, not recorded.
    stop_at(&ctx, "INSERT", "ledger_archives").await;
    assert!(keeper.archive().await.is_err());
    assert!(keeper.at("archive-1.part").join("manifest.json").exists() && !keeper.at("archive-1").exists());
    assert_eq!((ctx.count("ledger_seals").await, ctx.count("claude_jobs").await), (0, 1));
    assert_eq!(keeper.findings().await, Vec::<String>::new());
    go_on(&ctx, "ledger_archives").await;
    // Recorded and sealed, not removed.
    for table in ["ledger", "api_tokens", "attempts", "claude_jobs"] {
        stop_at(&ctx, "DELETE", table).await;
        assert!(keeper.archive().await.is_err(), "{table}");
        go_on(&ctx, table).await;
        assert_eq!((ctx.count("ledger_archives").await, ctx.count("claude_jobs").await), (1, 1), "{table}");
        assert_eq!(keeper.findings().await, Vec::<String>::new(), "{table}");
    }
    // Not even given its name.
    fs::rename(keeper.at("archive-1"), keeper.at("archive-1.part")).unwrap();
    // Its archive is elsewhere, or another one: nothing is removed.
    fs::rename(keeper.at("archive-1.part"), keeper.at("elsewhere")).unwrap();
    let told = keeper.archive().await.unwrap();
    assert!(told.jobs == 0 && told.notes[0].contains("is not the archive that was recorded"), "{told:?}");
    fs::rename(keeper.at("elsewhere"), keeper.at("archive-1.part")).unwrap();
    let rows = fs::read(keeper.at("archive-1.part").join("rows.jsonl")).unwrap();
    fs::write(keeper.at("archive-1.part").join("rows.jsonl"), "").unwrap();
    let told = keeper.archive().await.unwrap();
    assert!(told.jobs == 0 && told.notes[0].contains("does not hold: "), "{told:?}");
    fs::write(keeper.at("archive-1").join("rows.jsonl"), rows).unwrap();
    let told = keeper.archive().await.unwrap();
    assert_eq!((told.jobs, told.resumed, told.archives.len(), told.notes.len()), (1, 1, 0, 0), "{told:?}");
    assert_eq!(ctx.count("claude_jobs").await, 0);
    assert_eq!(keeper.findings().await, Vec::<String>::new());
    assert!(keeper.app.audit_archives(&[keeper.at("archive-1")]).await.unwrap()[0].ok);
}

/// An archive that is somewhere else has it by now: a job goes only after what belongs to it.
#[tokio::test]
async fn a_job_is_not_sealed_while_its_effect_waits_for_another_folder() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.done("old").await;
    ctx.an_effect("e", Some("old"), true).await;
    ctx.pass(91 * DAY);
    stop_at(&ctx, "DELETE", "effects").await;
    assert!(keeper.archive().await.is_err());
    go_on(&ctx, "effects").await;
    let other = Archive { to: keeper.at("other"), ..keeper.ask(false) };
    let told = keeper.app.archive(&other).await.unwrap();
    assert_eq!((told.jobs, told.archives.len(), told.notes.len()), (0, 0, 1), "{told:?}");
    assert_eq!((told.stay.get("effect"), told.stay.get("sealed")), (Some(&1), Some(&1)), "{told:?}");
    assert_eq!(ctx.count("ledger_seals WHERE machine <> 'effect'").await, 0);
    let told = keeper.archive().await.unwrap();
    assert_eq!((told.jobs, told.effects, told.resumed, told.stay.len()), (1, 1, 1, 0), "{told:?}");
    assert_eq!(keeper.findings().await, Vec::<String>::new());
}

fn salvage(job: &str) -> NewSalvage {
    NewSalvage {
        job: id(job),
        attempt: 1,
        repo_url: "shop.git".into(),
        reference: format!("refs/salvage/{job}/1"),
        commit: commit('c'),
        kind: SalvageKind::Changes,
        paths: 2,
    }
}

/// A note that was written after the archive is nowhere but in the database.
#[tokio::test]
async fn what_changed_since_its_archive_was_written_stays() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    for name in ["noted", "kept", "restored", "same"] {
        ctx.done(name).await;
    }
    let mut tx = ctx.store.begin().await.unwrap();
    tx.note_salvage(&salvage("restored")).await.unwrap();
    tx.commit().await.unwrap();
    ctx.pass(91 * DAY);
    stop_at(&ctx, "DELETE", "claude_jobs").await;
    assert!(keeper.archive().await.is_err());
    go_on(&ctx, "claude_jobs").await;
    let mut raw = connect(&ctx).await;
    raw.execute("UPDATE claude_jobs SET model_id = 'late' WHERE id = 'noted'").await.unwrap();
    let mut tx = ctx.store.begin().await.unwrap();
    tx.note_salvage(&salvage("kept")).await.unwrap();
    assert!(tx.note_restored(&salvage("restored")).await.unwrap());
    tx.commit().await.unwrap();
    let told = keeper.archive().await.unwrap();
    assert_eq!((told.jobs, told.stay.get("changed")), (1, Some(&3)), "{told:?}");
    assert_eq!((ctx.count("claude_jobs").await, ctx.count("salvages").await), (3, 2));
    assert_eq!(keeper.findings().await, Vec::<String>::new());
}

/// What is under way when its job is about to go is waited for, and then stays with it.
#[tokio::test]
async fn what_is_being_noted_while_its_job_goes_stays() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.done("kept").await;
    ctx.pass(91 * DAY);
    stop_at(&ctx, "DELETE", "claude_jobs").await;
    assert!(keeper.archive().await.is_err());
    go_on(&ctx, "claude_jobs").await;
    let mut tx = ctx.store.begin().await.unwrap();
    tx.note_salvage(&salvage("kept")).await.unwrap();
    let noted = async {
        // On SQLite nobody looks at anything before it is committed.
        if !LOOSE_TYPES {
            let mut raw = connect(&ctx).await;
            let waits = "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() \
                AND wait_event_type = 'Lock')";
            until("the archive waits", async || sqlx::query_scalar(waits).fetch_one(&mut raw).await.unwrap())
                .await;
        }
        tx.commit().await.unwrap();
    };
    let (told, ()) = tokio::join!(keeper.archive(), noted);
    let told = told.unwrap();
    assert_eq!((told.jobs, told.stay.get("changed")), (0, Some(&1)), "{told:?}");
    assert_eq!((ctx.count("claude_jobs").await, ctx.count("salvages").await), (1, 1));
    assert_eq!(keeper.findings().await, Vec::<String>::new());
}

/// Between what was read for the archive and its record somebody writes a note: it is written anew without that job.
#[tokio::test]
async fn what_changes_while_its_archive_is_written_waits_for_the_next_one() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.done("noted").await;
    ctx.done("same").await;
    ctx.pass(91 * DAY);
    let note = "UPDATE claude_jobs SET model_id = 'late' WHERE id = 'noted'";
    let late = match LOOSE_TYPES {
        true => format!("CREATE TRIGGER late BEFORE INSERT ON ledger_archives BEGIN {note}; END"),
        false => format!(
            "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {note}; RETURN NEW; END $$; \
             CREATE TRIGGER late BEFORE INSERT ON ledger_archives FOR EACH ROW EXECUTE FUNCTION late()"
        ),
    };
    connect(&ctx).await.execute(AssertSqlSafe(late)).await.unwrap();
    let told = keeper.archive().await.unwrap();
    assert_eq!((told.jobs, told.archives.len(), told.stay.get("changed")), (1, 1, Some(&1)), "{told:?}");
    assert_eq!(ctx.count("ledger_seals WHERE machine = 'job' AND entity = 'noted'").await, 0);
    assert_eq!(keeper.archive().await.unwrap().jobs, 1, "the next one has it as it is now");
    assert_eq!(ctx.count("claude_jobs").await, 0);
    assert_eq!(keeper.findings().await, Vec::<String>::new());
}

/// Whoever asks for an effect once more that is in an archive hears so; the ledger of what left goes no further.
#[tokio::test]
async fn an_effect_that_is_in_an_archive_is_not_tried_again() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    ctx.an_effect("e", None, false).await;
    keeper.app.dismiss_effect(&ann(), "e", "nobody needs it").await.unwrap();
    ctx.pass(91 * DAY);
    stop_at(&ctx, "DELETE", "effects").await;
    assert!(keeper.archive().await.is_err());
    go_on(&ctx, "effects").await;
    let refused = keeper.app.retry_effect(&ann(), "e").await.unwrap_err();
    assert_eq!((refused.code(), refused.facts()["archive"].as_str()), ("ARCHIVED", Some("archive-1")));
    assert_eq!(keeper.app.retry_all_effects(&ann()).await.unwrap().refused_total, 1);
    let told = keeper.archive().await.unwrap();
    assert_eq!((told.effects, told.resumed, told.stay.len()), (1, 1, 0), "{told:?}");
    assert_eq!(keeper.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn archives_are_of_bounded_size_and_others_go_on_meanwhile() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    let mut tx = ctx.store.begin().await.unwrap();
    for n in 0..403 {
        let name = format!("j{n:04}");
        tx.add_task(&task(&name), &stamp()).await.unwrap();
        tx.add_job(&job_of(&name), &stamp()).await.unwrap();
        let job = AnyJob::try_from(tx.job(&id(&name)).await.unwrap().unwrap().row);
        let AnyJob::Queued(queued) = job.unwrap() else { panic!("{name}") };
        let step = queued.cancel(Stop::by_user("no"), tx.now());
        tx.apply(Change::Job(step.into()), &stamp()).await.unwrap();
    }
    tx.commit().await.unwrap();
    ctx.pass(91 * DAY);
    let others = async {
        let (mut claims, mut verified) = (0, 0);
        while ctx.count("claude_jobs WHERE finished_at IS NOT NULL").await > 0 {
            let job = ctx.job(&format!("new{claims}")).await;
            ctx.claim(&job).await;
            claims += 1;
            let report = keeper.app.audit_verify().await.unwrap();
            assert!(report.ok, "{report:#?}");
            verified += 1;
        }
        (claims, verified)
    };
    let (told, (claims, verified)) = tokio::join!(keeper.archive(), others);
    let told = told.unwrap();
    let sizes: Vec<i64> = told.archives.iter().map(|archive| archive.jobs).collect();
    assert_eq!((sizes, told.jobs), (vec![200, 200, 3], 403));
    assert!(claims > 0 && verified > 0);
    assert_eq!(ctx.count("claude_jobs").await, claims);
    assert_eq!(keeper.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn one_process_writes_to_a_folder() {
    let ctx = Ctx::new().await;
    let keeper = Keeper::of(&ctx).await;
    fs::create_dir_all(keeper.at("")).unwrap();
    let lock = fs::File::create(keeper.at(".lock")).unwrap();
    lock.try_lock().unwrap();
    assert_eq!(keeper.archive().await.unwrap_err().code(), "VALIDATION_ERROR");
    drop(lock);
    keeper.archive().await.unwrap();
}
