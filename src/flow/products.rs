//! Products: adding, listing, finding, and what an agent is told about one.

use super::fresh;
use super::wire::{
    ClaudeContext, ContextStory, ContextTask, GetClaudeContext, ProductView, Products, SprintView,
};
use super::{Caller, FlowError, Session, Sprintgate, text};
use crate::domain::id::ProductId;
use crate::domain::machine::Word;
use crate::domain::remote::RemoteUrl;
use crate::domain::run::PrStrategy;
use crate::store::{NewProduct, Product, Story, Tx};

/// Products that a list has at most.
const LIST_MAX: u32 = 200;

/// A product to be added.
#[derive(Debug, Clone, Default)]
pub struct AddProduct {
    /// 1 to 200 characters, unique.
    pub name: String,
    /// 1 to 30 characters, unique.
    pub code: Option<String>,
    /// At most 4000 characters.
    pub description: Option<String>,
    /// Where its repository is.
    pub repo_url: Option<String>,
    /// When work counts as done; a plain sentence when absent.
    pub definition_of_done: Option<String>,
    /// `STORY` (the default here) or `SPRINT`.
    pub pr_strategy: Option<String>,
    /// Failures of the surroundings cascade too.
    pub cascade_on_infrastructure: bool,
    /// Branches get their pull requests by themselves, which are merged when their work is done and their checks pass.
    pub auto_pr: bool,
    /// What is kept of attempts before their worktrees go is sent to the remote, too.
    pub push_salvage: bool,
    /// The commits of attempts name job, attempt and plan in trailers.
    pub trailers: bool,
}

impl Sprintgate {
    /// Adds a product of the caller's.
    ///
    /// # Errors
    /// `VALIDATION_ERROR`, or `DUPLICATE` when the name or code is taken.
    pub async fn add_product(&self, session: &Session, ask: AddProduct) -> Result<ProductView, FlowError> {
        text::text("name", &ask.name, 1, 200)?;
        if let Some(code) = &ask.code {
            text::text("code", code, 1, 30)?;
        }
        text::maybe("description", ask.description.as_deref(), 4000)?;
        text::maybe("definition_of_done", ask.definition_of_done.as_deref(), 4000)?;
        if let Some(url) = &ask.repo_url {
            RemoteUrl::new(url.clone()).map_err(|bad| FlowError::invalid("repo_url", bad.to_string()))?;
        }
        let strategy = ask.pr_strategy.as_deref().map_or(Ok(PrStrategy::Story), strategy)?;
        let id: ProductId = fresh::id();
        self.again(|| async {
            let ask = ask.clone();
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            caller.may("add products")?;
            let done =
                ask.definition_of_done.unwrap_or_else(|| "The plan is carried out and verified.".to_owned());
            let product = NewProduct {
                id: id.clone(),
                user: caller.user().clone(),
                name: ask.name,
                code: ask.code,
                description: ask.description,
                repo_url: ask.repo_url,
                definition_of_done: done,
                pr_strategy: strategy,
                cascade_on_infrastructure: ask.cascade_on_infrastructure,
                auto_pr: ask.auto_pr,
                push_salvage: ask.push_salvage,
                trailers: ask.trailers,
            };
            // An earlier try may have added it, and not have been told.
            if tx.product(caller.user(), &id).await?.is_none() {
                tx.add_product(&product).await?;
            }
            let seen = tx.product(caller.user(), &product.id).await?;
            let seen = seen.ok_or_else(|| FlowError::not_found("product", product.id.as_str()))?;
            tx.commit().await?;
            Ok(view(seen))
        })
        .await
    }

    /// The products that the caller can see, newest first, at most 200.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`.
    pub async fn list_products(&self, session: &Session) -> Result<Products, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        caller.may_read()?;
        let products = tx.products(caller.user(), LIST_MAX).await?;
        Ok(Products { result: products.into_iter().map(view).collect() })
    }

    /// A product, its open sprint, and the story to go on with.
    ///
    /// # Errors
    /// `NOT_FOUND` for a product that the caller cannot see.
    pub async fn get_claude_context(
        &self,
        session: &Session,
        ask: GetClaudeContext,
    ) -> Result<ClaudeContext, FlowError> {
        let mut tx = self.store.read().await?;
        let caller = self.caller(&mut *tx, session).await?;
        caller.may_read()?;
        let id: ProductId = text::id("product_id", &ask.product_id)?;
        let product = tx.product(caller.user(), &id).await?;
        let product = product.ok_or_else(|| FlowError::not_found("product", &ask.product_id))?;
        let sprint = tx.open_sprint(&id).await?;
        let next_story = match &sprint {
            Some(sprint) => match tx.next_story(&sprint.id).await? {
                Some(story) => Some(with_tasks(&mut *tx, story).await?),
                None => None,
            },
            None => None,
        };
        let active_sprint = sprint.map(|sprint| SprintView {
            id: sprint.id.to_string(),
            sprint_goal: sprint.goal,
            status: sprint.status.word().to_owned(),
        });
        Ok(ClaudeContext { product: view(product), active_sprint, next_story, open_ideas: Vec::new() })
    }
}

/// The strategy of a word, large or small.
pub(super) fn strategy(word: &str) -> Result<PrStrategy, FlowError> {
    PrStrategy::parse(&word.to_uppercase())
        .map_err(|unknown| FlowError::invalid("pr_strategy", unknown.to_string()))
}

/// The caller's product of that id, name or code.
pub(super) async fn find_product(tx: &mut dyn Tx, caller: &Caller, text: &str) -> Result<Product, FlowError> {
    if let Ok(id) = text.parse::<ProductId>()
        && let Some(product) = tx.product(caller.user(), &id).await?
    {
        return Ok(product);
    }
    let named = tx.product_named(caller.user(), text).await?;
    named.ok_or_else(|| FlowError::not_found("product", text))
}

pub(super) fn view(product: Product) -> ProductView {
    ProductView {
        id: product.id.to_string(),
        code: product.code,
        name: product.name,
        description: product.description,
        repo_url: product.repo_url,
        definition_of_done: product.definition_of_done,
        trailers: product.trailers,
        pr_strategy: product.pr_strategy.word().to_owned(),
        auto_pr: product.auto_pr,
        push_salvage: product.push_salvage,
        cascade_on_infrastructure: product.cascade_on_infrastructure,
    }
}

async fn with_tasks(tx: &mut dyn Tx, story: Story) -> Result<ContextStory, FlowError> {
    let tasks = tx.tasks_of(&story.id).await?;
    let tasks = tasks.into_iter().enumerate().map(|(index, task)| ContextTask {
        id: task.id.to_string(),
        code: format!("{}.{}", story.code, index + 1),
        title: task.title,
        description: task.description,
        implementation_plan: task.implementation_plan,
        priority: task.priority,
        sort_order: task.sort_order,
        status: super::task_status::wire(task.status),
    });
    Ok(ContextStory {
        id: story.id.to_string(),
        tasks: tasks.collect(),
        code: story.code,
        title: story.title,
        description: story.description,
        acceptance_criteria: story.acceptance_criteria,
        priority: story.priority,
        status: story.status.word().to_lowercase(),
    })
}
