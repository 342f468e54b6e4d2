//! What those who keep a database ask of its rows. They ask seldom, and of whole tables.

use async_trait::async_trait;

use super::cells::Cells;
use super::statement::statements;
use super::tx::DbTx;
use crate::store::{Rule, Standing, StoreError};

statements! {
    RULES = "SELECT machine, from_status, event, to_status FROM transition_rules";
}

#[async_trait]
impl Standing for DbTx {
    async fn rules(&mut self) -> Result<Vec<Rule>, StoreError> {
        let rows = self.all(sqlx::query(RULES)).await?;
        let rule = |row| {
            let cells = Cells(row);
            Ok((
                cells.get("machine")?,
                cells.get("from_status")?,
                cells.get("event")?,
                cells.get("to_status")?,
            ))
        };
        rows.iter().map(rule).collect()
    }
}
