//! Lists that are asked for with a limit.

use std::sync::Arc;

use super::failed::{refused, same};
use super::ground::{Ground, NOON, Stand, add_job, id, product, run, sprint, stamp};
use super::worker;
use super::{Bench, Failed, Scale, Seen};
use crate::domain::commit::CommitId;
use crate::domain::job::LEASE;
use crate::domain::time::Timestamp;
use crate::store::{JobFilter, Place};

/// Of everything there is at least so much.
const THERE: u32 = 4;

/// What was asked for, and how many came.
struct Lists {
    limit: u32,
    asked: usize,
}

impl Lists {
    fn came(&mut self, what: &str, length: usize) -> Result<(), Failed> {
        let expected = usize::try_from(self.limit).map_err(refused)?;
        self.asked += 1;
        same(format!("{what} with the limit {}", self.limit), length, expected)
    }
}

/// Asks for every list with every limit up to what is there.
pub(super) async fn kept(bench: Arc<dyn Bench>, _: Scale) -> Result<Seen, Failed> {
    let ground = Ground::new(Arc::clone(&bench)).await?;
    fill(&ground).await?;
    bench.settled().await?;
    let mut asked = 0;
    for limit in 1..THERE {
        let mut lists = Lists { limit, asked: 0 };
        backlog(&ground, &mut lists).await?;
        jobs(&ground, &mut lists).await?;
        ledger(&ground, &mut lists).await?;
        outbox(&ground, &mut lists).await?;
        asked += lists.asked;
    }
    writes(&ground).await?;
    Ok(Seen::new().and(asked, "lists").and(THERE - 1, "limits each").and(2_usize, "limited writes"))
}

async fn fill(ground: &Ground) -> Result<(), Failed> {
    let mut tx = ground.store.begin().await?;
    tx.add_run(&run("r", "s")?, &stamp()).await?;
    for number in 0..THERE {
        let (sprint_name, run_name) = (format!("s{number}"), format!("r{number}"));
        tx.add_product(&product(&format!("p{number}"), "u")?).await?;
        tx.add_sprint(&sprint(&sprint_name)?, &stamp()).await?;
        tx.add_run(&run(&run_name, &sprint_name)?, &stamp()).await?;
        let (name, branch) = (format!("j{number}"), format!("b{number}"));
        add_job(tx.as_mut(), &name, "u", &Stand { run: "r", branch: &branch, sequence: 0, ready: true })
            .await?;
        tx.add_consumer(&format!("c{number}"), Place::END).await?;
    }
    tx.commit().await?;
    let commit = CommitId::new("b".repeat(40)).map_err(refused)?;
    let (app, session) = (ground.process()?, Ground::worker("w")?);
    for _ in 0..THERE {
        let held = worker::claim_next(&app, &session).await?;
        let held = super::failed::there("a job to claim", held)?;
        let mut tx = ground.store.begin().await?;
        tx.note_sent(&held.job, held.attempt, &commit).await?;
        tx.commit().await?;
    }
    for _ in 0..THERE {
        let mut tx = ground.store.begin().await?;
        tx.add_checkpoint(2).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn backlog(ground: &Ground, lists: &mut Lists) -> Result<(), Failed> {
    let (mut tx, limit) = (ground.store.read().await?, lists.limit);
    lists.came("products", tx.products(&id("u")?, limit).await?.len())?;
    lists.came("sprints", tx.sprints(&id("p")?, limit).await?.len())?;
    lists.came("runs", tx.runs(&id("u")?, limit).await?.len())
}

async fn jobs(ground: &Ground, lists: &mut Lists) -> Result<(), Failed> {
    let (mut tx, limit) = (ground.store.read().await?, lists.limit);
    for (what, filter) in [
        ("jobs", JobFilter { limit, ..JobFilter::default() }),
        ("jobs of a product", JobFilter { product: Some(id("p")?), limit, ..JobFilter::default() }),
        ("jobs of a run by filter", JobFilter { run: Some(id("r")?), limit, ..JobFilter::default() }),
    ] {
        lists.came(what, tx.jobs(&id("u")?, &filter).await?.len())?;
    }
    lists.came("open jobs of a run", tx.open_jobs_of_run(&id("r")?, limit).await?.len())?;
    lists.came("open jobs of an item", tx.open_jobs_of_pbi(&id("b")?, limit).await?.len())?;
    lists.came("jobs of a run", tx.jobs_of_run(&id("r")?, limit).await?.len())?;
    lists.came("jobs of an item", tx.jobs_of_pbi(&id("b")?, limit).await?.len())?;
    let later = Timestamp(tx.now().0 + LEASE.0 + 1);
    lists.came("stale jobs", tx.stale(later, limit).await?.len())?;
    lists.came("attempts of a token", tx.held_by(&id("t")?, limit).await?.len())?;
    let commit = CommitId::new("b".repeat(40)).map_err(refused)?;
    // Each of these jobs has a branch of its own.
    let senders = tx.senders(super::ground::REPO, "b0", &commit, limit).await?;
    same("attempts that sent a commit to a branch", senders.len(), 1)
}

async fn ledger(ground: &Ground, lists: &mut Lists) -> Result<(), Failed> {
    let (mut tx, limit) = (ground.store.read().await?, lists.limit);
    lists.came("rows of the ledger", tx.ledger_after(0, limit).await?.len())?;
    lists.came("last rows of the ledger", tx.ledger_end(limit).await?.len())?;
    lists.came("histories", tx.histories("job", "", 0, limit).await?.len())?;
    lists.came("entities by a part of their name", tx.entities_named("job", "j", limit).await?.len())?;
    lists.came("entities of a table", tx.current("job", "", limit).await?.len())?;
    lists.came("seals", tx.seals(0, i64::MAX, limit).await?.len())?;
    lists.came("checkpoints", tx.checkpoints(0, limit).await?.len())?;
    let history = tx.history("job", "j0", limit).await?.len();
    same("rows of one history, which has two", history, usize::try_from(limit.min(2)).map_err(refused)?)
}

async fn outbox(ground: &Ground, lists: &mut Lists) -> Result<(), Failed> {
    let (mut tx, limit) = (ground.store.read().await?, lists.limit);
    lists.came("events", tx.events_after(Place::START, limit).await?.len())?;
    lists.came("newest events", tx.newest_events(limit).await?.len())?;
    lists.came("consumers", tx.consumers(limit).await?.len())
}

/// What is written at most so many times.
async fn writes(ground: &Ground) -> Result<(), Failed> {
    let mut tx = ground.store.begin().await?;
    let bound = tx.add_checkpoint(3).await?.map(|made| made.rows);
    same("rows that a checkpoint binds with the limit 3", bound, Some(3))?;
    let pruned = tx.prune_events(Timestamp(2 * NOON), 3).await?;
    same("events that were deleted with the limit 3", pruned, 3)
}
