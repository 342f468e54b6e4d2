//! Makes the first user and a token, and says whose a token is.

use super::{FlowError, Session, Sprintgate, fresh, text};
use crate::store::{NewToken, NewUser, Secret, TokenKind, User};

impl Sprintgate {
    /// The user of that name, made when absent, with a fresh token that is shown this once.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` for a name of another length than 1 to 100 characters.
    pub async fn enrol(&self, username: &str, label: &str) -> Result<(User, Secret), FlowError> {
        text::text("user", username, 1, 100)?;
        text::text("label", label, 1, 200)?;
        self.again(|| async {
            let secret = Secret::fresh().map_err(|error| fresh::no_randomness(&error))?;
            let mut tx = self.store.begin().await?;
            let user = match tx.user_named(username).await? {
                Some(user) => user,
                None => {
                    let user = NewUser { id: fresh::id(), username: username.to_owned(), is_demo: false };
                    tx.add_user(&user).await?;
                    User { id: user.id, username: user.username, is_demo: false }
                }
            };
            let token = NewToken {
                id: fresh::id(),
                user: user.id.clone(),
                hash: secret.hash(),
                kind: TokenKind::Implementation,
                label: Some(label.to_owned()),
                expires_at: None,
                scope: None,
            };
            tx.add_token(&token).await?;
            tx.commit().await?;
            Ok((user, secret))
        })
        .await
    }

    /// The name of the user behind the session's token.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` unless the token is good now.
    pub async fn who(&self, session: &Session) -> Result<String, FlowError> {
        let mut tx = self.store.read().await?;
        Ok(self.caller(&mut *tx, session).await?.token.user.username)
    }
}
