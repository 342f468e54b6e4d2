//! Many decided moves, written in a few statements: what was seen of all rows, the ledger's rows, what is told of them,
//! the rows. How one is written alone is the file beside it (`apply`), and what comes of both is the same.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::apply::{self, guarded_many_of, opens, told};
use super::attempts;
use super::dialect::{listed, lock_in_order};
use super::entries::{self, Entry, Line};
use super::seen::Seen;
use super::statement::statements;
use super::tx::{DbTx, News};
use super::values::Document;
use crate::domain::machine::Word;
use crate::domain::{attempt, job};
use crate::store::{Change, Stamp, StoreError};

/// Moves that one statement writes at most.
const AT_ONCE: usize = 500;

/// The rows of a machine as they are, with whom they concern and the hash of each one's last ledger row. Locked in the
/// order of their ids.
macro_rules! seen_many {
    ($machine:literal, $table:literal, $more:literal $(, join $join:literal)?) => {
        concat!(
            "SELECT e.id, e.status, e.ledger_seq, l.hash, ", $more, " FROM ", $table, " e ", $($join, " ",)?
            "LEFT JOIN ledger l ",
            "ON l.machine = '", $machine, "' AND l.entity = e.id AND l.entity_seq = e.ledger_seq ",
            "WHERE e.id ", listed!("$1"), lock_in_order!("e")
        )
    };
}

statements! {
    SEEN_JOBS = seen_many!("job", "claude_jobs",
        "e.attempt, e.user_id, e.product_id, e.task_id, e.idea_id, e.branch, e.pr_url");
    SEEN_ATTEMPTS = seen_many!("attempt", "attempts", "j.user_id, j.product_id",
        join "LEFT JOIN claude_jobs j ON j.id = e.job_id");
    SEEN_TASKS = seen_many!("task", "tasks", "NULL AS user_id, e.product_id");
}

type Move = (Change, Stamp);

/// Writes decided changes in their order, and what follows from each inside the store.
pub(super) async fn apply_all(tx: &mut DbTx, moves: &[Move]) -> Result<(), StoreError> {
    let mut left = moves;
    while let Some(((first, stamp), others)) = left.split_first() {
        let (now, later) = left.split_at_checked(alike(left)).unwrap_or((&[], others));
        if now.len() < 2 {
            apply::apply(tx, first, stamp).await?;
            left = others;
            continue;
        }
        write(tx, now).await?;
        if now.iter().any(|(change, _)| opens(change)) {
            tx.has(News::Opening);
        }
        end_attempts(tx, now).await?;
        left = later;
    }
    Ok(())
}

/// How many of the first are moves of one machine, each of another row, and can be written at once.
fn alike(moves: &[Move]) -> usize {
    let Some(text) = moves.first().and_then(|(change, _)| guarded_many_of(change)) else { return 1 };
    let mut rows = BTreeSet::new();
    let fits = |(change, _): &&Move| guarded_many_of(change) == Some(text) && rows.insert(change.entity());
    moves.iter().take(AT_ONCE).take_while(fits).count()
}

/// The attempts that held the jobs end with the holds.
async fn end_attempts(tx: &mut DbTx, moves: &[Move]) -> Result<(), StoreError> {
    let ending: Vec<(&job::Change, &Stamp)> = moves
        .iter()
        .filter_map(|(change, stamp)| match change {
            Change::Job(job) if job.before().is_held() && attempt::ended_by(job.event()).is_some() => {
                Some((job, stamp))
            }
            _ => None,
        })
        .collect();
    if ending.is_empty() {
        return Ok(());
    }
    let name = |job: &job::Change| format!("{}/{}", job.row().id, job.attempt_before());
    let names: Vec<String> = ending.iter().map(|(job, _)| name(job)).collect();
    let mut held = attempts::held_of(tx, &names).await?;
    let now = tx.time().0;
    let mut ends = Vec::with_capacity(ending.len());
    for ((job, stamp), name) in ending.into_iter().zip(names) {
        let inconsistent = |what| StoreError::Inconsistent { what };
        let attempt = held
            .remove(&name)
            .ok_or_else(|| inconsistent(format!("job {} has no held attempt", job.row().id)))?;
        let ended = attempt.follow(job, now).map_err(|foreign| inconsistent(foreign.to_string()))?;
        ends.extend(ended.map(|change| (Change::Attempt(change), stamp.clone())));
    }
    if ends.is_empty() { Ok(()) } else { write(tx, &ends).await }
}

