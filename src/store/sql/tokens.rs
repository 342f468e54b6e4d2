//! Users and their tokens.

use async_trait::async_trait;

use super::cells::Cells;
use super::dialect::DbRow;
use super::statement::statements;
use super::tx::DbTx;
use super::values::At;
use crate::domain::id::{JobId, TokenId, UserId};
use crate::domain::machine::Word;
use crate::store::{NewToken, NewUser, StoreError, TokenHash, TokenRecord, Tokens, User};

statements! {
    ADD_USER = "INSERT INTO users (id, username, is_demo, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)";
    USER_NAMED = "SELECT id AS user_id, username, is_demo FROM users WHERE username = $1";
    ADD_TOKEN = "INSERT INTO api_tokens (id, user_id, token_hash, kind, label, expires_at, scope_job, \
        scope_attempt, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    TOKEN_BY_HASH = "SELECT t.id, t.user_id, u.username, u.is_demo, t.kind, t.label, t.revoked_at, \
        t.expires_at, t.scope_job, t.scope_attempt \
        FROM api_tokens t JOIN users u ON u.id = t.user_id WHERE t.token_hash = $1";
    REVOKE_TOKEN = "UPDATE api_tokens SET revoked_at = $3 WHERE id = $2 AND user_id = $1 \
        AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)";
    REVOKE_ATTEMPT_TOKENS = "UPDATE api_tokens SET revoked_at = $3 \
        WHERE scope_job = $1 AND scope_attempt = $2 AND revoked_at IS NULL";
}

#[async_trait]
impl Tokens for DbTx {
    async fn add_user(&mut self, user: &NewUser) -> Result<(), StoreError> {
        let bound = sqlx::query(ADD_USER)
            .bind(user.id.as_str())
            .bind(&user.username)
            .bind(user.is_demo)
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn user_named(&mut self, username: &str) -> Result<Option<User>, StoreError> {
        self.one(sqlx::query(USER_NAMED).bind(username)).await?.as_ref().map(user).transpose()
    }

    async fn add_token(&mut self, token: &NewToken) -> Result<(), StoreError> {
        let scope = token.scope.as_ref();
        let bound = sqlx::query(ADD_TOKEN)
            .bind(token.id.as_str())
            .bind(token.user.as_str())
            .bind(token.hash.as_str())
            .bind(token.kind.word())
            .bind(token.label.as_deref())
            .bind(token.expires_at.map(At))
            .bind(scope.map(|(job, _)| job.as_str()))
            .bind(scope.map(|(_, attempt)| i64::from(*attempt)))
            .bind(self.time());
        self.run(bound).await.map(drop)
    }

    async fn token_by_hash(&mut self, hash: &TokenHash) -> Result<Option<TokenRecord>, StoreError> {
        let row = self.one(sqlx::query(TOKEN_BY_HASH).bind(hash.as_str())).await?;
        row.as_ref().map(token).transpose()
    }

    async fn revoke_token(&mut self, user: &UserId, token: &TokenId) -> Result<bool, StoreError> {
        let now = self.time();
        let bound = sqlx::query(REVOKE_TOKEN).bind(user.as_str()).bind(token.as_str()).bind(now);
        Ok(self.run(bound).await? > 0)
    }

    async fn revoke_attempt_tokens(&mut self, job: &JobId, attempt: u32) -> Result<(), StoreError> {
        let now = self.time();
        self.run(sqlx::query(REVOKE_ATTEMPT_TOKENS).bind(job.as_str()).bind(i64::from(attempt)).bind(now))
            .await
            .map(drop)
    }
}

fn user(row: &DbRow) -> Result<User, StoreError> {
    let cells = Cells(row);
    Ok(User { id: cells.id("user_id")?, username: cells.get("username")?, is_demo: cells.get("is_demo")? })
}

pub(super) fn token(row: &DbRow) -> Result<TokenRecord, StoreError> {
    let cells = Cells(row);
    let scope = cells.id_if::<JobId>("scope_job")?.zip(cells.number_if("scope_attempt")?);
    Ok(TokenRecord {
        id: cells.id("id")?,
        user: user(row)?,
        kind: cells.word("kind")?,
        label: cells.get("label")?,
        revoked_at: cells.time_if("revoked_at")?,
        expires_at: cells.time_if("expires_at")?,
        scope,
    })
}
