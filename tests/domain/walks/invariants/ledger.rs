//! What the ledger says, and that it agrees with the rows.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use sprintgate::domain::actor::ActorKind;
use sprintgate::domain::law::{law, machines};
use sprintgate::domain::machine::Word;

use super::super::world::{Entry, Thing, World};
use super::table::hold;

type Edges = BTreeMap<(&'static str, &'static str, &'static str), BTreeSet<&'static str>>;

/// Where each event leads, for each machine and state.
static LAW: LazyLock<Edges> = LazyLock::new(|| {
    let mut edges = Edges::new();
    for edge in law() {
        edges.entry((edge.machine, edge.from, edge.event)).or_default().insert(edge.to);
    }
    edges
});

static BORN: LazyLock<BTreeSet<(&'static str, &'static str)>> =
    LazyLock::new(|| machines().iter().flat_map(|m| m.born.iter().map(|born| (m.name, *born))).collect());

fn legal(entry: &Entry) -> bool {
    let machine = entry.thing.machine();
    match entry.from {
        None => BORN.contains(&(machine, entry.to)),
        Some(from) => LAW.get(&(machine, from, entry.event)).is_some_and(|to| to.contains(entry.to)),
    }
}

/// The rows of each thing, in their order.
fn histories(world: &World) -> BTreeMap<Thing, Vec<&Entry>> {
    let mut all: BTreeMap<Thing, Vec<&Entry>> = BTreeMap::new();
    for entry in &world.ledger {
        all.entry(entry.thing).or_default().push(entry);
    }
    all
}

/// Every thing with its status, as the rows say it.
fn statuses(world: &World) -> BTreeMap<Thing, &'static str> {
    let mut all = BTreeMap::new();
    all.extend(world.jobs.iter().enumerate().map(|(n, it)| (Thing::Job(n), it.row.status.word())));
    all.extend(world.runs.iter().enumerate().map(|(n, it)| (Thing::Run(n), it.row.status.word())));
    all.extend(world.attempts.iter().map(|it| (Thing::Attempt(it.job, it.row.number), it.row.status.word())));
    all.extend(world.tasks.iter().enumerate().map(|(n, it)| (Thing::Task(n), it.status.word())));
    all.extend(world.stories.iter().enumerate().map(|(n, it)| (Thing::Story(n), it.status.word())));
    all.extend(world.pbis.iter().enumerate().map(|(n, it)| (Thing::Pbi(n), it.word())));
    all.extend(world.sprints.iter().enumerate().map(|(n, it)| (Thing::Sprint(n), it.word())));
    all
}

pub(super) fn i05(world: &World) -> Result<(), String> {
    world.ledger.iter().try_for_each(|entry| hold(legal(entry), || format!("{entry:?}")))
}

pub(super) fn i06(world: &World) -> Result<(), String> {
    histories(world).values().try_for_each(|rows| {
        let chained = rows.windows(2).all(|pair| pair[1].from == Some(pair[0].to));
        hold(chained && rows[0].from.is_none(), || format!("{rows:?}"))
    })
}

pub(super) fn i07(world: &World) -> Result<(), String> {
    let last: BTreeMap<Thing, &str> = world.ledger.iter().map(|entry| (entry.thing, entry.to)).collect();
    let rows = statuses(world);
    hold(last == rows, || format!("ledger {last:?}\nrows {rows:?}"))
}

pub(super) fn i08(world: &World) -> Result<(), String> {
    histories(world).values().try_for_each(|rows| {
        let dense = rows.iter().map(|entry| entry.seq).eq(1..=rows.len() as u32);
        hold(dense, || format!("{rows:?}"))
    })
}

