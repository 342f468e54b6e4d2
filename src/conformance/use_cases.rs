//! Use cases that write, each with what it needs, so that it can be tried again and again.

use std::sync::Arc;

use serde_json::json;
use tokio_util::sync::CancellationToken;

use super::Failed;
use super::closing::handlers;
use super::failed::there;
use super::shop::{Shop, plan, report};
use super::worker::Held;
use crate::domain::effect;
use crate::domain::gate::Head;
use crate::domain::id::EffectId;
use crate::domain::job::LEASE;
use crate::flow::wire::ReportStatus::{Done, Failed as Fails, Running, Skipped};
use crate::flow::wire::{CreatePbi, JobHeartbeat, UpdateJobStatus, UpdateTaskStatus, VerifyTask};
use crate::flow::{AddProduct, EVENTS_KEPT, Judged, Outcome, StartSprint, Taken, Workplace, say_on};
use crate::store::{Confirmation, EffectRecord};

/// Who reads the outbox.
const CONSUMER: &str = "reader";

macro_rules! use_cases {
    ($($name:ident),+ $(,)?) => {
        /// A use case that writes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum UseCase {
            $($name),+
        }

        /// All of them.
        pub(super) const ALL: &[UseCase] = &[$(UseCase::$name),+];
    };
}

use_cases! {
    Enrol, AddProduct, CreateItem, Import, StartSprint, Claim, Prepare, NoteWorkplace, Beat, Start, Verify,
    KeepVerdict, PushAndDone, JudgeDone, WriteDone,
    FailWithCascade, SkipTheLast, GiveBack, Cancel, ConfirmStop, EndTask, Sweep, TakeEffect, EndEffect, RepeatEffect,
    GiveUpEffect, ExpireEffect, RetryEffect, DismissEffect, Checkpoint, TakeOffice, LeaveOffice, Prune, AddConsumer,
    Consume, Relay,
}

/// A call that can be made again as long as nothing of it lasts.
#[derive(Debug, Clone)]
pub(super) enum Ask {
    Enrol,
    AddProduct(String),
    CreateItem(Box<CreatePbi>),
    Import,
    StartSprint(String),
    Claim(String),
    Prepare(String),
    NoteWorkplace(Arc<(Taken, Workplace)>),
    Beat(Held),
    Verify(Box<VerifyTask>),
    KeepVerdict(Box<VerifyTask>, Arc<Judged>),
    Report(Box<UpdateJobStatus>),
    JudgeDone(Box<UpdateJobStatus>, Head),
    WriteDone(Box<UpdateJobStatus>, Head),
    GiveBack(Held),
    Cancel(String),
    ConfirmStop(Held),
    Task(UpdateTaskStatus),
    Sweep,
    TakeEffect,
    EndEffect(Box<EffectRecord>, Outcome),
    ExpireEffect,
    RetryEffect(EffectId),
    DismissEffect(EffectId),
    Checkpoint,
    TakeOffice(String),
    LeaveOffice(String),
    Prune,
    AddConsumer(String),
    Consume,
    Relay,
}

impl UseCase {
    /// How many transactions write it, one after the other. The same call goes on where it ended between two of them.
    pub(super) fn commits(self) -> usize {
        match self {
            // The push stands between them.
            Self::PushAndDone => 2,
            _ => 1,
        }
    }

