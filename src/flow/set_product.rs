//! What a product asks of its jobs and branches, changed.

use super::products::{find_product, strategy, view};
use super::publish::{PrRefusal, at, settle_in_lane};
use super::wire::ProductView;
use super::{FlowError, Session, Sprintgate, text};
use crate::domain::actor::Actor;
use crate::domain::id::ProductId;
use crate::store::{Of, Product, Stamp, Tx};

/// How many publications are looked at when pull requests are asked for.
const SETTLED: u32 = 200;

/// What is to change; what is absent stays.
#[derive(Debug, Clone, Default)]
pub struct SetProduct {
    /// Id, name or code.
    pub product: String,
    /// At most 4000 characters.
    pub definition_of_done: Option<String>,
    /// `STORY` or `SPRINT`, for runs that start from now on.
    pub pr_strategy: Option<String>,
    /// Branches get their pull requests by themselves.
    pub auto_pr: Option<bool>,
    /// What is kept of attempts is sent to the remote, too.
    pub push_salvage: Option<bool>,
    /// The commits of attempts name job, attempt and plan in trailers.
    pub trailers: Option<bool>,
}

impl SetProduct {
    fn is_nothing(&self) -> bool {
        let switches = [self.auto_pr, self.push_salvage, self.trailers];
        self.definition_of_done.is_none()
            && self.pr_strategy.is_none()
            && switches.iter().all(Option::is_none)
    }
}

impl Sprintgate {
    /// Changes what a product of the caller's asks for. Where branches are to get pull requests from now on, those that
    /// were pushed before get theirs at once, the newest 200 of them. Whether failures of the surroundings cascade is said
    /// when a product is added, and stays: what failed before would be undone by it.
    ///
    /// # Errors
    /// `VALIDATION_ERROR`, also when nothing is to change; `NOT_FOUND`, also for a product of somebody else's;
    /// `FORGE_NOT_CONFIGURED` when pull requests are asked for and no forge of its repository is listed here.
    pub async fn set_product(&self, session: &Session, ask: SetProduct) -> Result<ProductView, FlowError> {
        text::maybe("definition_of_done", ask.definition_of_done.as_deref(), 4000)?;
        if ask.is_nothing() {
            return Err(FlowError::invalid("product", "nothing of it is to change"));
        }
        let strategy = ask.pr_strategy.as_deref().map(strategy).transpose()?;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            caller.may("change products")?;
            let id = find_product(&mut *tx, &caller, &ask.product).await?.id;
            tx.hold(Of::Product(&id), Some(caller.user())).await?;
            let missing = || FlowError::not_found("product of yours", &ask.product);
            let before = tx.product(caller.user(), &id).await?.ok_or_else(missing)?;
            let ask = ask.clone();
            let after = Product {
                definition_of_done: ask
                    .definition_of_done
                    .unwrap_or_else(|| before.definition_of_done.clone()),
                pr_strategy: strategy.unwrap_or(before.pr_strategy),
                auto_pr: ask.auto_pr.unwrap_or(before.auto_pr),
                push_salvage: ask.push_salvage.unwrap_or(before.push_salvage),
                trailers: ask.trailers.unwrap_or(before.trailers),
                ..before.clone()
            };
            if after.auto_pr && !before.auto_pr {
                self.has_forge(&after)?;
            }
            if !tx.set_product(caller.user(), &after).await? {
                return Err(missing());
            }
            if after.auto_pr && !before.auto_pr {
                self.settle_all(&mut *tx, &id).await?;
            }
            tx.commit().await?;
            Ok(view(after))
        })
        .await
    }

    /// Whether pull requests can be opened from here, where it is known for which repository.
    fn has_forge(&self, product: &Product) -> Result<(), PrRefusal> {
        let Some(url) = &product.repo_url else { return Ok(()) };
        let listed = || self.forges.hosts().map(ToString::to_string).collect();
        at(&self.forges, url)
            .map(drop)
            .ok_or_else(|| PrRefusal::NoForge { repository: url.clone(), listed: listed() })
    }

    /// Settles what was pushed for the product and has not ended.
    async fn settle_all(&self, tx: &mut dyn Tx, product: &ProductId) -> Result<(), FlowError> {
        for publication in tx.live_pull_requests_of_product(product, SETTLED).await? {
            settle_in_lane(&self.forges, tx, &publication, &Stamp::of(Actor::System)).await?;
        }
        Ok(())
    }
}
