//! Answers kept for requests that may be repeated.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::ONE_ANSWER;
use super::statement::statements;
use super::tx::DbTx;
use crate::domain::id::TokenId;
use crate::store::{Answered, Requests, StoreError};

statements! {
    ANSWERED = "SELECT digest, response FROM requests WHERE token_id = $1 AND request_id = $2";
    KEEP_ANSWER = "INSERT INTO requests (token_id, request_id, digest, response, created_at) \
        VALUES ($1, $2, $3, $4, $5)";
}

#[async_trait]
impl Requests for DbTx {
    async fn answered(&mut self, token: &TokenId, request: &str) -> Result<Option<Answered>, StoreError> {
        if let (true, Some(alone)) = (self.writes(), ONE_ANSWER) {
            // Who asks the same at once finds the answer that the first one gave.
            self.one(sqlx::query(alone).bind(format!("{token}/{request}"))).await?;
        }
        let row = self.one(sqlx::query(ANSWERED).bind(token.as_str()).bind(request)).await?;
        row.map(|row| {
            let cells = Cells(&row);
            Ok(Answered { digest: cells.get("digest")?, response: cells.get("response")? })
        })
        .transpose()
    }

    async fn keep_answer(
        &mut self,
        token: &TokenId,
        request: &str,
        answer: &Answered,
    ) -> Result<(), StoreError> {
        let bound = sqlx::query(KEEP_ANSWER)
            .bind(token.as_str())
            .bind(request)
            .bind(&answer.digest)
            .bind(&answer.response)
            .bind(self.time());
        self.run(bound).await.map(drop)
    }
}
