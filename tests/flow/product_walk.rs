//! Many attempts that want the worktrees of few products, from two processes, and every way in which they end: never two
//! holders of one, all of what was asked for or none, and nothing left of an attempt that has ended. Agents write into
//! what they were given, also those that have not noticed their end.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use sprintgate::domain::attempt::Status as AttemptStatus;
use sprintgate::domain::id::{JobId, ProductId};
use sprintgate::domain::worktree::Lock;
use sprintgate::flow::wire::{JobHeartbeat, ProductTree};
use sprintgate::flow::{FlowError, Sprintgate};
use sprintgate::store::Confirmation;
use tokio::task::JoinHandle;

use super::ideas::{Ideas, failed};
use crate::until::until;

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// An attempt that was begun and that nobody has ended.
struct Live {
    job: JobId,
    wants: BTreeSet<ProductId>,
    asks: Option<JoinHandle<Result<Vec<ProductTree>, FlowError>>>,
    holds: bool,
    /// Where its agent works.
    folders: Vec<PathBuf>,
}

impl Live {
    /// Its agent looks after its work: it is there, and nobody else's is.
    fn finds_its_own(&self) {
        for folder in &self.folders {
            let mut names: Vec<String> = fs::read_dir(folder.join("src"))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            names.sort();
            assert_eq!(names, ["a.rs".to_owned(), format!("of-{}", self.job)], "{}", folder.display());
        }
    }
}

/// Where an agent works, and for which job.
type Ghost = (PathBuf, JobId);

fn write(folder: &std::path::Path, job: &JobId) {
    // its folder may have been removed
    drop(fs::write(folder.join("src").join(format!("of-{job}")), "x"));
}

struct Walk {
    world: Ideas,
    apps: [Sprintgate; 2],
    products: Vec<ProductId>,
    live: Vec<Live>,
    /// Agents that have not noticed that they were taken their jobs.
    ghosts: Vec<Ghost>,
    dice: Dice,
    begun: usize,
    waited: usize,
    /// Everybody who was seen to hold a lock.
    held: BTreeSet<JobId>,
}

impl Walk {
    /// A new attempt that asks for one to three products, in any order.
    async fn begin(&mut self) {
        self.begun += 1;
        let first = self.dice.below(self.products.len());
        let wants: Vec<ProductId> = (0..=self.dice.below(3))
            .map(|next| self.products[(first + next * (1 + first)) % self.products.len()].clone())
            .collect();
        let name = format!("job-{}", self.begun);
        let host = ["localhost", "elsewhere"][self.begun % 2];
        let job = self.world.idea_job(&name, &self.world.token, host, &wants[0]).await;
        let (app, worker) = (self.apps[self.begun % 2].clone(), self.world.another_worker("w1"));
        let (id, asked) = (job.clone(), wants.clone());
        let asks = tokio::spawn(async move { app.product_trees(&worker, &id, 1, &asked).await });
        // as soon as it is written that it asks, it holds all locks or waits for them
        let mut stands = None;
        until("it asks, or is refused", async || {
            stands = self.world.stands(&job).await;
            stands.is_some() || asks.is_finished()
        })
        .await;
        self.waited += usize::from(stands == Some("ACQUIRING_LOCK"));
        self.live.push(Live {
            job,
            wants: wants.into_iter().collect(),
            asks: Some(asks),
            holds: false,
            folders: Vec::new(),
        });
    }

    /// Ends one of them, by whichever process, on whoever's word; some are killed in the middle of asking.
    async fn end(&mut self) {
        if self.live.is_empty() {
            return;
        }
        let one = self.live.remove(self.dice.below(self.live.len()));
        let (app, job) = (self.apps[self.dice.below(2)].clone(), one.job.as_str());
        if let (Some(asks), 0) = (&one.asks, self.dice.below(3)) {
            asks.abort();
        }
        match self.dice.below(3) {
            0 => {
                app.cancel_job(&self.world.person, job, None).await.unwrap();
                if self.dice.below(2) == 0 {
                    self.ghosts.extend(one.folders.into_iter().map(|folder| (folder, one.job.clone())));
                } else {
                    let how = Confirmation::Confirmed;
                    app.confirm_stop(&self.world.worker, &one.job, 1, how).await.unwrap();
                }
            }
            1 => drop(app.give_back(&self.world.worker, &one.job, 1, "no agent").await.unwrap()),
            _ => drop(app.update_job_status(&self.world.worker, failed(&one.job)).await.unwrap()),
        }
    }

    /// Whoever cleans up is kept up by nobody.
    async fn clean(&mut self) {
        let app = self.apps[self.dice.below(2)].clone();
        if self.dice.below(2) == 0 {
            app.tidy().await.unwrap();
        } else {
            app.clean_worktrees(&self.world.person, false).await.unwrap();
        }
    }

