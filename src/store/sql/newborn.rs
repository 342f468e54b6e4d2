//! Jobs and effects that come into being together: the ledger's rows, what is told of them, the rows.

use serde_json::{Value, json};

use super::births::{self, Birth};
use super::dialect::{document, given, moment};
use super::job_rows;
use super::outbox::{Told, Whose};
use super::statement::statements;
use super::tx::{DbTx, News};
use super::values::Document;
use crate::domain::effect::{self, Row};
use crate::domain::event::Payload;
use crate::domain::job;
use crate::domain::machine::Word;
use crate::store::repo_key::repo_key;
use crate::store::{Effects, NewEffect, NewJob, Stamp, StoreError};

/// Rows that one statement writes at most.
const AT_ONCE: usize = 500;

statements! {
    ADD_JOBS = concat!("INSERT INTO claude_jobs (id, user_id, product_id, task_id, idea_id, sprint_run_id, sprint_sequence, \
        kind, branch, repo_url, ready, not_before, status, status_event, ledger_seq, created_at, updated_at, repo_key) \
        SELECT w.id, w.owner, w.product, w.task, w.idea, w.run, w.sequence, w.kind, w.branch, w.repo, w.ready, \
        $2, 'QUEUED', 'create', 1, $2, $2, w.repo_key FROM ",
        given!(id text, owner text, product text, task text, idea text, run text, sequence number, kind text,
            branch text, repo text, repo_key text, ready truth));
    ADD_EFFECTS = concat!("INSERT INTO effects (id, kind, product_id, job_id, payload, tries, tries_max, due_at, status, \
        status_event, ledger_seq, created_at, updated_at, host, lane, place, behind) \
        SELECT w.id, w.kind, w.product, w.job, ", document!("w.payload"), ", w.tries, w.tries_max, ",
        moment!("w.due_at"), ", 'PENDING', 'create', 1, $2, $2, w.host, NULL, NULL, FALSE FROM ",
        given!(id text, kind text, product text, job text, payload text, tries number, tries_max number, due_at number,
            host text));
}

pub(super) async fn jobs(tx: &mut DbTx, new: &[NewJob], stamp: &Stamp) -> Result<(), StoreError> {
    for some in new.chunks(AT_ONCE) {
        let births = some.iter().map(|new| Birth { entity: new.id.as_str(), told: told(new), stamp });
        births::note_all(tx, "job", job::Status::Queued, births.collect()).await?;
        let rows = Document(some.iter().map(of_job).collect::<Value>().to_string());
        let now = tx.time();
        tx.has(News::Opening);
        tx.run(sqlx::query(ADD_JOBS).bind(rows).bind(now)).await?;
    }
    Ok(())
}

fn told(new: &NewJob) -> Told<'_> {
    let whose = Whose::Known(Some(new.user.to_string()), Some(new.product.to_string()));
    Told { whose, payload: job_rows::payload(new) }
}

fn of_job(new: &NewJob) -> Value {
    json!({
        "id": new.id,
        "owner": new.user,
        "product": new.product,
        "task": new.task,
        "idea": new.idea,
        "run": new.run,
        "sequence": new.sequence,
        "kind": new.kind.word(),
        "branch": new.branch,
        "repo": new.repo_url,
        "repo_key": new.repo_url.as_deref().map(repo_key),
        "ready": new.ready,
    })
}

/// Each that has a lane or a key is added by itself: its place depends on those before, and whether it is one at all.
pub(super) async fn effects(tx: &mut DbTx, new: &[(NewEffect, Stamp)]) -> Result<(), StoreError> {
    for some in new.chunks(AT_ONCE) {
        let alone = |new: &NewEffect| new.lane.is_some() || new.key.is_some();
        let (alone, free): (Vec<_>, Vec<_>) = some.iter().partition(|(new, _)| alone(new));
        for (new, stamp) in alone {
            tx.add_effect(new, stamp).await?;
        }
        let births = free.iter().map(|(new, stamp)| {
            let whose = Whose::Known(None, Some(new.product.to_string()));
            Birth { entity: new.effect.id.as_str(), told: Told { whose, payload: Payload::default() }, stamp }
        });
        births::note_all(tx, "effect", effect::Status::Pending, births.collect()).await?;
        let rows = Document(free.iter().map(|(new, _)| of_effect(new)).collect::<Value>().to_string());
        let now = tx.time();
        tx.stirs();
        tx.run(sqlx::query(ADD_EFFECTS).bind(rows).bind(now)).await?;
    }
    Ok(())
}

fn of_effect(new: &NewEffect) -> Value {
    let row = Row::from(new.effect.clone());
    json!({
        "id": row.id,
        "kind": row.kind.word(),
        "product": new.product,
        "job": new.job,
        "payload": new.payload.to_string(),
        "tries": row.tries,
        "tries_max": row.tries_max,
        "due_at": row.due_at,
        "host": new.host.as_deref().unwrap_or_default(),
    })
}
