//! Tokens and kept answers.

use sprintgate::domain::time::Timestamp;
use sprintgate::store::*;

use super::ctx::{Ctx, id};

#[tokio::test]
async fn a_token_is_found_by_its_hash_and_revoked_once() {
    let ctx = Ctx::new().await;
    let job = ctx.job("j").await;
    let secret = Secret::fresh().unwrap();
    let mut tx = ctx.store.begin().await.unwrap();
    let token = NewToken {
        id: id("a"),
        user: id("u"),
        hash: secret.hash(),
        kind: TokenKind::Attempt,
        label: Some("agent".into()),
        expires_at: Some(Timestamp(ctx.now().0 + 1000)),
        scope: Some((job.clone(), 1)),
    };
    tx.add_token(&token).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = ctx.store.begin().await.unwrap();
    let found = tx.token_by_hash(&Secret::shown(secret.reveal()).hash()).await.unwrap().unwrap();
    assert_eq!(
        (found.user.username.as_str(), found.kind, found.scope),
        ("ann", TokenKind::Attempt, Some((job.clone(), 1)))
    );
    assert!(tx.token_by_hash(&Secret::shown("other").hash()).await.unwrap().is_none());
    tx.revoke_attempt_tokens(&job, 1).await.unwrap();
    let found = tx.token_by_hash(&secret.hash()).await.unwrap().unwrap();
    assert_eq!(found.revoked_at, Some(ctx.now()));
    assert!(!tx.revoke_token(&id("u"), &id("a")).await.unwrap());
    assert!(!tx.revoke_token(&id("x"), &id("t")).await.unwrap());
    assert!(tx.revoke_token(&id("u"), &id("t")).await.unwrap());
    assert!(!tx.revoke_token(&id("u"), &id("t")).await.unwrap());
    assert_eq!(tx.user_named("ann").await.unwrap().unwrap().id, id("u"));
}

#[tokio::test]
async fn an_answer_is_kept_once() {
    let ctx = Ctx::new().await;
    let mut tx = ctx.store.begin().await.unwrap();
    let answer = Answered { digest: "d".into(), response: "{}".into() };
    assert_eq!(tx.answered(&id("t"), "1").await.unwrap(), None);
    tx.keep_answer(&id("t"), "1", &answer).await.unwrap();
    assert_eq!(tx.answered(&id("t"), "1").await.unwrap(), Some(answer.clone()));
    tx.commit().await.unwrap();
    let mut tx = ctx.store.begin().await.unwrap();
    let error = tx.keep_answer(&id("t"), "1", &answer).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Duplicate { key } if key == "requests.token_id, requests.request_id")
    );
}
