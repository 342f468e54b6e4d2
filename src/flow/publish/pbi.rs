//! `set_pbi_pr` and `mark_pbi_pr_merged`: the pull request of a backlog item, which people and planners name
//! (`original` 3.33, 3.34). It is a note; nothing follows from it.

use super::PrRefusal;
use crate::domain::forge::{BadPrUrl, ForgeKind, PrUrl};
use crate::domain::id::PbiId;
use crate::flow::wire::{MarkPbiPrMerged, PbiPr, PbiPrMerged, SetPbiPr};
use crate::flow::{FlowError, Session, Sprintgate, iso, text};
use crate::forge::Forges;
use crate::store::Tx;

impl Sprintgate {
    /// Notes the pull request of a backlog item, in place of another; it is not merged then.
    ///
    /// # Errors
    /// `PR_URL_INVALID`, `FORGE_NOT_CONFIGURED` for a host that is not listed, `NOT_FOUND`; `PERMISSION_DENIED` for an
    /// agent that works for one attempt.
    pub async fn set_pbi_pr(&self, session: &Session, ask: SetPbiPr) -> Result<PbiPr, FlowError> {
        let id: PbiId = text::id("pbi_id", &ask.pbi_id)?;
        let url = listed(&self.forges, &ask.pr_url)?.to_string();
        self.again(|| async {
            let mut tx = self.begin_with_pbi(session, &id).await?;
            tx.set_pbi_pr(&id, &url).await?;
            tx.commit().await?;
            Ok(PbiPr { ok: true, pbi_id: id.to_string(), pr_url: url.clone() })
        })
        .await
    }

    /// Notes that the pull request of a backlog item is merged, now; also when that was noted before.
    ///
    /// # Errors
    /// `PR_MISSING` when it has none, `NOT_FOUND`; `PERMISSION_DENIED` for an agent that works for one attempt.
    pub async fn mark_pbi_pr_merged(
        &self,
        session: &Session,
        ask: MarkPbiPrMerged,
    ) -> Result<PbiPrMerged, FlowError> {
        let id: PbiId = text::id("pbi_id", &ask.pbi_id)?;
        self.again(|| async {
            let mut tx = self.begin_with_pbi(session, &id).await?;
            let marked = tx.mark_pbi_merged(&id).await?;
            let pr_url = marked.ok_or_else(|| PrRefusal::NoPr { pbi: id.to_string() })?;
            let pr_merged_at = iso(tx.now());
            tx.commit().await?;
            Ok(PbiPrMerged { ok: true, pbi_id: id.to_string(), pr_url, pr_merged_at })
        })
        .await
    }

    /// Begins to write about a backlog item that the caller can see.
    async fn begin_with_pbi(&self, session: &Session, id: &PbiId) -> Result<Box<dyn Tx>, FlowError> {
        let mut tx = self.store.begin().await?;
        let caller = self.caller(&mut *tx, session).await?;
        caller.may("write the backlog")?;
        let seen = tx.pbi(caller.user(), id).await?;
        seen.ok_or_else(|| FlowError::not_found("backlog item", id.as_str()))?;
        Ok(tx)
    }
}

/// The pull request at a listed host. `pull` and `pulls` are both understood; it is noted as its forge spells it.
fn listed(forges: &Forges, given: &str) -> Result<PrUrl, PrRefusal> {
    let bad = |bad: BadPrUrl| PrRefusal::BadUrl { why: bad.to_string() };
    let url: PrUrl = given.trim().parse().map_err(bad)?;
    let spelled = [ForgeKind::GitHub, ForgeKind::Forgejo].map(|kind| PrUrl { kind, ..url.clone() });
    spelled.into_iter().find(|url| forges.at(url).is_ok()).ok_or_else(|| PrRefusal::NotListed {
        host: url.host.to_string(),
        listed: forges.hosts().map(ToString::to_string).collect(),
    })
}
