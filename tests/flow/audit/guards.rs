//! Rows that were changed, removed or inserted behind the program's back are found and named.

use std::process::Command;

use sprintgate::flow::wire::ReportStatus::Running;

use super::world::World;

fn sqlite(world: &World, sql: &str) -> (bool, String) {
    let out = Command::new("sqlite3")
        .arg(world.dir.path().join("db"))
        .arg(sql)
        .output()
        .expect("the sqlite3 program (apt-get install sqlite3)");
    (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
}

/// As the owner of the file can: the guards are switched off first.
fn tamper(world: &World, sql: &str) {
    let triggers = "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'";
    let out = Command::new("sqlite3").arg(world.dir.path().join("db")).arg(triggers).output().unwrap();
    let (ok, said) = sqlite(world, &format!("{}{sql}", String::from_utf8(out.stdout).unwrap()));
    assert!(ok, "{said}");
}

#[tokio::test]
async fn a_status_cannot_be_written_by_hand() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let tries = [
        "UPDATE claude_jobs SET status='DONE'",
        "UPDATE claude_jobs SET status='DONE', status_event='finish', ledger_seq=ledger_seq+1",
        "UPDATE claude_jobs SET status='CLAIMED', status_event='claim', ledger_seq=ledger_seq+1",
        "UPDATE tasks SET status='DONE'",
        "DELETE FROM ledger",
        "UPDATE ledger SET to_status='DONE'",
        "DELETE FROM transition_rules",
        "INSERT INTO transition_rules VALUES ('job','QUEUED','finish','DONE')",
    ];
    for sql in tries {
        let (ok, said) = sqlite(&world, sql);
        assert!(!ok && !said.is_empty(), "{sql} was accepted");
    }
    assert_eq!(world.jobs().await, ["T-1 QUEUED"]);
    world.sound().await;
}

#[tokio::test]
async fn tampering_is_found_and_named() {
    let rows = [
        ("UPDATE ledger SET actor_id='somebody' WHERE event='start'", "content does not have its hash"),
        ("DELETE FROM ledger WHERE machine='job' AND event='start'", "ledger"),
        ("DELETE FROM ledger WHERE machine='job' AND event='claim'", "missing"),
        (
            "UPDATE claude_jobs SET status='QUEUED', claimed_by_token_id=NULL, worker_instance_id=NULL, lease_until=NULL, started_at=NULL, claimed_at=NULL, plan_snapshot=NULL, verify_required_snapshot=NULL, verify_only_snapshot=NULL, base_sha=NULL, not_before=0",
            "the table says QUEUED",
        ),
        ("DELETE FROM ledger WHERE machine='task'", "no ledger row"),
    ];
    for (sql, named) in rows {
        let world = World::new().await;
        world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
        let job = world.claim(&world.worker).await;
        world.report(&world.worker, &job, Running).await.unwrap();
        world.sound().await;
        tamper(&world, sql);
        let report = world.app.audit_verify().await.unwrap();
        assert!(!report.ok && report.findings.iter().any(|f| f.contains(named)), "{sql}: {report:#?}");
    }
}
