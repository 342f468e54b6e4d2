//! What a row was made with and no move may change: refused in every status, whoever writes. What a job is judged by
//! changes in the moves that set and clear it only.

use std::collections::BTreeSet;

use sprintgate::conformance::matrix::Table;
use sprintgate::domain::law::Machine;

use super::super::ctx::Ctx;
use super::super::database::{SPELLING, columns};
use super::super::raw::attempt;
use super::zoo::{connect, fill, legal, tables};

struct Frozen {
    machine: &'static str,
    said: &'static str,
    /// What nothing changes.
    columns: &'static str,
    /// What moves change, besides the status and what is written with every status.
    moves: &'static str,
    /// The rest: the key, which another trigger holds, what is noted between moves, and what may be edited.
    other: &'static str,
}

/// Every machine's table, every column.
const FROZEN: &[Frozen] = &[
    Frozen {
        machine: "job",
        said: "job: what it was made with never changes",
        columns: "user_id product_id task_id idea_id sprint_run_id sprint_sequence kind branch repo_url repo_key \
                  requested_model requested_thinking_budget requested_permission_mode created_at",
        moves: "attempt not_before claimed_by_token_id worker_instance_id lease_until claimed_at \
                started_at finished_at plan_snapshot verify_required_snapshot verify_only_snapshot \
                base_sha verify_result verified_sha verified_at head_sha pushed_at end_cause caused_by \
                waived_by waive_reason summary error",
        other: "id ready waiting verify_reasoning stop_ordered_at stop_confirmed_at stop_confirmed_how \
                pr_url model_id input_tokens output_tokens cache_read_tokens cache_write_tokens \
                actual_thinking_tokens",
    },
    Frozen {
        machine: "attempt",
        said: "attempt: what was frozen at claim never changes",
        columns: "token_id worker_instance_id host plan_snapshot verify_required_snapshot \
                  verify_only_snapshot branch claimed_at",
        moves: "ended_at",
        other: "id job_id number base_sha published_sha verify_result verified_sha verified_at reported",
    },
    Frozen {
        machine: "sprint_run",
        said: "sprint run: what it was started with never changes",
        columns: "sprint_id started_by_id pr_strategy branch previous_run_id created_at",
        moves: "started_at finished_at failure_reason failed_task_id pause_context",
        other: "id pr_url",
    },
    Frozen {
        machine: "task_execution",
        said: "task execution: what was frozen at claim never changes",
        columns: "sprint_job_id task_id order plan_snapshot verify_required_snapshot verify_only_snapshot",
        moves: "base_sha head_sha verify_result verified_sha verified_at verify_summary skip_reason \
                waived_by waive_reason waived_at error started_at finished_at",
        other: "id created_at",
    },
    Frozen {
        machine: "task",
        said: "",
        columns: "",
        moves: "",
        other: "id story_id product_id sprint_id code title description implementation_plan priority \
                sort_order repo_url verify_required verify_only requires_opus created_at",
    },
    Frozen {
        machine: "story",
        said: "",
        columns: "",
        moves: "",
        other: "id pbi_id product_id sprint_id code title description acceptance_criteria priority \
                sort_order assignee_id created_at",
    },
    Frozen {
        machine: "pbi",
        said: "",
        columns: "",
        moves: "",
        other: "id product_id code title description priority sort_order pr_url pr_merged_at created_at",
    },
    Frozen {
        machine: "sprint",
        said: "",
        columns: "",
        moves: "completed_at",
        other: "id product_id code sprint_goal start_date end_date created_at",
    },
    Frozen {
        machine: "idea",
        said: "idea: what it was made with never changes",
        columns: "user_id product_id code title description created_at",
        moves: "job_id status_before_job grill_md plan_md plan_review_log reviewed_at pbi_id",
        other: "id archived",
    },
    Frozen {
        machine: "question",
        said: "question: what was asked never changes",
        columns: "product_id story_id task_id idea_id sprint_run_id asked_by question options expires_at \
                  created_at",
        moves: "answer answered_by answered_at",
        other: "id",
    },
    Frozen {
        machine: "pull_request",
        said: "pull request: what it publishes never changes",
        columns: "product_id sprint_run_id story_id repo_url repo_key branch pr_strategy created_at",
        moves: "head_sha pr_url draft reason merge_sha merged_head_sha finished_at",
        other: "id poll_host poll_at",
    },
    Frozen {
        machine: "worktree",
        said: "",
        columns: "",
        moves: "locks waits_since lease_until missing error finished_at",
        other: "id job_id attempt created_at",
    },
    Frozen {
        machine: "worker",
        said: "worker: what it was registered with never changes",
        columns: "user_id product_id hostname pid created_at",
        moves: "started_at last_seen_at last_quota_pct last_quota_check_at absent_since absent_how",
        other: "id token_id instance_id",
    },
    Frozen {
        machine: "effect",
        said: "effect: what is to be done never changes",
        columns: "kind product_id job_id payload host lane place effect_key created_at",
        moves: "tries tries_max due_at holder lease_until last_error finished_at gave_up_why dismissed_by \
                dismiss_reason",
        other: "id behind",
    },
];

