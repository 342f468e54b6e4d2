//! The two transactions of `done`, each by itself, as the checks of a database drive them.

use super::update::{Before, Report};
use crate::domain::gate::Head;
use crate::flow::wire::{Reported, UpdateJobStatus};
use crate::flow::{FlowError, Session, Sprintgate};

impl Sprintgate {
    /// The first: for an attempt that git says stands there.
    pub(crate) async fn judge_done(
        &self,
        session: &Session,
        ask: &UpdateJobStatus,
        head: &Head,
    ) -> Result<(), FlowError> {
        let report = Report::new(session, ask)?;
        let Before::New(held) = self.before(&report).await? else { return Ok(()) };
        self.first_judgement(&report, &held, Some(head)).await.map(drop)
    }

    /// The second: for a commit that was pushed.
    pub(crate) async fn write_done(
        &self,
        session: &Session,
        ask: &UpdateJobStatus,
        head: &Head,
    ) -> Result<Reported, FlowError> {
        let report = Report::new(session, ask)?;
        let (answer, _) = self.finish(&report, Some(head), Some(&head.commit)).await?;
        Ok(answer)
    }
}
