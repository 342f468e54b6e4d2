//! The use cases that write, each with what it needs, so that it can be tried again and again.

use std::sync::Arc;

use super::Failed;
use super::failed::there;
use super::shop::{Shop, plan, report};
use super::worker::{self, Held};
use crate::domain::job::LEASE;
use crate::flow::wire::ReportStatus::{Failed as Fails, Running, Skipped};
use crate::flow::wire::{CreatePbi, JobHeartbeat, UpdateJobStatus, UpdateTaskStatus};
use crate::flow::{AddProduct, StartSprint};
use crate::store::Confirmation;

/// A use case that writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UseCase {
    Enrol,
    AddProduct,
    CreateItem,
    Import,
    StartSprint,
    Claim,
    Beat,
    Start,
    FailWithCascade,
    SkipTheLast,
    GiveBack,
    Cancel,
    ConfirmStop,
    EndTask,
    Sweep,
    Checkpoint,
}

/// All of them.
pub(super) const ALL: &[UseCase] = &[
    UseCase::Enrol,
    UseCase::AddProduct,
    UseCase::CreateItem,
    UseCase::Import,
    UseCase::StartSprint,
    UseCase::Claim,
    UseCase::Beat,
    UseCase::Start,
    UseCase::FailWithCascade,
    UseCase::SkipTheLast,
    UseCase::GiveBack,
    UseCase::Cancel,
    UseCase::ConfirmStop,
    UseCase::EndTask,
    UseCase::Sweep,
    UseCase::Checkpoint,
];

/// A call that can be made again as long as nothing of it lasts.
#[derive(Debug, Clone)]
pub(super) enum Ask {
    Enrol,
    AddProduct(String),
    CreateItem(Box<CreatePbi>),
    Import,
    StartSprint(String),
    Claim,
    Beat(Held),
    Report(Box<UpdateJobStatus>),
    GiveBack(Held),
    Cancel(String),
    ConfirmStop(Held),
    Task(UpdateTaskStatus),
    Sweep,
    Checkpoint,
}

impl UseCase {
    /// Makes what it needs. `number` is another one each time.
    pub(super) async fn prepare(self, shop: &Shop, number: usize) -> Result<Ask, Failed> {
        // What others left open is not in its way.
        shop.clear().await?;
        let ask = match self {
            Self::Enrol => Ask::Enrol,
            Self::AddProduct => Ask::AddProduct(format!("product {number}")),
            Self::CreateItem => Ask::CreateItem(Box::new(CreatePbi {
                product_id: shop.product().await?,
                title: "an item".to_owned(),
                priority: 1,
                request_id: Some(format!("item-{number}")),
                ..CreatePbi::default()
            })),
            Self::Import => Ask::Import,
            Self::StartSprint => Ask::StartSprint(shop.import(2, 2).await?),
            Self::Claim => {
                shop.begin(1, 2).await?;
                Ask::Claim
            }
            Self::Beat => Ask::Beat(shop.begin_one(2).await?),
            Self::Start => {
                let request = format!("start-{number}");
                Ask::Report(Box::new(report(&shop.begin_one(2).await?, Running, Some(&request))))
            }
            Self::FailWithCascade => {
                let request = format!("fail-{number}");
                shop.begin(2, 2).await?;
                let held = there("a job", shop.claim(2).await?.pop())?;
                Ask::Report(Box::new(report(&held, Fails, Some(&request))))
            }
            Self::SkipTheLast => Ask::Report(Box::new(report(&shop.begin_one(1).await?, Skipped, None))),
            Self::GiveBack => Ask::GiveBack(shop.begin_one(2).await?),
            Self::Cancel => Ask::Cancel(shop.begin_one(2).await?.job.to_string()),
            Self::ConfirmStop => {
                let held = shop.begin_one(2).await?;
                shop.process(0)?.cancel_job(&shop.person()?, held.job.as_str(), None).await?;
                Ask::ConfirmStop(held)
            }
            Self::EndTask => {
                let run = shop.begin(1, 1).await?;
                shop.clear().await?;
                let task_id = there("a task", shop.tasks(&run.sprint_id).await?.pop())?;
                Ask::Task(UpdateTaskStatus { task_id, status: "done".to_owned(), sprint_run_id: None })
            }
            Self::Sweep => {
                shop.begin(2, 2).await?;
                shop.claim(2).await?;
                shop.pass(LEASE.0 + 1);
                // A sweep binds the ledger too, in a transaction of its own.
                shop.process(0)?.audit_checkpoint().await?;
                Ask::Sweep
            }
            Self::Checkpoint => {
                shop.begin(1, 1).await?;
                Ask::Checkpoint
            }
        };
        shop.pass(1000);
        Ok(ask)
    }
}

impl Ask {
    /// Makes the call.
    pub(super) async fn call(self, shop: Arc<Shop>) -> Result<(), Failed> {
        let (app, person, session) = (shop.process(0)?, shop.person()?, shop.worker("w")?);
        match self {
            Self::Enrol => app.enrol("bob", "selftest").await.map(drop)?,
            Self::AddProduct(name) => {
                let product = AddProduct { name, ..AddProduct::default() };
                app.add_product(&person, product).await.map(drop)?;
            }
            Self::CreateItem(ask) => app.create_pbi(&person, *ask).await.map(drop)?,
            Self::Import => app.import(&person, "shop", &plan(2, 2)).await.map(drop)?,
            Self::StartSprint(pbi) => {
                let ask =
                    StartSprint { product: "shop".to_owned(), pbis: vec![pbi], ..StartSprint::default() };
                app.start_sprint(&person, ask).await.map(drop)?;
            }
            Self::Claim => {
                let held = worker::claim_next(shop.store.as_ref(), &shop.user, &shop.token, "w").await?;
                there("a job to claim", held)?;
            }
            Self::Beat(held) => {
                let (job_id, attempt) = (held.job.to_string(), Some(i64::from(held.attempt)));
                app.job_heartbeat(&session, JobHeartbeat { job_id, attempt }).await.map(drop)?;
            }
            Self::Report(ask) => app.update_job_status(&session, *ask).await.map(drop)?,
            Self::GiveBack(held) => {
                app.give_back(&session, &held.job, held.attempt, "no agent").await.map(drop)?
            }
            Self::Cancel(job) => app.cancel_job(&person, &job, Some("not needed")).await.map(drop)?,
            Self::ConfirmStop(held) => {
                app.confirm_stop(&session, &held.job, held.attempt, Confirmation::Confirmed).await?;
            }
            Self::Task(ask) => app.update_task_status(&person, ask).await.map(drop)?,
            Self::Sweep => app.sweep().await.map(drop)?,
            Self::Checkpoint => app.audit_checkpoint().await.map(drop)?,
        }
        Ok(())
    }
}
