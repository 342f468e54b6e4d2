//! The text of SQLite's triggers, made from the law: no machine's copy drifts from the others.

use std::collections::BTreeMap;

use sprintgate::domain::law::{Machine, machines};
use sqlx::Row;

use super::ctx::Ctx;
use super::raw::connect;

/// The columns of a table's key, and its id in a row called `{row}`, as the ledger spells it.
fn key(machine: &Machine) -> (&'static [&'static str], &'static str) {
    match machine.name {
        "attempt" => (&["job_id", "number"], "{row}.job_id || '/' || {row}.number"),
        "worktree" => (&["job_id", "attempt"], "{row}.job_id || '/' || {row}.attempt"),
        "worker" => (&["token_id", "instance_id"], "{row}.token_id || '/' || {row}.instance_id"),
        _ => (&["id"], "{row}.id"),
    }
}

fn born(machine: &Machine) -> String {
    let (columns, id) = key(machine);
    let (table, name, said) = (machine.table, machine.name, machine.name.replace('_', " "));
    let id = id.replace("{row}", "NEW");
    let keys = columns.iter().map(|c| format!("{table}.{c}")).collect::<Vec<_>>().join(", ");
    let same = columns.iter().map(|c| format!("{c} = NEW.{c}")).collect::<Vec<_>>().join(" AND ");
    let states = machine.born.iter().map(|s| format!("'{s}'")).collect::<Vec<_>>().join(", ");
    format!(
        "CREATE TRIGGER {table}_born BEFORE INSERT ON {table}
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: {keys}')
    WHERE EXISTS (SELECT 1 FROM {table} WHERE {same});
    SELECT RAISE(ABORT, '{said}: is not born in this status')
    WHERE NEW.status NOT IN ({states});
    SELECT RAISE(ABORT, '{said}: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = '{name}' AND entity = {id} AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END"
    )
}

fn moves(machine: &Machine) -> String {
    let (columns, id) = key(machine);
    let (table, name, said) = (machine.table, machine.name, machine.name.replace('_', " "));
    let (new, old) = (id.replace("{row}", "NEW"), id.replace("{row}", "OLD"));
    let columns = columns.join(", ");
    format!(
        "CREATE TRIGGER {table}_moves BEFORE UPDATE OF {columns}, status, status_event, ledger_seq ON {table}
BEGIN
    SELECT RAISE(ABORT, '{said}: keeps its id')
    WHERE {new} <> {old};
    SELECT RAISE(ABORT, '{said}: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = '{name}' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, '{said}: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = '{name}' AND entity = {old} AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END"
    )
}

#[tokio::test]
async fn every_machine_has_the_same_two_triggers() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    let rows =
        sqlx::query("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetch_all(&mut raw).await;
    let mut kept: BTreeMap<String, String> =
        rows.unwrap().iter().map(|row| (row.get(0), row.get(1))).collect();
    for machine in machines() {
        for (what, expected) in [("born", born(&machine)), ("moves", moves(&machine))] {
            let name = format!("{}_{what}", machine.table);
            let text = kept.remove(&name).unwrap_or_else(|| panic!("there is no {name}"));
            assert_eq!(text, expected, "{name}");
        }
    }
    let rest: Vec<String> = kept.into_keys().collect();
    assert_eq!(
        rest,
        [
            "attempts_frozen",
            "claude_jobs_brief",
            "claude_jobs_fence",
            "claude_jobs_frozen",
            "claude_jobs_published",
            "claude_jobs_weighed",
            "claude_questions_frozen",
            "claude_workers_frozen",
            "effects_fence",
            "effects_frozen",
            "ideas_frozen",
            "ledger_append_only",
            "ledger_archives_append_only",
            "ledger_archives_no_delete",
            "ledger_archives_no_update",
            "ledger_checkpoints_append_only",
            "ledger_checkpoints_no_delete",
            "ledger_checkpoints_no_update",
            "ledger_no_delete",
            "ledger_no_update",
            "ledger_seals_no_delete",
            "ledger_seals_no_update",
            "ledger_seals_of_rows",
            "outbox_base_rises",
            "outbox_base_stays",
            "outbox_consumers_forward",
            "outbox_no_update",
            "outbox_seen_first",
            "pull_requests_frozen",
            "sent_commits_held",
            "sent_commits_no_delete",
            "sent_commits_no_update",
            "sprint_runs_frozen",
            "sprint_task_executions_frozen",
            "transition_rules_no_delete",
            "transition_rules_no_insert",
            "transition_rules_no_update",
        ]
    );
}
