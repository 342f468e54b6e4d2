//! Requests that come more than once: at the same moment, later, and with other arguments.

use std::sync::Arc;

use super::failed::{same, there};
use super::shop::{Call, Shop, code, report, together};
use super::worker::Held;
use super::{Bench, Failed, Scale, Seen};
use crate::flow::FlowError;
use crate::flow::wire::ReportStatus::{Running, Skipped};
use crate::flow::wire::{CreatePbi, Reported, UpdateJobStatus};

/// How often a request comes at once.
const AT_ONCE: usize = 4;

/// Reports and births, each asked for several times.
pub(super) async fn requests(bench: Arc<dyn Bench>, scale: Scale) -> Result<Seen, Failed> {
    let shop = Shop::new(bench).await?;
    let mut raw = shop.bench.raw().await?;
    let (mut replayed, mut refused) = (0_usize, 0_usize);
    for round in 0..scale.rounds {
        shop.begin(2, 1).await?;
        let held = shop.claim(2).await?;
        let (named, plain) = (there("a job", held.first())?, there("another job", held.get(1))?);
        for (status, request) in [(Running, "run"), (Skipped, "skip")] {
            let request = format!("{request}-{round}");
            replayed += reported(&shop, report(named, status, Some(&request))).await?;
            // Again, later, and by another process; then with other arguments.
            let (app, session) = (shop.process(1)?, shop.worker("w9")?);
            let again = app.update_job_status(&session, report(named, status, Some(&request))).await?;
            same("whether a report said again was answered before", again.replayed, true)?;
            let other =
                UpdateJobStatus { summary: Some("else".to_owned()), ..report(named, status, Some(&request)) };
            let other = shop.process(2)?.update_job_status(&shop.worker("w")?, other).await;
            same("what another report of the same id is told", code(&other), "IDEMPOTENCY_MISMATCH")?;
            refused += 1;
        }
        // Without an id, the outcome of an attempt is one request.
        replayed += reported(&shop, report(plain, Skipped, None)).await?;
        for held in [named, plain] {
            let ends = ends(raw.as_mut(), held).await?;
            same(format!("the ends of job {} in the ledger", held.job), ends.as_str(), "1")?;
        }
        replayed += born(&shop, round).await?;
    }
    let items = format!("SELECT CAST(count(*) AS text) FROM pbis WHERE title = '{TITLE}'");
    same("items that were born", raw.one(&items).await?, scale.rounds.to_string())?;
    let rows = shop.sound().await?;
    Ok(Seen::new()
        .and(scale.rounds * 4, "requests")
        .and(AT_ONCE, "times each at once")
        .and(replayed, "answered again")
        .and(refused, "refused with other arguments")
        .and(shop.bench.met().await?, "times transactions met")
        .and(rows, "rows of the ledger"))
}

/// The title of what is born by a request.
const TITLE: &str = "asked for often";

async fn ends(raw: &mut dyn super::Raw, held: &Held) -> Result<String, Failed> {
    let sql = format!(
        "SELECT CAST(count(*) AS text) FROM ledger WHERE machine = 'job' AND entity = '{}' \
         AND to_status IN ('DONE', 'FAILED', 'CANCELLED')",
        held.job
    );
    raw.one(&sql).await
}

/// The same report at once: one is new, all are answered alike.
async fn reported(shop: &Shop, ask: UpdateJobStatus) -> Result<usize, Failed> {
    let mut calls: Vec<Call<Result<Reported, FlowError>>> = Vec::new();
    for number in 0..AT_ONCE {
        let (app, session, ask) = (shop.process(number)?, shop.worker("w")?, ask.clone());
        calls.push(Box::pin(async move { app.update_job_status(&session, ask).await }));
    }
    let mut answers = Vec::new();
    for answer in together(calls).await? {
        answers.push(answer?);
    }
    same("reports that were new", answers.iter().filter(|answer| !answer.replayed).count(), 1)?;
    let plain = |answer: &Reported| Reported { replayed: false, ..answer.clone() };
    let first = there("an answer", answers.first().map(plain))?;
    same("answers that differ", answers.iter().filter(|answer| plain(answer) != first).count(), 0)?;
    Ok(AT_ONCE - 1)
}

/// The same birth at once: one is born, and all are told of the one.
async fn born(shop: &Shop, round: usize) -> Result<usize, Failed> {
    let ask = CreatePbi {
        product_id: shop.product().await?,
        title: TITLE.to_owned(),
        priority: 1,
        request_id: Some(format!("birth-{round}")),
        ..CreatePbi::default()
    };
    let mut calls: Vec<Call<Result<String, FlowError>>> = Vec::new();
    for number in 0..AT_ONCE {
        let (app, person, ask) = (shop.process(number)?, shop.person()?, ask.clone());
        calls.push(Box::pin(async move { app.create_pbi(&person, ask).await.map(|made| made.id) }));
    }
    let mut born = std::collections::BTreeSet::new();
    for answer in together(calls).await? {
        born.insert(answer?);
    }
    same("items that the same request made", born.len(), 1)?;
    Ok(AT_ONCE - 1)
}
