//! Jobs in groups: the floor's by 1, 10 and 100 in a statement, and ours where a call concerns many, which is at their births
//! and their ends. A claim of ours is of one job, because an agent takes one.

use std::time::{Duration, Instant};

use sprintgate::domain::gate::Policy;
use sprintgate::domain::id::JobId;
use sprintgate::domain::job::{AnyJob, Kind, Stop};
use sprintgate::flow::wire::ReportStatus;
use sprintgate::flow::{Session, StartSprint};
use sprintgate::store::{Change, NewJob, NewPbi, NewSprint, NewStory, NewTask, Of, Secret, Store};

use crate::figures::Figures;
use crate::fleet::Fleet;
use crate::floor::Floor;
use crate::ours::Worker;
use crate::rows::{Layout, TOKEN, stamp};
use crate::{Bench, Result};

/// Tasks of a story.
const STORY: u32 = 5;
/// What waits for the floor at least.
const QUEUED: u32 = 1_000;

/// What each round measures.
const WHAT: [&str; 5] = [
    "floor: claimed and completed",
    "floor: added and completed",
    "ours, by the store: added and cancelled",
    "ours, by the use cases: added by the start of a sprint",
    "ours, by the use cases: ended by a failure that cancels the others (one by one: cancelled by a person)",
];

/// A size of groups, and how many jobs of a round are handled in such.
struct Batch {
    size: u32,
    floor: u32,
    store: u32,
    calls: u32,
    /// Jobs a second, in the order of `WHAT`.
    figures: [Figures; 5],
}

impl Batch {
    fn new(size: u32, floor: u32, store: u32, calls: u32) -> Self {
        Self { size, floor, store, calls, figures: Default::default() }
    }
}

pub(crate) async fn run(bench: &Bench) -> Result<()> {
    let mut floor = Floor::new(&bench.server, "batch_floor").await?;
    let fleet = Fleet::new(bench, "batch_ours", Layout { backlog: false, products: 1 }).await?;
    let mut batches =
        [Batch::new(1, 200, 40, 20), Batch::new(10, 1_000, 300, 50), Batch::new(100, 5_000, 1_000, 200)];
    let (mut store, mut calls) = (Grouped { store: &*fleet.store, added: 0 }, Calls::new(&fleet)?);
    for round in 0..=bench.rounds() {
        for batch in &mut batches {
            floor.queue(QUEUED + batch.floor).await?;
            let (claims, births) =
                (floor.claims(batch.size, batch.floor)?, floor.births(batch.size, batch.floor)?);
            let ours = store.rate(batch.size, batch.store).await?;
            let (starts, ends) = calls.rates(batch.size, batch.calls).await?;
            // the first one warms up
            if round > 0 {
                let rates = [claims, births, ours, starts, ends];
                batch.figures.iter_mut().zip(rates).for_each(|(figures, rate)| figures.add(rate));
            }
        }
    }
    told(bench, &batches);
    Ok(())
}

fn told(bench: &Bench, [one, ten, hundred]: &[Batch; 3]) {
    bench.say(
        "| jobs/s | one by one | by 10 | of one by one | by 100 | of one by one |\n|---|---|---|---|---|---|",
    );
    for (what, ((one, ten), hundred)) in
        WHAT.iter().zip(one.figures.iter().zip(&ten.figures).zip(&hundred.figures))
    {
        let (each, of_ten) = (one.told(0), ten.by(one).told(2));
        let (ten, of_hundred, hundred) = (ten.told(0), hundred.by(one).told(2), hundred.told(0));
        bench.say(&format!("| {what} | {each} | {ten} | {of_ten} | {hundred} | {of_hundred} |"));
    }
    bench.say(
        "\n| ours, by the floor's | size | added and completed in groups of that size | claimed and completed one by one |\n\
        |---|---|---|---|",
    );
    let [alone, ..] = &one.figures;
    for Batch { size, figures: [_, births, ours @ ..], .. } in [one, ten, hundred] {
        for (what, ours) in WHAT.iter().skip(2).zip(ours) {
            let (same, one) = (ours.by(births).told(3), ours.by(alone).told(2));
            bench.say(&format!("| {what} | {size} | {same} | {one} |"));
        }
    }
}

/// The store's own groups.
struct Grouped<'a> {
    store: &'a dyn Store,
    added: u32,
}

impl Grouped<'_> {
    /// Adds and cancels so many jobs, both in transactions of so many; how many a second.
    async fn rate(&mut self, size: u32, jobs: u32) -> Result<f64> {
        let begun = Instant::now();
        for _ in 0..jobs / size {
            let ids = self.add(size).await?;
            cancel(self.store, &ids).await?;
        }
        Ok(f64::from(jobs) / begun.elapsed().as_secs_f64())
    }

    /// As the start of a sprint does.
    async fn add(&mut self, size: u32) -> Result<Vec<JobId>> {
        let mut new = Vec::new();
        for n in self.added..self.added + size {
            new.push(NewJob {
                id: format!("g{n}").parse()?,
                user: "u".parse()?,
                product: "p0".parse()?,
                task: None,
                idea: None,
                run: Some("r-own".parse()?),
                kind: Kind::SprintImplementation,
                sequence: n.into(),
                branch: None,
                repo_url: None,
                ready: true,
            });
        }
        self.added += size;
        let mut tx = self.store.begin().await?;
        tx.add_jobs(&new, &stamp()).await?;
        tx.commit().await?;
        Ok(new.into_iter().map(|new| new.id).collect())
    }
}

