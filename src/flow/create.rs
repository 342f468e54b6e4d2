//! `create_pbi`, `create_story`, `create_task`: the backlog, an item at a time.

use super::request::Request;
use super::roll_up::roll_up;
use super::wire::{CreatePbi, CreateStory, CreateTask, Created};
use super::{Caller, FlowError, Session, Sprintgate, fresh, text};
use crate::domain::gate::Policy;
use crate::domain::id::{PbiId, ProductId, SprintId, StoryId};
use crate::domain::machine::Word;
use crate::domain::plan_doc::{PLAN_MAX, TEXT_MAX, TITLE_MAX};
use crate::domain::remote::RemoteUrl;
use crate::store::{CodeKind, NewPbi, NewStory, NewTask, Of, Pbi, Stamp, Story, Task, Tx};

impl Sprintgate {
    /// Adds a backlog item.
    ///
    /// # Errors
    /// `VALIDATION_ERROR`, `NOT_FOUND`.
    pub async fn create_pbi(&self, session: &Session, ask: CreatePbi) -> Result<Created, FlowError> {
        item(&ask.title, ask.description.as_deref(), ask.priority, ask.sort_order)?;
        let request = Request::new("create_pbi", ask.request_id.as_deref(), &ask)?;
        let product: ProductId = text::id("product_id", &ask.product_id)?;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            caller.may("write the backlog")?;
            if let Some(answer) = request.answer(&mut *tx, &caller).await? {
                return Ok(answer);
            }
            tx.hold(Of::Product(&product), Some(caller.user())).await?;
            let seen = tx.product(caller.user(), &product).await?;
            seen.ok_or_else(|| FlowError::not_found("product", &ask.product_id))?;
            let pbi = add_pbi(&mut *tx, &caller, product.clone(), ask.clone()).await?;
            let answer = Created::from(pbi);
            request.keep(&mut *tx, &caller, &answer).await?;
            tx.commit().await?;
            Ok(answer)
        })
        .await
    }

    /// Adds a story to a backlog item.
    ///
    /// # Errors
    /// `VALIDATION_ERROR`, `NOT_FOUND`.
    pub async fn create_story(&self, session: &Session, ask: CreateStory) -> Result<Created, FlowError> {
        item(&ask.title, ask.description.as_deref(), ask.priority, ask.sort_order)?;
        text::maybe("acceptance_criteria", ask.acceptance_criteria.as_deref(), TEXT_MAX)?;
        let request = Request::new("create_story", ask.request_id.as_deref(), &ask)?;
        let id: PbiId = text::id("pbi_id", &ask.pbi_id)?;
        let sprint: Option<SprintId> =
            ask.sprint_id.as_deref().map(|given| text::id("sprint_id", given)).transpose()?;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            caller.may("write the backlog")?;
            if let Some(answer) = request.answer(&mut *tx, &caller).await? {
                return Ok(answer);
            }
            tx.hold(Of::Pbi(&id), Some(caller.user())).await?;
            let pbi = tx.pbi(caller.user(), &id).await?;
            let pbi = pbi.ok_or_else(|| FlowError::not_found("backlog item", &ask.pbi_id))?;
            if let Some(sprint) = &sprint {
                let seen = tx.sprint(caller.user(), sprint).await?;
                let seen = seen.ok_or_else(|| FlowError::not_found("sprint", sprint.as_str()))?;
                if seen.product != pbi.product {
                    return Err(FlowError::invalid("sprint_id", "is a sprint of another product"));
                }
            }
            let story = add_story(&mut *tx, &caller, &pbi, sprint.clone(), ask.clone()).await?;
            roll_up(&mut *tx, &self.forges, caller.user(), &story.id, &Stamp::of(caller.actor())).await?;
            let answer = Created::from(story);
            request.keep(&mut *tx, &caller, &answer).await?;
            tx.commit().await?;
            Ok(answer)
        })
        .await
    }

    /// Adds a task to a story.
    ///
    /// # Errors
    /// `VALIDATION_ERROR`, `NOT_FOUND`.
    pub async fn create_task(&self, session: &Session, ask: CreateTask) -> Result<Created, FlowError> {
        item(&ask.title, ask.description.as_deref(), ask.priority, ask.sort_order)?;
        text::maybe("implementation_plan", ask.implementation_plan.as_deref(), PLAN_MAX)?;
        if let Some(url) = &ask.repo_url {
            RemoteUrl::new(url.clone()).map_err(|bad| FlowError::invalid("repo_url", bad.to_string()))?;
        }
        let request = Request::new("create_task", ask.request_id.as_deref(), &ask)?;
        let id: StoryId = text::id("story_id", &ask.story_id)?;
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            caller.may("write the backlog")?;
            if let Some(answer) = request.answer(&mut *tx, &caller).await? {
                return Ok(answer);
            }
            tx.hold(Of::Story(&id), Some(caller.user())).await?;
            let story = tx.story(caller.user(), &id).await?;
            let story = story.ok_or_else(|| FlowError::not_found("story", &ask.story_id))?;
            let task = add_task(&mut *tx, &caller, &story, Policy::default(), ask.clone()).await?;
            roll_up(&mut *tx, &self.forges, caller.user(), &story.id, &Stamp::of(caller.actor())).await?;
            let answer = Created::from(task);
            request.keep(&mut *tx, &caller, &answer).await?;
            tx.commit().await?;
            Ok(answer)
        })
        .await
    }
}

