//! How often each call of a worker's life goes to the server and back, statement by statement. The snapshot changes when
//! a use case gets cheaper or more expensive; a cheaper one is kept, a more expensive one has to say why.

use std::collections::BTreeMap;

use sprintgate::domain::attempt::Attempt;
use sprintgate::domain::gate::Policy;
use sprintgate::domain::job::{AnyJob, Claim, Failure, LEASE};
use sprintgate::flow::wire::ReportStatus;
use sprintgate::store::postgres::statements;
use sprintgate::store::{Change, Store};

use super::super::ctx::stamp;
use super::super::round_trips::BESIDE;
use super::house::House;

/// A call and its statements.
struct Trips<'a> {
    house: &'a House,
    names: BTreeMap<&'static str, &'static str>,
    lines: Vec<String>,
}

impl<'a> Trips<'a> {
    fn new(house: &'a House) -> Self {
        let names = statements().into_iter().map(|(name, text)| (text, name)).collect();
        house.proxy.asked();
        Self { house, names, lines: Vec::new() }
    }

    /// Writes down what came since the last call.
    fn note(&mut self, call: &str) {
        let asked = self.house.proxy.asked();
        let told = asked.iter().filter(|text| !BESIDE.iter().any(|beside| text.starts_with(beside)));
        let names: Vec<&str> = told.map(|text| self.name(text)).collect();
        self.lines.push(format!("{call}: {}", names.len()));
        // One line a transaction.
        for part in names.chunk_by(|_, next| *next != "BEGIN") {
            self.lines.push(format!("    {}", part.join(", ")));
        }
    }

    fn name<'t>(&self, text: &'t str) -> &'t str
    where
        'a: 't,
    {
        self.names.get(text).copied().unwrap_or_else(|| text.split(' ').next().unwrap_or_default())
    }
}

/// What the store itself asks for a job that is claimed, begun and ended, each in a transaction.
async fn three_moves(house: &House, trips: &mut Trips<'_>) {
    let begin = async || house.store.begin().await.unwrap();
    let token = begin().await.token_by_hash(&house.world.token.hash()).await.unwrap().unwrap();
    house.proxy.asked();
    let mut tx = begin().await;
    let id = tx.first_claimable(&token.user.id, None).await.unwrap().unwrap();
    let record = tx.job(&id).await.unwrap().unwrap();
    let AnyJob::Queued(job) = AnyJob::try_from(record.row).unwrap() else { panic!("{id} is not QUEUED") };
    let (worker, policy) = ("w".parse().unwrap(), Policy::default());
    let claim = Claim { token: token.id, worker, plan: String::new(), policy };
    let step = job.claim(claim, tx.now(), LEASE).unwrap();
    let attempt = Attempt::begun(&step, "here".to_owned(), record.branch);
    tx.claim(step.into(), &attempt, &stamp()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = begin().await;
    let record = tx.job(&id).await.unwrap().unwrap();
    let AnyJob::Claimed(job) = AnyJob::try_from(record.row).unwrap() else { panic!("{id} is not CLAIMED") };
    tx.apply(Change::Job(job.start(1, tx.now(), LEASE).unwrap().into()), &stamp()).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = begin().await;
    let record = tx.job(&id).await.unwrap().unwrap();
    let AnyJob::Running(job) = AnyJob::try_from(record.row).unwrap() else { panic!("{id} is not RUNNING") };
    let step = job.fail(1, Failure::Reported("no".to_owned()), tx.now()).unwrap();
    tx.apply(Change::Job(step.into()), &stamp()).await.unwrap();
    tx.commit().await.unwrap();
    trips.note("three moves of the store");
}

#[tokio::test]
async fn a_life_travels_as_often_as_it_is_written_down() {
    let house = House::on_time().await;
    let world = &house.world;
    let (one, two) = ("Change `src/a.rs`", "Change `src/b.rs`");
    world
        .begin(&[
            &[("first", one, "ALIGNED"), ("second", two, "ALIGNED")],
            &[("third", one, "ALIGNED")],
            &[("fourth", one, "ALIGNED")],
        ])
        .await;
    let worker = &world.worker;
    let mut trips = Trips::new(&house);

    let job = world.claim(worker).await;
    trips.note("wait_for_job, the first of its run");
    world.report(worker, &job, ReportStatus::Running).await.unwrap();
    trips.note("update_job_status running");
    world.beat(worker, &job).await.unwrap();
    trips.note("job_heartbeat");
    world.commit(&job, "src/a.rs", "changed\n");
    assert_eq!(world.verify(worker, &job).await.unwrap().result, "aligned");
    trips.note("verify_task_against_plan");
    let said = world.report(worker, &job, ReportStatus::Done).await.unwrap();
    assert_eq!(said.status, "done");
    trips.note("update_job_status done, others of its story are open");

    let mut next = world.claim(worker).await;
    trips.note("wait_for_job");
    while next.branch_name != job.branch_name {
        next = world.claim(worker).await;
    }
    world.report(worker, &next, ReportStatus::Running).await.unwrap();
    world.commit(&next, "src/b.rs", "changed\n");
    assert_eq!(world.verify(worker, &next).await.unwrap().result, "aligned");
    house.proxy.asked();
    world.report(worker, &next, ReportStatus::Done).await.unwrap();
    trips.note("update_job_status done, the last of its story");

    three_moves(&house, &mut trips).await;
    while world.wait(worker).await.unwrap().status == "claimed" {}
    house.proxy.asked();
    assert_eq!(world.wait(worker).await.unwrap().status, "timeout");
    trips.note("wait_for_job in vain");
    house.sound().await;

    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("store_trips_postgres", trips.lines.join("\n")));
}