    /// A lease goes by; those that gave a sign of life in its middle live on.
    async fn expire(&mut self) {
        self.world.pass(200);
        for one in &self.live {
            if self.dice.below(2) == 0 {
                let beat = JobHeartbeat { job_id: one.job.to_string(), attempt: Some(1) };
                self.apps[0].job_heartbeat(&self.world.worker, beat).await.unwrap();
            }
        }
        self.world.pass(101);
        // some give it too late, when nobody or somebody has noticed
        for one in &self.live {
            if self.dice.below(3) == 0 {
                let beat = JobHeartbeat { job_id: one.job.to_string(), attempt: Some(1) };
                let late = self.apps[1].job_heartbeat(&self.world.worker, beat).await;
                assert!(late.as_ref().err().is_none_or(|why| why.code() == "LEASE_LOST"), "{late:?}");
            }
        }
        self.apps[self.dice.below(2)].sweep().await.unwrap();
        // who waits has given signs of life as well
        let mut tx = self.world.store.read().await.unwrap();
        for one in std::mem::take(&mut self.live) {
            let attempt = tx.attempt(&one.job, 1).await.unwrap().unwrap();
            if attempt.row.status == AttemptStatus::Held {
                self.live.push(one);
            } else {
                self.ghosts.extend(one.folders.into_iter().map(|folder| (folder, one.job.clone())));
            }
        }
    }

    /// What the database says, and what those who were answered believe.
    async fn look(&mut self) {
        for one in &mut self.live {
            if one.asks.as_ref().is_some_and(JoinHandle::is_finished) {
                match one.asks.take().unwrap().await.unwrap() {
                    Ok(trees) => {
                        assert_eq!(trees.len(), one.wants.len());
                        one.holds = true;
                        one.folders = trees
                            .into_iter()
                            .filter_map(|tree| tree.worktree_path.map(PathBuf::from))
                            .collect();
                        one.folders.iter().for_each(|folder| write(folder, &one.job));
                    }
                    Err(error) => assert_eq!(error.code(), "WORKTREE_LOCKED", "{error}"),
                }
            }
        }
        self.ghosts.iter().for_each(|(folder, job)| write(folder, job));
        self.live.iter().for_each(Live::finds_its_own);
        let mut taken: BTreeMap<&ProductId, &JobId> = BTreeMap::new();
        for one in self.live.iter().filter(|one| one.holds) {
            for product in &one.wants {
                let other = taken.insert(product, &one.job);
                assert_eq!(other, None, "{product} has two holders, one of them {}", one.job);
            }
        }
        let mut tx = self.world.store.read().await.unwrap();
        let mut held: BTreeMap<JobId, BTreeSet<Lock>> = BTreeMap::new();
        for product in &self.products {
            let lock = Lock::Product(product.clone());
            if let Some(holder) = tx.lock_holder(&lock).await.unwrap() {
                held.entry(holder.job).or_default().insert(lock);
            }
        }
        for one in self.live.iter().filter(|one| one.holds) {
            let locks = one.wants.iter().cloned().map(Lock::Product).collect();
            assert_eq!(held.get(&one.job), Some(&locks), "{} lives and has not all of its locks", one.job);
        }
        for (job, locks) in held {
            let row = tx.worktree(&job, 1).await.unwrap().unwrap();
            assert!(row.status.is_held(), "{job}: {}", row.status);
            assert_eq!(row.locks, Vec::from_iter(locks), "{job} has all of its locks, in order, or none");
            let attempt = tx.attempt(&job, 1).await.unwrap().unwrap();
            assert_eq!(attempt.row.status, AttemptStatus::Held, "{job} has ended and holds locks");
            self.held.insert(job);
        }
    }
}

#[tokio::test]
async fn a_lock_has_one_holder_whatever_happens_to_whom() {
    let world = Ideas::new().await;
    let mut products = Vec::new();
    for (name, url) in
        [("one", None), ("two", Some(world.origin())), ("three", None), ("four", Some(world.origin()))]
    {
        products.push(world.product(name, url.map(|url| url.display().to_string())).await);
    }
    let apps = [world.app.clone(), world.another_host().await];
    let dice = Dice(20_261_122);
    let mut walk = Walk {
        world,
        apps,
        products,
        live: Vec::new(),
        ghosts: Vec::new(),
        dice,
        begun: 0,
        waited: 0,
        held: BTreeSet::new(),
    };
    for _ in 0..48 {
        match walk.dice.below(10) {
            0..5 => walk.begin().await,
            5..8 => walk.end().await,
            8 => walk.clean().await,
            _ => walk.expire().await,
        }
        walk.look().await;
    }
    // whoever is left gets its turn as soon as those before it have ended
    until("everybody's turn", async || {
        if let Some(holder) = walk.live.iter().position(|one| one.holds || one.asks.is_none()) {
            let one = walk.live.remove(holder);
            walk.apps[1].cancel_job(&walk.world.person, one.job.as_str(), None).await.unwrap();
        }
        walk.look().await;
        walk.live.is_empty()
    })
    .await;
    for product in &walk.products {
        assert_eq!(walk.world.holder(product).await, None);
    }
    let (held, waited) = (walk.held.len(), walk.waited);
    assert!(held >= 5 && waited >= 5, "of {} attempts {held} were seen to hold, {waited} waited", walk.begun);
    walk.world.sound().await;
}