pub(super) fn i09(world: &World) -> Result<(), String> {
    const ENDS: &[(&str, &[&str])] = &[
        ("job", &["DONE", "FAILED", "CANCELLED"]),
        ("sprint_run", &["DONE", "FAILED", "CANCELLED"]),
        ("attempt", &["FINISHED", "FAILED", "GIVEN_BACK", "EXPIRED", "SKIPPED", "CANCELLED"]),
        ("sprint", &["ARCHIVED"]),
    ];
    histories(world).iter().try_for_each(|(thing, rows)| {
        let ends = ENDS.iter().find(|(machine, _)| *machine == thing.machine());
        let goes_on = |entry: &&Entry| ends.is_none_or(|(_, ends)| !ends.contains(&entry.to));
        hold(rows.iter().rev().skip(1).all(goes_on), || format!("{rows:?}"))
    })
}

pub(super) fn i12(world: &World) -> Result<(), String> {
    for entry in world.ledger.iter().filter(|entry| entry.who.kind == ActorKind::Agent) {
        let job = match entry.thing {
            Thing::Job(job) | Thing::Attempt(job, _) => job,
            // The first claim of a run.
            _ => continue,
        };
        let number = entry.who.attempt.unwrap_or(0);
        let holder = Thing::Attempt(job, number);
        let rows: Vec<&Entry> = world.ledger.iter().filter(|row| row.thing == holder).collect();
        let began = rows.first().is_some_and(|first| first.step <= entry.step);
        let ended = rows.get(1).is_some_and(|end| end.step < entry.step);
        let token = world
            .attempts
            .iter()
            .find(|a| (a.job, a.row.number) == (job, number))
            .map(|a| &a.row.frozen.token);
        let its_own = token.is_some() && token == entry.who.token.as_ref();
        hold(began && !ended && its_own, || format!("{entry:?}"))?;
    }
    Ok(())
}

pub(super) fn i53(world: &World) -> Result<(), String> {
    let mut replayed: BTreeMap<Thing, &str> = BTreeMap::new();
    for entry in &world.ledger {
        let machine = entry.thing.machine();
        let to = match replayed.get(&entry.thing) {
            None => BORN.contains(&(machine, entry.to)).then_some(entry.to),
            Some(from) => {
                let to = LAW.get(&(machine, *from, entry.event));
                to.is_some_and(|to| to.contains(entry.to)).then_some(entry.to)
            }
        };
        replayed.insert(entry.thing, to.ok_or_else(|| format!("no replay of {entry:?}"))?);
    }
    let rows = statuses(world);
    hold(replayed == rows, || format!("replayed {replayed:?}\nrows {rows:?}"))
}

pub(super) fn w14(world: &World) -> Result<(), String> {
    let times = world.ledger.windows(2).all(|pair| pair[0].at <= pair[1].at && pair[0].step <= pair[1].step);
    let last = world.ledger.last().is_none_or(|last| last.at <= world.now);
    hold(times && last, || "a row is older than the one before it, or from the future".to_owned())
}

pub(super) fn w16(world: &World) -> Result<(), String> {
    const ENDED: &[(&str, &str)] = &[
        ("finish", "FINISHED"),
        ("fail", "FAILED"),
        ("release", "GIVEN_BACK"),
        ("expire", "EXPIRED"),
        ("skip", "SKIPPED"),
        ("cancel", "CANCELLED"),
    ];
    for end in &world.ledger {
        let (Thing::Attempt(job, _), Some(_)) = (end.thing, end.from) else { continue };
        let of_job = world.ledger.iter().find(|e| {
            e.thing == Thing::Job(job) && e.step == end.step && e.from.is_some_and(|from| from != "QUEUED")
        });
        let fits = of_job.is_some_and(|e| e.event == end.event && ENDED.contains(&(e.event, end.to)));
        hold(fits, || format!("{end:?}"))?;
    }
    Ok(())
}

pub(super) fn w18(world: &World) -> Result<(), String> {
    const OF_PEOPLE: &[&str] = &["exclude", "block", "unblock", "archive", "reopen", "resume", "supersede"];
    world.ledger.iter().try_for_each(|entry| {
        let by_person = entry.who.kind == ActorKind::Human;
        hold(by_person || !OF_PEOPLE.contains(&entry.event), || format!("{entry:?}"))
    })
}
