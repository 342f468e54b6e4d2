//! What a row was made with and no move may change: refused in every status, whoever writes.

use std::collections::BTreeSet;

use sqlx::Row;

use super::super::ctx::Ctx;
use super::super::raw::attempt;
use super::zoo::{connect, fill, tables};

struct Frozen {
    machine: &'static str,
    said: &'static str,
    columns: &'static str,
    /// What moves change, besides the status and what is written with every status.
    moves: &'static str,
}

const FROZEN: &[Frozen] = &[
    Frozen {
        machine: "question",
        said: "question: what was asked never changes",
        columns: "product_id story_id task_id idea_id sprint_run_id asked_by question options expires_at created_at",
        moves: "answer answered_by answered_at",
    },
    Frozen {
        machine: "pull_request",
        said: "pull request: what it publishes never changes",
        columns: "product_id sprint_run_id story_id repo_url branch pr_strategy created_at",
        moves: "head_sha pr_url draft reason merge_sha finished_at",
    },
    Frozen {
        machine: "effect",
        said: "effect: what is to be done never changes",
        columns: "kind product_id job_id payload created_at",
        moves: "tries tries_max due_at holder lease_until last_error finished_at gave_up_why dismissed_by \
                dismiss_reason",
    },
];

#[tokio::test]
async fn what_a_row_was_made_with_never_changes() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    for (machine, table) in tables() {
        let Some(frozen) = FROZEN.iter().find(|frozen| frozen.machine == machine.name) else { continue };
        fill(&mut raw, &machine, &table).await;
        for status in machine.states.iter().map(|state| state.word) {
            let id = table.entity(&table.name_in(status, status));
            for column in frozen.columns.split_whitespace() {
                // To the value that it has, too: no statement of the program names them.
                for value in ["1", "NULL", column] {
                    let sql = format!("UPDATE {} SET {column} = {value} WHERE id = '{id}'", table.name);
                    assert_eq!(attempt(&mut raw, &sql).await, Err(frozen.said.to_owned()), "{sql}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_column_is_frozen_or_changed_by_moves() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    for (_, table) in tables() {
        let Some(frozen) = FROZEN.iter().find(|frozen| frozen.machine == table.machine) else { continue };
        let text = "SELECT name FROM pragma_table_info($1)";
        let rows = sqlx::query(text).bind(table.name).fetch_all(&mut raw).await.unwrap();
        let columns: BTreeSet<&str> = rows.iter().map(|row| row.get(0)).collect();
        let with_every_status = "id status status_event ledger_seq updated_at";
        let known = [frozen.columns, frozen.moves, with_every_status];
        assert_eq!(
            columns,
            known.iter().flat_map(|text| text.split_whitespace()).collect(),
            "{}",
            table.name
        );
    }
}
