//! Mints a token that works for one attempt of one job: what a runner hands to the agent it starts.

use super::fresh;
use super::holding::Holding;
use super::{FlowError, Session, Sprintgate};
use crate::domain::id::JobId;
use crate::domain::time::Millis;
use crate::store::{NewToken, Secret, TokenKind};

/// How long such a token is good. The attempt's lease ends its use long before; this bounds a forgotten one.
const GOOD_FOR: Millis = Millis::minutes(24 * 60);

impl Sprintgate {
    /// Makes a token for the attempt that holds the job.
    ///
    /// # Errors
    /// `LEASE_LOST` and its kin when the attempt no longer holds the job.
    pub async fn attempt_token(
        &self,
        session: &Session,
        job: &JobId,
        attempt: u32,
    ) -> Result<Secret, FlowError> {
        self.again(|| async {
            let secret = Secret::fresh().map_err(|error| fresh::no_randomness(&error))?;
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            caller.may("start agents")?;
            let number = Some(i64::from(attempt));
            Holding::find(&mut *tx, session, &caller, job.as_str(), number).await?.live()?;
            let token = NewToken {
                id: fresh::id(),
                user: caller.user().clone(),
                hash: secret.hash(),
                kind: TokenKind::Attempt,
                label: Some(format!("attempt {attempt} of job {job}")),
                expires_at: Some(tx.now() + GOOD_FOR),
                scope: Some((job.clone(), attempt)),
            };
            tx.add_token(&token).await?;
            tx.commit().await?;
            Ok(secret)
        })
        .await
    }
}