/// Checks what every item has.
fn item(title: &str, description: Option<&str>, priority: i64, order: Option<f64>) -> Result<(), FlowError> {
    text::text("title", title, 1, TITLE_MAX)?;
    text::maybe("description", description, TEXT_MAX)?;
    text::priority(priority)?;
    text::sort_order(order)
}

/// Adds a checked backlog item under the next code.
pub(super) async fn add_pbi(
    tx: &mut dyn Tx,
    caller: &Caller,
    product: ProductId,
    ask: CreatePbi,
) -> Result<Pbi, FlowError> {
    let code = format!("PBI-{}", tx.next_number(&product, CodeKind::Pbi).await?);
    let CreatePbi { title, description, priority, sort_order, .. } = ask;
    let pbi = NewPbi { id: fresh::id(), product, code, title, description, priority, sort_order };
    Ok(tx.add_pbi(&pbi, &Stamp::of(caller.actor())).await?)
}

/// Adds a checked story under the next code.
pub(super) async fn add_story(
    tx: &mut dyn Tx,
    caller: &Caller,
    pbi: &Pbi,
    sprint: Option<SprintId>,
    ask: CreateStory,
) -> Result<Story, FlowError> {
    let code = format!("ST-{:03}", tx.next_number(&pbi.product, CodeKind::Story).await?);
    let story = NewStory {
        id: fresh::id(),
        pbi: pbi.id.clone(),
        product: pbi.product.clone(),
        sprint,
        code,
        title: ask.title,
        description: ask.description,
        acceptance_criteria: ask.acceptance_criteria,
        priority: ask.priority,
        sort_order: ask.sort_order,
    };
    Ok(tx.add_story(&story, &Stamp::of(caller.actor())).await?)
}

/// Adds a checked task under the next code.
pub(super) async fn add_task(
    tx: &mut dyn Tx,
    caller: &Caller,
    story: &Story,
    policy: Policy,
    ask: CreateTask,
) -> Result<Task, FlowError> {
    let code = format!("T-{}", tx.next_number(&story.product, CodeKind::Task).await?);
    let task = NewTask {
        id: fresh::id(),
        story: story.id.clone(),
        code,
        title: ask.title,
        description: ask.description,
        implementation_plan: ask.implementation_plan,
        priority: ask.priority,
        sort_order: ask.sort_order,
        repo_url: ask.repo_url,
        policy,
    };
    Ok(tx.add_task(&task, &Stamp::of(caller.actor())).await?)
}

macro_rules! created {
    ($($item:ty),+) => {$(
        impl From<$item> for Created {
            fn from(item: $item) -> Self {
                Self {
                    id: item.id.to_string(),
                    code: item.code,
                    title: item.title,
                    description: item.description,
                    priority: item.priority,
                    sort_order: item.sort_order,
                    status: item.status.word().to_lowercase(),
                    created_at: fresh::iso(item.created_at),
                }
            }
        }
    )+};
}
created!(Pbi, Story, Task);