    /// Whether git works in it, while the database does nothing: such a one is cut here and there, and its transactions
    /// by themselves are cut everywhere.
    pub(super) fn has_git(self) -> bool {
        matches!(self, Self::Prepare | Self::Verify | Self::PushAndDone)
    }

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
                Ask::Claim(format!("claim-{number}"))
            }
            Self::Prepare => {
                let request = format!("prepare-{number}");
                shop.begin(1, 2).await?;
                let (app, session) = (shop.process(0)?, shop.worker("w")?);
                there("a job to claim", app.take_job(&session, Some(&request)).await?)?;
                // Worktrees that others left are not in its way.
                app.tidy().await?;
                Ask::Prepare(request)
            }
            Self::NoteWorkplace => {
                shop.begin(1, 2).await?;
                let (app, session) = (shop.process(0)?, shop.worker("w")?);
                let taken = there("a job to claim", app.take_job(&session, None).await?)?;
                let workplace = app.workplace(&session, &taken).await?;
                Ask::NoteWorkplace(Arc::new((taken, workplace)))
            }
            Self::Beat => Ask::Beat(shop.begin_one(2).await?),
            Self::Start => {
                let request = format!("start-{number}");
                Ask::Report(Box::new(report(&shop.begin_one(2).await?, Running, Some(&request))))
            }
            Self::Verify => Ask::Verify(Box::new(shop.worked().await?.verify()?)),
            Self::KeepVerdict => {
                let ask = shop.worked().await?.verify()?;
                let judged = shop.process(0)?.judged(&shop.worker("w")?, &ask).await?;
                Ask::KeepVerdict(Box::new(ask), Arc::new(judged))
            }
            Self::PushAndDone | Self::JudgeDone | Self::WriteDone => {
                let worked = shop.worked().await?;
                let (app, session) = (shop.process(0)?, shop.worker("w")?);
                app.verify_task_against_plan(&session, worked.verify()?).await?;
                let ask = Box::new(report(&worked.held, Done, Some(&format!("done-{number}"))));
                match self {
                    Self::JudgeDone => Ask::JudgeDone(ask, worked.head),
                    Self::WriteDone => {
                        app.judge_done(&session, &ask, &worked.head).await?;
                        Ask::WriteDone(ask, worked.head)
                    }
                    _ => Ask::Report(ask),
                }
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
            Self::TakeEffect => {
                shop.effects(number).await?;
                Ask::TakeEffect
            }
            Self::EndEffect => ended(shop, number, Outcome::Done(json!({ "closed": true }))).await?,
            Self::RepeatEffect => ended(shop, number, Outcome::again("no answer")).await?,
            Self::GiveUpEffect => ended(shop, number, given_up()).await?,
            Self::ExpireEffect => {
                shop.effect_taken(number).await?;
                shop.pass(effect::LEASE.0 + 1);
                Ask::ExpireEffect
            }
            Self::RetryEffect => {
                let effect = shop.effect_taken(number).await?;
                shop.process(0)?.conclude(None, &effect, &given_up()).await;
                Ask::RetryEffect(effect.row.id)
            }
            Self::DismissEffect => Ask::DismissEffect(shop.effects(number).await?),
            Self::Checkpoint => {
                shop.begin(1, 1).await?;
                Ask::Checkpoint
            }
            Self::TakeOffice => {
                // Longer than a term.
                shop.pass(60_000);
                Ask::TakeOffice(format!("keeper-{number}"))
            }
            Self::LeaveOffice => {
                shop.pass(60_000);
                let me = format!("keeper-{number}");
                shop.process(0)?.takes_office(&me).await?;
                Ask::LeaveOffice(me)
            }
            Self::Prune => {
                shop.begin(1, 1).await?;
                shop.pass(EVENTS_KEPT.0 + 1);
                shop.bench.settled().await?;
                Ask::Prune
            }
            Self::AddConsumer => Ask::AddConsumer(format!("reader-{number}")),
            Self::Consume | Self::Relay => {
                shop.process(0)?.consume_events(CONSUMER, true).await?;
                shop.begin(1, 1).await?;
                shop.bench.settled().await?;
                if self == Self::Relay { Ask::Relay } else { Ask::Consume }
            }
        };
        shop.pass(1000);
        Ok(ask)
    }
}

fn given_up() -> Outcome {
    Outcome::GiveUp("it is closed".to_owned())
}

/// A try of an effect that came to this.
async fn ended(shop: &Shop, number: usize, outcome: Outcome) -> Result<Ask, Failed> {
    Ok(Ask::EndEffect(Box::new(shop.effect_taken(number).await?), outcome))
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
            Self::Claim(request) => {
                there("a job to claim", app.take_job(&session, Some(&request)).await?)?;
            }
            Self::Prepare(request) => {
                there("a claimed job", shop.claim_and_prepare(Some(request)).await?.job_id)?;
            }
            Self::NoteWorkplace(of) => app.note_workplace(&session, &of.0, &of.1).await.map(drop)?,
            Self::KeepVerdict(ask, judged) => app.keep_verdict(&session, &ask, &judged).await.map(drop)?,
            Self::JudgeDone(ask, head) => app.judge_done(&session, &ask, &head).await?,
            Self::WriteDone(ask, head) => app.write_done(&session, &ask, &head).await.map(drop)?,
            Self::Verify(ask) => app.verify_task_against_plan(&session, *ask).await.map(drop)?,
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
            Self::TakeEffect => app.take_effects(&handlers()?, 1).await.map(drop)?,
            Self::EndEffect(effect, outcome) => drop(app.conclude(None, &effect, &outcome).await),
            Self::ExpireEffect => app.expire_effects().await.map(drop)?,
            Self::RetryEffect(effect) => app.retry_effect(&person, effect.as_str()).await.map(drop)?,
            Self::DismissEffect(effect) => {
                app.dismiss_effect(&person, effect.as_str(), "it is not needed").await.map(drop)?;
            }
            Self::Checkpoint => app.audit_checkpoint().await.map(drop)?,
            Self::TakeOffice(me) => app.takes_office(&me).await.map(drop)?,
            Self::LeaveOffice(me) => app.leaves_office(&me).await?,
            Self::Prune => app.prune_events(EVENTS_KEPT).await.map(drop)?,
            Self::AddConsumer(name) => app.consume_events(&name, true).await.map(drop)?,
            Self::Consume => {
                let mut reader = app.consume_events(CONSUMER, true).await?;
                reader.page().await?;
                reader.handled().await?;
            }
            Self::Relay => {
                let mut reader = app.consume_events(CONSUMER, true).await?;
                say_on(&mut reader, &CancellationToken::new()).await?;
            }
        }
        Ok(())
    }
}
