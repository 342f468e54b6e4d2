//! Terms of office, taken and renewed by one statement.

use async_trait::async_trait;

use super::cells::Cells;
use super::statement::statements;
use super::tx::DbTx;
use super::values::At;
use crate::domain::time::Millis;
use crate::store::{StoreError, Term, Terms};

statements! {
    TERM = "SELECT holder, since, until FROM terms WHERE office = $1 AND until > $2";
    TAKE_OFFICE = "INSERT INTO terms (office, holder, since, until) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (office) DO UPDATE SET holder = $2, until = $4, \
            since = CASE WHEN terms.holder = $2 THEN terms.since ELSE $3 END \
        WHERE terms.holder = $2 OR terms.until <= $3 OR terms.until > $5";
    LEAVE_OFFICE = "UPDATE terms SET until = $3 WHERE office = $1 AND holder = $2 AND until > $3";
}

#[async_trait]
impl Terms for DbTx {
    async fn term(&mut self, office: &str) -> Result<Option<Term>, StoreError> {
        let row = self.one(sqlx::query(TERM).bind(office).bind(self.time())).await?;
        row.map(|row| {
            let cells = Cells(&row);
            let (since, until) = (cells.time("since")?, cells.time("until")?);
            Ok(Term { holder: cells.get("holder")?, since, until })
        })
        .transpose()
    }

    async fn take_office(&mut self, office: &str, holder: &str, length: Millis) -> Result<bool, StoreError> {
        let now = self.time();
        let (until, at_most) = (At(now.0 + length), At(now.0 + length + length));
        let bound = sqlx::query(TAKE_OFFICE).bind(office).bind(holder).bind(now).bind(until).bind(at_most);
        Ok(self.run(bound).await? > 0)
    }

    async fn leave_office(&mut self, office: &str, holder: &str) -> Result<(), StoreError> {
        let now = self.time();
        self.run(sqlx::query(LEAVE_OFFICE).bind(office).bind(holder).bind(now)).await.map(drop)
    }
}