/// Writes moves of one machine, at most [`AT_ONCE`], each of another row.
async fn write(tx: &mut DbTx, moves: &[Move]) -> Result<(), StoreError> {
    let Some((first, _)) = moves.first() else { return Ok(()) };
    let machine = first.edge().machine;
    let not_at_once = || StoreError::Inconsistent { what: format!("{machine} is not moved many at once") };
    let guarded = guarded_many_of(first).ok_or_else(not_at_once)?;
    let ids: Vec<String> = moves.iter().map(|(change, _)| change.entity()).collect();
    let mut seen = look(tx, first, &ids).await?;
    let (mut lines, mut rows) = (Vec::with_capacity(moves.len()), Vec::with_capacity(moves.len()));
    for ((change, stamp), id) in moves.iter().zip(&ids) {
        let edge = change.edge();
        let before = seen.remove(id).filter(|seen| seen.fits(change)).ok_or_else(|| StoreError::Lost {
            machine,
            entity: id.clone(),
            expected: edge.from,
        })?;
        let told = told(change, &before);
        let entity_seq = before.ledger_seq + 1;
        let prev_hash = before.hash.or_else(|| cfg!(bench_bare).then(String::new));
        let prev_hash = prev_hash
            .ok_or_else(|| StoreError::Inconsistent { what: format!("{machine} {id} has no ledger row") })?;
        let (from, event, to) = (Some(edge.from), edge.event, edge.to);
        let entry = Entry { machine, entity: id, entity_seq, from, event, to };
        lines.push(Line { entry, prev_hash, told, stamp });
        rows.push(row(change));
    }
    entries::add_all(tx, lines).await?;
    let (given, now) = (Document(Value::Array(rows).to_string()), tx.time());
    tx.written_all(sqlx::query(guarded).bind(given).bind(now), machine, moves.len()).await
}

/// The rows as they are, by their ids.
async fn look(tx: &mut DbTx, kind: &Change, ids: &[String]) -> Result<BTreeMap<String, Seen>, StoreError> {
    let text = match kind {
        Change::Job(_) => SEEN_JOBS,
        Change::Attempt(_) => SEEN_ATTEMPTS,
        _ => SEEN_TASKS,
    };
    let rows = tx.all(sqlx::query(text).bind(Document(json!(ids).to_string()))).await?;
    let seen = |row| match kind {
        Change::Job(_) => Seen::job(row),
        Change::Attempt(_) => Seen::attempt(row),
        _ => Seen::plain(kind.edge().machine, row),
    };
    rows.iter().map(|row| seen(row).map(|seen| (seen.entity().to_owned(), seen))).collect()
}

/// What the guarded statement is given of a move.
fn row(change: &Change) -> Value {
    let edge = change.edge();
    let mut cells = match change {
        Change::Job(job) => of_job(job.row()),
        Change::Attempt(attempt) => json!({ "n_ended_at": attempt.row().ended_at }),
        _ => json!({}),
    };
    if let Value::Object(cells) = &mut cells {
        let common = [
            ("entity", json!(change.entity())),
            ("o_status", json!(edge.from)),
            ("o_fence", json!(change.fence())),
            ("n_status", json!(edge.to)),
            ("n_event", json!(edge.event)),
        ];
        cells.extend(common.map(|(name, cell)| (name.to_owned(), cell)));
    }
    cells
}

fn of_job(row: &job::Row) -> Value {
    let evidence = row.evidence.as_ref();
    let publication = row.publication.as_ref();
    json!({
        "n_attempt": row.attempt,
        "n_not_before": row.not_before,
        "n_token": row.token,
        "n_worker": row.worker,
        "n_lease_until": row.lease_until,
        "n_claimed_at": row.claimed_at,
        "n_started_at": row.started_at,
        "n_finished_at": row.finished_at,
        "n_plan": row.plan,
        "n_required": row.policy.map(|policy| policy.required.word()),
        "n_verify_only": row.policy.map(|policy| policy.verify_only),
        "n_base": row.base.as_ref().map(|commit| commit.as_str()),
        "n_result": evidence.map(|seen| seen.result.word()),
        "n_verified_sha": evidence.map(|seen| seen.commit.as_str()),
        "n_verified_at": evidence.map(|seen| seen.at),
        "n_head": publication.map(|published| published.commit.as_str()),
        "n_pushed_at": publication.map(|published| published.at),
        "n_end_cause": row.end_cause.map(Word::word),
        "n_caused_by": row.caused_by,
        "n_waived_by": row.waived_by,
        "n_waive_reason": row.waive_reason,
        "n_summary": row.summary,
        "n_error": row.error,
    })
}
