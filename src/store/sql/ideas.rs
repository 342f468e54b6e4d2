//! Ideas.

use async_trait::async_trait;

use super::apply::{Texts, before, guarded};
use super::cells::Cells;
use super::dialect::{DbRow, lock};
use super::moved::{entry_first, from_entry, next_of_entry, state};
use super::outbox::Whose;
use super::statement::statements;
use super::tx::{Bound, DbTx};
use super::values::{At, Document};
use crate::domain::id::{IdeaId, UserId};
use crate::domain::idea::{Row, Status};
use crate::domain::machine::Word;
use crate::store::{IdeaRecord, Ideas, NewIdea, Stamp, StoreError};

macro_rules! idea {
    ($($lock:expr)?) => {
        concat!("SELECT id, status, job_id, status_before_job, grill_md, plan_md, plan_review_log, reviewed_at, pbi_id, \
        user_id, product_id, code, title, description, archived, created_at FROM ideas WHERE id = $1" $(, $lock)?)
    };
}

statements! {
    IDEA_BEFORE = before!("idea", "ideas", whose "e.user_id, e.product_id");
    MOVE_IDEA = guarded!("ideas",
        own "job_id = $6, status_before_job = $7, grill_md = $8, plan_md = $9, plan_review_log = $10, \
        reviewed_at = $11, pbi_id = $12");
    ADD_IDEA = "INSERT INTO ideas (id, user_id, product_id, code, title, description, status, status_event, \
        ledger_seq, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, 'DRAFT', 'create', 1, $7, $7)";
    NEXT_IDEA_NUMBER = "UPDATE users SET idea_code_counter = idea_code_counter + 1 WHERE id = $1 \
        RETURNING idea_code_counter AS n";
    IDEA = idea!();
    LOCK_IDEA = idea!(lock!("ideas"));
}

pub(super) const TEXTS: Texts = Texts { before: IDEA_BEFORE, guarded: MOVE_IDEA };

/// The columns that a move may change.
pub(super) fn own<'q>(bound: Bound<'q>, row: &'q Row) -> Bound<'q> {
    bound
        .bind(row.job_id.as_ref().map(|id| id.as_str()))
        .bind(row.status_before_job.map(Word::word))
        .bind(row.grill_md.as_ref().map(|text| text.as_str()))
        .bind(row.plan_md.as_ref().map(|text| text.as_str()))
        .bind(row.plan_review_log.clone().map(Document))
        .bind(row.reviewed_at.map(At))
        .bind(row.pbi_id.as_ref().map(|id| id.as_str()))
}

#[async_trait]
impl Ideas for DbTx {
    async fn add_idea(&mut self, new: &NewIdea, stamp: &Stamp) -> Result<(), StoreError> {
        super::births::note(
            self,
            "idea",
            new.id.as_str(),
            Status::Draft,
            Whose::User(&new.user, new.product.as_ref()),
            stamp,
        )
        .await?;
        let bound = sqlx::query(ADD_IDEA)
            .bind(new.id.as_str())
            .bind(new.user.as_str())
            .bind(new.product.as_ref().map(|id| id.as_str()))
            .bind(&new.code)
            .bind(&new.title)
            .bind(new.description.as_deref())
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn next_idea_number(&mut self, user: &UserId) -> Result<i64, StoreError> {
        let row = self.written(sqlx::query(NEXT_IDEA_NUMBER).bind(user.as_str()), "users").await?;
        Cells(&row).get("n")
    }

    async fn idea(&mut self, id: &IdeaId) -> Result<Option<IdeaRecord>, StoreError> {
        self.one(sqlx::query(self.either(IDEA, LOCK_IDEA)).bind(id.as_str()))
            .await?
            .as_ref()
            .map(idea)
            .transpose()
    }
}

fn idea(row: &DbRow) -> Result<IdeaRecord, StoreError> {
    let cells = Cells(row);
    Ok(IdeaRecord {
        row: Row {
            id: cells.id("id")?,
            status: cells.word("status")?,
            job_id: cells.id_if("job_id")?,
            status_before_job: cells.word_if("status_before_job")?,
            grill_md: cells.id_if("grill_md")?,
            plan_md: cells.id_if("plan_md")?,
            plan_review_log: cells.get::<Option<Document>>("plan_review_log")?.map(|kept| kept.0),
            reviewed_at: cells.time_if("reviewed_at")?,
            pbi_id: cells.id_if("pbi_id")?,
        },
        user: cells.id("user_id")?,
        product: cells.id_if("product_id")?,
        code: cells.get("code")?,
        title: cells.get("title")?,
        description: cells.get("description")?,
        archived: cells.get("archived")?,
        created_at: cells.time("created_at")?,
    })
}
