//! What is read page by page while others write.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use tokio::task::JoinSet;

use super::failed::{refused, same};
use super::ground::{Ground, Stand, add_job, run, stamp};
use super::shop::open;
use super::worker::{self, End};
use super::{Bench, Failed, Scale, Seen};
use crate::store::{Place, Store};

/// Rows of a page: no divisor of anything.
const PAGE: u32 = 7;
/// Who writes meanwhile.
const WRITERS: usize = 4;

/// Jobs that nobody has claimed, each on a branch of its own: so many more than there were.
async fn queued(ground: &Ground, before: usize, jobs: usize) -> Result<(), Failed> {
    let mut tx = ground.store.begin().await?;
    if before == 0 {
        tx.add_run(&run("r", "s")?, &stamp()).await?;
    }
    for number in before..before + jobs {
        let (name, branch) = (format!("j{number:05}"), format!("b{number}"));
        add_job(tx.as_mut(), &name, "u", &Stand { run: "r", branch: &branch, sequence: 0, ready: true })
            .await?;
    }
    Ok(tx.commit().await?)
}

/// How often more is written when nobody read while others wrote.
const TRIES: usize = 20;

fn never_raced(what: &str) -> Failed {
    Failed::otherwise(what, "some while others write", format!("none in {TRIES} tries"))
}

/// Claims and ends all of them, each writer with a store of its own.
async fn writing(ground: &Ground) -> Result<JoinSet<Result<(), Failed>>, Failed> {
    let mut writers = JoinSet::new();
    for number in 0..WRITERS {
        let store = ground.bench.open().await?;
        let app = open(Arc::clone(&store), ground.bench.folder())?;
        let session = Ground::worker(&format!("w{number}"))?;
        writers.spawn(async move {
            while let Some(held) = worker::claim_next(&app, &session).await? {
                worker::end(store.as_ref(), &held, End::Done).await?;
            }
            Ok(())
        });
    }
    Ok(writers)
}

async fn ended(mut writers: JoinSet<Result<(), Failed>>) -> Result<(), Failed> {
    while let Some(ended) = writers.join_next().await {
        ended.map_err(|error| Failed::Broke(error.to_string()))??;
    }
    Ok(())
}

/// Follows the outbox from its beginning.
pub(super) async fn events(bench: Arc<dyn Bench>, scale: Scale) -> Result<Seen, Failed> {
    let ground = Ground::new(Arc::clone(&bench)).await?;
    let mut raw = bench.raw().await?;
    let mut reader = Reader::default();
    let (mut jobs, mut meanwhile) = (0, 0);
    for _ in 0..TRIES {
        queued(&ground, jobs, scale.jobs * 2).await?;
        jobs += scale.jobs * 2;
        bench.settled().await?;
        while reader.page(ground.store.as_ref()).await? > 0 {}
        let before = reader.seen.len();
        let mut writers = writing(&ground).await?;
        while !writers.is_empty() {
            reader.page(ground.store.as_ref()).await?;
            while let Some(one) = writers.try_join_next() {
                one.map_err(|error| Failed::Broke(error.to_string()))??;
            }
        }
        meanwhile += reader.seen.len() - before;
        if meanwhile > 0 {
            break;
        }
    }
    if meanwhile == 0 {
        return Err(never_raced("events that were read"));
    }
    bench.settled().await?;
    while reader.page(ground.store.as_ref()).await? > 0 {}
    let sql = "SELECT machine || ' ' || entity || ' ' || CAST(entity_seq AS text) FROM outbox";
    let kept: BTreeSet<String> = raw.rows(sql).await?.into_iter().flatten().flatten().collect();
    let lost: Vec<&String> = kept.difference(&reader.seen).collect();
    same("events that were not read", lost, Vec::new())?;
    same("events that were read and are not there", reader.seen.difference(&kept).count(), 0)?;
    Ok(Seen::new()
        .and(WRITERS, "writers")
        .and(kept.len(), "events")
        .and(meanwhile, "read meanwhile")
        .and(reader.pages, "pages")
        .and(reader.twice, "twice")
        .and(kept.len() - reader.seen.len(), "lost"))
}

#[derive(Default)]
struct Reader {
    place: Place,
    /// The last number of each entity.
    last: BTreeMap<(String, String), i64>,
    seen: BTreeSet<String>,
    pages: usize,
    twice: usize,
}

