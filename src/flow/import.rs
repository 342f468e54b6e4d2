//! Imports a plan: Markdown whose YAML front matter holds a backlog item with its stories and tasks (`original` 3.30).
//! All of it or nothing.

use super::create::{add_pbi, add_story, add_task};
use super::products::find_product;
use super::wire::{CreatePbi, CreateStory, CreateTask, Created};
use super::{FlowError, Session, Sprintgate};
use crate::domain::gate::Policy;
use crate::reading::read_plan;
use crate::store::Of;

/// What an import made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Imported {
    /// The backlog item.
    pub pbi: Created,
    /// Its stories, in order.
    pub stories: Vec<Created>,
    /// Their tasks, in order.
    pub tasks: Vec<Created>,
}

impl Sprintgate {
    /// Imports a plan into a product, given by name, code or id.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` with line or path of what does not fit; nothing is imported then.
    pub async fn import(
        &self,
        session: &Session,
        product: &str,
        document: &str,
    ) -> Result<Imported, FlowError> {
        let plan = read_plan(document)?;
        self.again(|| async {
            let plan = plan.clone();
            let mut tx = self.store.begin().await?;
            let caller = self.caller(&mut *tx, session).await?;
            caller.may("write the backlog")?;
            let product = find_product(&mut *tx, &caller, product).await?;
            tx.hold(Of::Product(&product.id), Some(caller.user())).await?;
            let ask = CreatePbi {
                title: plan.pbi.title,
                description: plan.pbi.description,
                priority: plan.pbi.priority,
                ..CreatePbi::default()
            };
            let pbi = add_pbi(&mut *tx, &caller, product.id, ask).await?;
            let (mut stories, mut tasks) = (Vec::new(), Vec::new());
            for story in plan.stories {
                let ask = CreateStory {
                    title: story.title,
                    description: story.description,
                    acceptance_criteria: story.acceptance_criteria,
                    priority: story.priority,
                    ..CreateStory::default()
                };
                let made = add_story(&mut *tx, &caller, &pbi, None, ask).await?;
                for task in story.tasks {
                    let default = Policy::default();
                    let policy = Policy {
                        required: task.verify_required.unwrap_or(default.required),
                        verify_only: task.verify_only.unwrap_or(default.verify_only),
                    };
                    let ask = CreateTask {
                        title: task.title,
                        description: task.description,
                        implementation_plan: task.implementation_plan,
                        priority: task.priority,
                        ..CreateTask::default()
                    };
                    tasks.push(add_task(&mut *tx, &caller, &made, policy, ask).await?.into());
                }
                stories.push(made.into());
            }
            tx.commit().await?;
            Ok(Imported { pbi: pbi.into(), stories, tasks })
        })
        .await
    }
}