/// As cascades and sweeps end jobs: held, read, decided one by one, and written together.
async fn cancel(store: &dyn Store, ids: &[JobId]) -> Result<()> {
    let mut tx = store.begin().await?;
    tx.hold(Of::Jobs(ids), None).await?;
    let mut moves = Vec::new();
    for job in tx.jobs_by_id(ids).await? {
        let AnyJob::Queued(queued) = AnyJob::try_from(job.row)? else { return Err("not queued".into()) };
        let step = queued.cancel(Stop::by_user("nobody needs it"), tx.now());
        moves.push((Change::Job(step.into()), stamp()));
    }
    if moves.len() != ids.len() {
        return Err(format!("{} of {} jobs are there", moves.len(), ids.len()).into());
    }
    tx.apply_all(&moves).await?;
    Ok(tx.commit().await?)
}

/// The calls of people and workers that concern many jobs.
struct Calls<'a> {
    fleet: &'a Fleet,
    person: Session,
    worker: Worker,
    sprints: u32,
}

impl<'a> Calls<'a> {
    fn new(fleet: &'a Fleet) -> Result<Self> {
        let person = Session::person(Some(&Secret::shown(TOKEN)), "person".parse()?);
        Ok(Self { fleet, person, worker: Worker::new(&fleet.app, 0)?, sprints: 0 })
    }

    /// Starts sprints of so many tasks until there were so many jobs, and ends the jobs of each before the next; how many a
    /// second were added, and how many ended.
    async fn rates(&mut self, size: u32, jobs: u32) -> Result<(f64, f64)> {
        let (mut adding, mut ending) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..jobs / size {
            let ask = StartSprint {
                product: "p0".to_owned(),
                sprint_id: Some(self.plan(size).await?),
                ..StartSprint::default()
            };
            let begun = Instant::now();
            let run = self.fleet.app.start_sprint(&self.person, ask).await?;
            adding += begun.elapsed();
            let [first, ..] = run.jobs.as_slice() else { return Err("no job was added".into()) };
            if size == 1 {
                let begun = Instant::now();
                self.fleet.app.cancel_job(&self.person, &first.job_id, None).await?;
                ending += begun.elapsed();
            } else {
                let job = self.worker.claim(&*self.fleet.store).await?.ok_or("the queue is empty")?;
                self.worker.session.remember(&job, 1);
                let begun = Instant::now();
                self.worker.report(&job, ReportStatus::Failed).await?;
                ending += begun.elapsed();
            }
            let open = self.open(&run.sprint_run_id).await?;
            if open > 0 || run.jobs.len() != size as usize {
                return Err(format!("of {} jobs {open} are open", run.jobs.len()).into());
            }
        }
        Ok((f64::from(jobs) / adding.as_secs_f64(), f64::from(jobs) / ending.as_secs_f64()))
    }

    /// A sprint of one backlog item with so many tasks, which stand in stories of five.
    async fn plan(&mut self, tasks: u32) -> Result<String> {
        let (name, stamp) = (format!("x{}", self.sprints), stamp());
        self.sprints += 1;
        let mut tx = self.fleet.store.begin().await?;
        let sprint = NewSprint {
            id: name.parse()?,
            product: "p0".parse()?,
            code: format!("S-{name}"),
            goal: "sell".to_owned(),
        };
        tx.add_sprint(&sprint, &stamp).await?;
        let item = NewPbi {
            id: name.parse()?,
            product: "p0".parse()?,
            code: format!("PBI-{name}"),
            title: "item".to_owned(),
            description: None,
            priority: 2,
            sort_order: None,
        };
        tx.add_pbi(&item, &stamp).await?;
        for n in 0..tasks {
            let story = format!("{name}-{}", n / STORY);
            if n % STORY == 0 {
                let story = NewStory {
                    id: story.parse()?,
                    pbi: item.id.clone(),
                    product: "p0".parse()?,
                    sprint: Some(sprint.id.clone()),
                    code: format!("ST-{story}"),
                    title: "story".to_owned(),
                    description: None,
                    acceptance_criteria: None,
                    priority: 2,
                    sort_order: None,
                };
                tx.add_story(&story, &stamp).await?;
            }
            let task = NewTask {
                id: format!("{name}-t{n}").parse()?,
                story: story.parse()?,
                code: format!("T-{name}-{n}"),
                title: "task".to_owned(),
                description: None,
                implementation_plan: Some("change `a.rs`".to_owned()),
                priority: 2,
                sort_order: None,
                repo_url: Some("https://example.org/shop.git".to_owned()),
                policy: Policy::default(),
            };
            tx.add_task(&task, &stamp).await?;
        }
        tx.commit().await?;
        Ok(name)
    }

    /// How many jobs of a run are open.
    async fn open(&self, run: &str) -> Result<usize> {
        Ok(self.fleet.store.read().await?.open_jobs_of_run(&run.parse()?, 1_000).await?.len())
    }
}