impl Reader {
    /// Reads the next page; how many events it has.
    async fn page(&mut self, store: &dyn Store) -> Result<usize, Failed> {
        let page = store.read().await?.events_after(self.place, PAGE).await?;
        for record in &page {
            let (place, event) = (record.place, &record.event);
            if place <= self.place {
                return Err(Failed::otherwise("the place of an event", "a later one", format!("{place:?}")));
            }
            self.place = place;
            let name = format!("{} {} {}", event.machine, event.entity, event.entity_seq);
            let before =
                self.last.insert((event.machine.to_string(), event.entity.clone()), event.entity_seq);
            same(format!("the event before {name}"), before.unwrap_or(0) + 1, event.entity_seq)?;
            self.twice += usize::from(!self.seen.insert(name));
        }
        same("events that were read twice", self.twice, 0)?;
        self.pages += usize::from(!page.is_empty());
        Ok(page.len())
    }
}

/// Reads the jobs as their table has them, and their histories, over and over while they change.
pub(super) async fn tables(bench: Arc<dyn Bench>, scale: Scale) -> Result<Seen, Failed> {
    let ground = Ground::new(Arc::clone(&bench)).await?;
    let mut raw = bench.raw().await?;
    let (mut jobs, mut pages, mut rows, mut times, mut raced) = (0, 0, 0, 0, 0);
    let mut kept = 0;
    for _ in 0..TRIES {
        queued(&ground, jobs, scale.jobs).await?;
        (jobs, kept) = (jobs + scale.jobs, kept + scale.jobs);
        let expected: BTreeSet<String> = (0..jobs).map(|number| format!("j{number:05}")).collect();
        let writers = writing(&ground).await?;
        let mut read = Vec::new();
        for _ in 0..scale.rounds {
            let (entities, more) = entities(ground.store.as_ref()).await?;
            same("jobs that were read", entities.len(), expected.len())?;
            same("which jobs were read", entities.into_iter().collect::<BTreeSet<_>>(), expected.clone())?;
            let (histories, others) = histories(ground.store.as_ref()).await?;
            same("jobs whose histories were read", histories.len(), jobs)?;
            pages += more + others;
            read.push(histories.values().sum::<usize>());
        }
        ended(writers).await?;
        // Now that nobody writes, every row is there once.
        let (histories, more) = histories(ground.store.as_ref()).await?;
        let before = kept;
        let sql = "SELECT CAST(count(*) AS text) FROM ledger WHERE machine = 'job'";
        kept = raw.one(sql).await?.parse().map_err(refused)?;
        same("rows of the jobs' histories", histories.values().sum::<usize>(), kept)?;
        pages += more;
        times += read.len();
        raced += read.iter().filter(|rows| (before + 1..kept).contains(*rows)).count();
        rows += read.iter().sum::<usize>();
        if raced > 0 {
            break;
        }
    }
    if raced == 0 {
        return Err(never_raced("histories that were read"));
    }
    Ok(Seen::new()
        .and(WRITERS, "writers")
        .and(jobs, "jobs")
        .and(times, "times read")
        .and(raced, "of them while others wrote")
        .and(pages, "pages")
        .and(rows, "rows of histories read meanwhile"))
}

/// The jobs of the table, in pages of transactions of their own, and how many pages.
async fn entities(store: &dyn Store) -> Result<(Vec<String>, usize), Failed> {
    let (mut all, mut pages): (Vec<String>, usize) = (Vec::new(), 0);
    loop {
        let last = all.last().cloned().unwrap_or_default();
        let page = store.read().await?.current("job", &last, PAGE).await?;
        pages += 1;
        // A page begins with the one that was read last.
        let more: Vec<String> = page.into_iter().map(|row| row.entity).filter(|it| *it != last).collect();
        if more.is_empty() {
            return Ok((all, pages));
        }
        all.extend(more);
    }
}

/// How many rows each job's history has, and how many pages; each history is without a gap.
async fn histories(store: &dyn Store) -> Result<(BTreeMap<String, usize>, usize), Failed> {
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    let (mut entity, mut after, mut pages) = (String::new(), 0, 0);
    loop {
        let page = store.read().await?.histories("job", &entity, after, PAGE).await?;
        pages += 1;
        if page.is_empty() {
            return Ok((all, pages));
        }
        for row in page {
            let expected = if row.entity == entity { after + 1 } else { 1 };
            same(format!("the next row of job {}", row.entity), row.entity_seq, expected)?;
            *all.entry(row.entity.clone()).or_default() += 1;
            (entity, after) = (row.entity, row.entity_seq);
        }
    }
}
