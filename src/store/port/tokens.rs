//! Users, tokens, and answers kept for repeated requests.

use async_trait::async_trait;

use crate::domain::id::{JobId, TokenId, UserId};
use crate::store::{Answered, NewToken, NewUser, StoreError, TokenHash, TokenRecord, User};

/// Users and their tokens.
#[async_trait]
pub trait Tokens {
    /// Adds a user.
    async fn add_user(&mut self, user: &NewUser) -> Result<(), StoreError>;
    /// The user of that name.
    async fn user_named(&mut self, username: &str) -> Result<Option<User>, StoreError>;
    /// Adds a token.
    async fn add_token(&mut self, token: &NewToken) -> Result<(), StoreError>;
    /// The token kept under that hash, whether or not it is still good.
    async fn token_by_hash(&mut self, hash: &TokenHash) -> Result<Option<TokenRecord>, StoreError>;
    /// Revokes a token; false when there is none that is good.
    async fn revoke_token(&mut self, user: &UserId, token: &TokenId) -> Result<bool, StoreError>;
    /// Revokes every token that works for one attempt only.
    async fn revoke_attempt_tokens(&mut self, job: &JobId, attempt: u32) -> Result<(), StoreError>;
}

/// Answers kept for requests that may be repeated.
#[async_trait]
pub trait Requests {
    /// The answer that the token's request got.
    async fn answered(&mut self, token: &TokenId, request: &str) -> Result<Option<Answered>, StoreError>;
    /// Keeps an answer; the (token, request) pair is unique.
    async fn keep_answer(
        &mut self,
        token: &TokenId,
        request: &str,
        answer: &Answered,
    ) -> Result<(), StoreError>;
}
