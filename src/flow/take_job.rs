//! A claim by itself: what a wait does before it makes the worktree, and checks of a database do by the thousand.

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::claim::{Taken, Wish};
use super::request::Request;
use super::{FlowError, Session, Sprintgate};

impl Sprintgate {
    /// Claims a job as [`wait_for_job`](Self::wait_for_job) does that waits for no time. A wait with the same request
    /// goes on with this claim.
    ///
    /// # Errors
    /// As `wait_for_job`, but for what git says.
    pub(crate) async fn take_job(
        &self,
        session: &Session,
        request: Option<&str>,
    ) -> Result<Option<Taken>, FlowError> {
        let request = Request::new("wait_for_job", request, &None::<String>)?;
        let wish = Wish { session, product: None, request: &request };
        Box::pin(self.taken(&wish, Instant::now(), &CancellationToken::new())).await
    }
}
