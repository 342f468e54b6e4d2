//! Every invariant can fail: a sound world is corrupted once for each, and the check of that number must report it.

use sprintgate::domain::backlog::{pbi, sprint, story};
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::id::TokenId;
use sprintgate::domain::job::{EndCause, LEASE, Status};
use sprintgate::domain::time::{Millis, Timestamp};
use sprintgate::domain::verify::VerifyResult;
use sprintgate::domain::{attempt, run, task};

use super::invariants::{INVARIANTS, broken};
use super::script::sound;
use super::world::{Entry, Job, Thing, Who, World};

/// The number of an invariant, and what breaks it.
type Corruption = (&'static str, fn(&mut World));

const CORRUPTIONS: &[Corruption] = &[
    ("I01", |w| job(w, Status::Claimed).row.worker = None),
    ("I02", |w| job(w, Status::Queued).row.plan = Some("left over".into())),
    ("I03", |w| job(w, Status::Done).row.lease_until = Some(Timestamp(1))),
    ("I04", |w| job(w, Status::Running).row.started_at = Some(Timestamp(1))),
    ("I05", |w| entry(w, |e| e.event == "start").event = "release"),
    ("I06", |w| entry(w, |e| e.event == "start").from = Some("QUEUED")),
    ("I07", |w| w.tasks[8].status = task::Status::Review),
    ("I08", |w| w.ledger.last_mut().unwrap().seq += 1),
    ("I09", |w| {
        let end = entry(w, |e| e.to == "DONE" && matches!(e.thing, Thing::Job(_))).clone();
        let from = Some("DONE");
        w.ledger.push(Entry { from, event: "release", to: "QUEUED", seq: end.seq + 1, ..end });
    }),
    ("I10", |w| job(w, Status::Queued).row.attempt += 1),
    ("I11", |w| {
        let held = w.attempts.iter_mut().find(|a| a.row.status == attempt::Status::Held).unwrap();
        held.row.frozen.token = TokenId::new("stolen").unwrap();
    }),
    ("I12", |w| entry(w, |e| e.event == "start").who.attempt = Some(7)),
    ("I13", |w| job(w, Status::Running).row.attempt = 4),
    ("I14", |w| job(w, Status::Done).row.evidence.as_mut().unwrap().result = VerifyResult::Empty),
    ("I15", |w| {
        let published = job(w, Status::Done).row.publication.as_mut().unwrap();
        published.commit = CommitId::new("f".repeat(40)).unwrap();
    }),
    ("I16", |w| caused(w, EndCause::Cascade).row.caused_by = None),
    ("I17", |w| caused(w, EndCause::Cascade).row.status = Status::Queued),
    ("I18", |w| w.runs[0].row.status = run::Status::Done),
    ("I19", |w| caused(w, EndCause::Cascade).row.status = Status::Queued),
    ("I20", |w| w.runs[0].row.finished_at = None),
    ("I21", |w| w.runs[1].row.status = run::Status::Queued),
    ("I28", |w| w.runs.push(w.runs[1].clone())),
    ("I36", |w| {
        let too_long = w.now + LEASE + Millis(1);
        job(w, Status::Running).row.lease_until = Some(too_long);
    }),
    ("I39", |w| job(w, Status::Running).row.plan = Some("another".into())),
    ("I40", |w| job(w, Status::Done).task = None),
    ("I41", |w| w.runs[1].row.status = run::Status::Done),
    ("I42", |w| entry(w, |e| matches!(e.thing, Thing::Task(_)) && e.to == "FAILED").to = "TO_DO"),
    ("I43", |w| job(w, Status::Queued).branch = Some("main".into())),
    ("I48", |w| w.pushes.clear()),
    ("I53", |w| w.ledger.retain(|e| e.event != "start")),
    ("W01", |w| job(w, Status::Running).row.started_at = None),
    ("W02", |w| job(w, Status::Done).row.end_cause = None),
    ("W03", |w| caused(w, EndCause::Waived).row.waive_reason = None),
    ("W04", |w| job(w, Status::Running).row.evidence.as_mut().unwrap().at = Timestamp(1)),
    ("W05", |w| job(w, Status::Done).row.error = Some("an error of nobody".into())),
    ("W06", |w| job(w, Status::Failed).row.end_cause = Some(EndCause::User)),
    ("W07", |w| w.stories[0].status = story::Status::Done),
    ("W08", |w| w.pbis[0] = pbi::Status::Done),
    ("W09", |w| w.sprints[0] = sprint::Status::Open),
    ("W10", |w| {
        let twin = job(w, Status::Queued).clone();
        w.jobs.push(twin);
    }),
    ("W11", |w| job(w, Status::Queued).row.status = Status::Claimed),
    ("W12", |w| entry(w, |e| e.thing == Thing::Run(0) && e.event == "claim_first").to = "PAUSED"),
    ("W13", |w| w.runs[1].row.pause = None),
    ("W14", |w| w.ledger.swap(0, 40)),
    ("W15", |w| {
        let held = w.attempts.iter_mut().find(|a| a.row.status == attempt::Status::Held).unwrap();
        held.row.ended_at = Some(w.now);
    }),
    ("W16", |w| entry(w, |e| e.to == "GIVEN_BACK").step += 1),
    ("W17", |w| job(w, Status::Queued).row.not_before = Some(w.now + Millis(1))),
    ("W18", |w| entry(w, |e| e.event == "block").who = Who::system()),
    ("W19", |w| {
        w.jobs.iter_mut().find(|job| job.row.publication.is_some()).unwrap().row.publication = None;
    }),
];

/// The first job that stands there.
fn job(world: &mut World, status: Status) -> &mut Job {
    world.jobs.iter_mut().rfind(|job| job.row.status == status && job.row.waived_by.is_none()).unwrap()
}

fn caused(world: &mut World, cause: EndCause) -> &mut Job {
    world.jobs.iter_mut().find(|job| job.row.end_cause == Some(cause)).unwrap()
}

fn entry(world: &mut World, wanted: impl Fn(&Entry) -> bool) -> &mut Entry {
    world.ledger.iter_mut().find(|entry| wanted(entry)).unwrap()
}

#[test]
fn a_sound_world_breaks_nothing() {
    assert_eq!(broken(&sound()), []);
}

#[test]
fn every_invariant_can_fail() {
    let of_list: Vec<&str> = INVARIANTS.iter().map(|(id, _, _)| *id).collect();
    let corrupted: Vec<&str> = CORRUPTIONS.iter().map(|(id, _)| *id).collect();
    assert_eq!(of_list, corrupted, "a corruption for each invariant, in order");
    for (id, corrupt) in CORRUPTIONS {
        let mut world = sound();
        corrupt(&mut world);
        let broken: Vec<&str> = broken(&world).into_iter().map(|(id, _)| id).collect();
        assert!(broken.contains(id), "{id} was corrupted, and {broken:?} report it");
    }
}