/// The tables with what is known of them; no machine is left out, and none is made up.
fn known() -> Vec<(Machine, Table, &'static Frozen)> {
    let known: Vec<_> = tables()
        .into_iter()
        .map(|(machine, table)| {
            let mut found = FROZEN.iter().filter(|frozen| frozen.machine == machine.name);
            let frozen = found.next().unwrap_or_else(|| panic!("nothing is said of {}", machine.name));
            assert!(found.next().is_none(), "{} stands twice", machine.name);
            assert_eq!(frozen.said.is_empty(), frozen.columns.is_empty(), "{}", machine.name);
            (machine, table, frozen)
        })
        .collect();
    assert_eq!(known.len(), FROZEN.len(), "a machine that there is not");
    known
}

#[tokio::test]
async fn what_a_row_was_made_with_never_changes() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    for (machine, table, frozen) in known() {
        fill(&mut raw, &machine, &table).await;
        for status in machine.states.iter().map(|state| state.word) {
            let id = table.entity(&table.name_in(status, status));
            for column in frozen.columns.split_whitespace() {
                // To the value that it has, too: no statement of the program names them.
                for value in ["1", "NULL", &format!("\"{column}\"")] {
                    let sql = format!("UPDATE {} SET \"{column}\" = {value} WHERE id = '{id}'", table.name);
                    assert_eq!(attempt(&mut raw, &sql).await, Err(frozen.said.to_owned()), "{sql}");
                }
            }
            for column in [frozen.moves, frozen.other].iter().flat_map(|text| text.split_whitespace()) {
                let sql = format!("UPDATE {} SET {column} = {column} WHERE id = '{id}'", table.name);
                assert_ne!(attempt(&mut raw, &sql).await, Err(frozen.said.to_owned()), "{sql}");
            }
        }
    }
}

#[tokio::test]
async fn a_column_is_frozen_moved_or_known_to_be_neither() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    for (_, table, frozen) in known() {
        let columns = columns(&mut raw, table.name).await;
        let with_every_status = "status status_event ledger_seq updated_at";
        let listed: Vec<&str> = [frozen.columns, frozen.moves, frozen.other, with_every_status]
            .iter()
            .flat_map(|text| text.split_whitespace())
            .collect();
        assert_eq!(listed.len(), columns.len(), "{}: a column stands twice, or is missing", table.name);
        let columns: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
        assert_eq!(columns, listed.into_iter().collect(), "{}", table.name);
    }
}

/// What a job's attempt is judged by.
const BRIEF: [(&str, &str); 4] = [
    ("claimed_at", "7"),
    ("plan_snapshot", "'other'"),
    ("verify_required_snapshot", "'ALIGNED'"),
    ("verify_only_snapshot", "1"),
];

#[tokio::test]
async fn plan_and_policy_come_with_a_claim_and_go_when_the_job_is_put_back() {
    let ctx = Ctx::new().await;
    let mut raw = connect(&ctx).await;
    let (machine, table, _) = known().into_iter().find(|(machine, _, _)| machine.name == "job").unwrap();
    fill(&mut raw, &machine, &table).await;
    let said = || Err("job: plan and policy come with a claim and go when it is put back".to_owned());
    let mut moves = 0;
    for status in machine.states.iter().map(|state| state.word) {
        let id = table.entity(status);
        for (column, value) in BRIEF {
            let sql = format!("UPDATE claude_jobs SET {column} = {value} WHERE id = '{id}'");
            assert_eq!(attempt(&mut raw, &sql).await, said(), "{sql}");
        }
        let sets = BRIEF.map(|(column, value)| format!("{column} = {value}")).join(", ");
        let whole = format!("UPDATE claude_jobs SET {sets} WHERE id = '{id}'");
        assert_eq!(attempt(&mut raw, &whole).await, said(), "{whole}");
        let same = BRIEF.map(|(column, _)| format!("{column} = {column}")).join(", ");
        let same = format!("UPDATE claude_jobs SET {same} WHERE id = '{id}'");
        assert_eq!(attempt(&mut raw, &same).await, Ok(()), "{same}");
        // On the way: only what leaves the queue claimed, or goes back to it, is free to write them.
        for (from, event, to) in legal("job").into_iter().filter(|(from, _, _)| *from == status) {
            let moved = table.moved(SPELLING, from, from, event, to);
            let changed = BRIEF.iter().fold(moved.clone(), |sql, (column, value)| {
                let (before, rest) = sql.split_once(&format!(" {column} = ")).unwrap();
                let (_, after) = rest.split_once(", ").unwrap();
                format!("{before} {column} = {value}, {after}")
            });
            assert_ne!(moved, changed);
            let refused = match (from, to) {
                ("QUEUED", "CLAIMED") => Ok(()),
                (_, "QUEUED") => Err("CHECK constraint failed: queued_is_clean".to_owned()),
                _ => said(),
            };
            assert_eq!(attempt(&mut raw, &changed).await, refused, "{changed}");
            moves += 1;
        }
    }
    assert_eq!(moves, 19);
}
