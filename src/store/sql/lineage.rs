//! A story with all that is derived from it, in one statement.

use super::cells::Cells;
use super::dialect::{DbRow, lock};
use super::seen::Seen;
use super::statement::{statements, visible};
use super::tx::DbTx;
use crate::domain::id::{PbiId, SprintId, StoryId, TaskId, UserId};
use crate::domain::machine::Word;
use crate::domain::rollup::{Above, Picture};
use crate::domain::task;
use crate::store::{Lineage, StoreError};

/// The hash of a row's last row in the ledger.
macro_rules! hash {
    ($machine:literal, $row:literal) => {
        concat!(
            "(SELECT l.hash FROM ledger l WHERE l.machine = '",
            $machine,
            "' AND l.entity = ",
            $row,
            ".id AND l.entity_seq = ",
            $row,
            ".ledger_seq) AS ",
            $machine,
            "_hash"
        )
    };
}

/// The statuses of all of them.
macro_rules! statuses {
    ($of:literal) => {
        concat!("(SELECT string_agg(o.status, ',') FROM ", $of, ")")
    };
}

macro_rules! lineage {
    ($of_tasks:literal, $($rest:expr),+ $(; and $more:expr)?) => {
        concat!(
            "SELECT ", $($more, ", ",)? "s.id AS story_id, s.status AS story_status, s.ledger_seq AS story_seq, ",
            hash!("story", "s"), ", s.product_id AS story_product, b.id AS pbi_id, b.status AS pbi_status, ",
            "b.ledger_seq AS pbi_seq, ", hash!("pbi", "b"), ", b.product_id AS pbi_product, p.id AS sprint_id, ",
            "p.status AS sprint_status, p.ledger_seq AS sprint_seq, ", hash!("sprint", "p"),
            ", p.product_id AS sprint_product, ", statuses!($of_tasks), " AS of_tasks, ",
            statuses!("stories o WHERE o.pbi_id = s.pbi_id AND o.id <> s.id"), " AS of_pbi, ",
            statuses!("stories o WHERE o.sprint_id = s.sprint_id AND o.id <> s.id"), " AS of_sprint FROM ",
            $($rest),+
        )
    };
}

statements! {
    LINEAGE = lineage!("tasks o WHERE o.story_id = s.id", "stories s JOIN pbis b ON b.id = s.pbi_id \
        LEFT JOIN sprints p ON p.id = s.sprint_id WHERE s.id = $2 AND ", visible!("s.product_id"));
    LINEAGE_OF_TASK = lineage!("tasks o WHERE o.story_id = s.id AND o.id <> t.id", "tasks t \
        JOIN stories s ON s.id = t.story_id JOIN pbis b ON b.id = s.pbi_id \
        LEFT JOIN sprints p ON p.id = s.sprint_id WHERE t.id = $2 AND ", visible!("t.product_id"), lock!("t");
        and concat!("t.id AS task_id, t.status AS task_status, t.ledger_seq AS task_seq, ", hash!("task", "t"),
            ", t.product_id AS task_product"));
}

pub(super) async fn of_story(
    tx: &mut DbTx,
    user: &UserId,
    id: &StoryId,
) -> Result<Option<Lineage>, StoreError> {
    let row = tx.one(sqlx::query(LINEAGE).bind(user.as_str()).bind(id.as_str())).await?;
    row.map(|row| lineage(tx, &row)).transpose()
}

pub(super) async fn of_task(
    tx: &mut DbTx,
    user: &UserId,
    id: &TaskId,
) -> Result<Option<(task::Status, Lineage)>, StoreError> {
    let row = tx.one(sqlx::query(LINEAGE_OF_TASK).bind(user.as_str()).bind(id.as_str())).await?;
    let Some(row) = row else { return Ok(None) };
    if tx.writes() {
        tx.remember(Seen::beneath("task", &row)?);
    }
    Ok(Some((Cells(&row).word("task_status")?, lineage(tx, &row)?)))
}

fn lineage(tx: &mut DbTx, row: &DbRow) -> Result<Lineage, StoreError> {
    let cells = Cells(row);
    let sprint: Option<SprintId> = cells.id_if("sprint_id")?;
    // What nobody else moves meanwhile need not be looked at again for its move.
    if tx.is_alone() {
        tx.remember(Seen::beneath("story", row)?);
        tx.remember(Seen::beneath("pbi", row)?);
        if sprint.is_some() {
            tx.remember(Seen::beneath("sprint", row)?);
        }
    }
    let of_sprint = match &sprint {
        Some(_) => Some(Above { now: cells.word("sprint_status")?, others: words(&cells, "of_sprint")? }),
        None => None,
    };
    Ok(Lineage {
        story: cells.id::<StoryId>("story_id")?,
        pbi: cells.id::<PbiId>("pbi_id")?,
        sprint,
        picture: Picture {
            story: cells.word("story_status")?,
            tasks: words(&cells, "of_tasks")?,
            pbi: Above { now: cells.word("pbi_status")?, others: words(&cells, "of_pbi")? },
            sprint: of_sprint,
            run: None,
        },
    })
}

fn words<W: Word>(cells: &Cells<'_>, column: &str) -> Result<Vec<W>, StoreError> {
    let all: Option<String> = cells.get(column)?;
    all.iter().flat_map(|all| all.split(',')).map(|word| Ok(W::parse(word)?)).collect()
}
