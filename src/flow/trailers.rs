//! What the commits of an attempt are to say, where its product asks for that.

use super::FlowError;
use super::holding::Holding;
use crate::domain::publication::CommitTrailers;
use crate::store::{Tx, digest};

impl Holding {
    /// What each commit of the attempt is to say; none where its product does not ask for it.
    pub(super) async fn trailers(&self, tx: &mut dyn Tx) -> Result<Option<CommitTrailers>, FlowError> {
        let product = tx.product(&self.job.user, &self.job.product).await?;
        let row = &self.attempt.row;
        let plan = plan_digest(Some(&row.frozen.plan));
        let said = CommitTrailers::new(&self.job.row.id, row.number, plan.as_deref());
        Ok(product.is_some_and(|product| product.trailers).then_some(said))
    }
}

/// By what a frozen plan is told from others; none for none.
pub(super) fn plan_digest(plan: Option<&str>) -> Option<String> {
    plan.filter(|plan| !plan.is_empty()).map(|plan| digest(plan.as_bytes()))
}
