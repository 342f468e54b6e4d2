//! Whoever carries out effects is killed at each request to the forge, before it is carried out there or right after;
//! somebody else goes on, and comes to the same end as if nobody had been killed. No pull request is opened twice.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sprintgate::domain::forge::ForgeKind::{self, Forgejo, GitHub};
use sprintgate::flow::wire::ReportStatus::Failed;
use sprintgate::flow::wire::UpdateJobStatus;
use sprintgate::flow::{Polls, Sprintgate};
use sprintgate::git::{Git, GitSettings};
use tokio::sync::Notify;

use super::forged::{Forged, SHORT, forges};
use super::world::{report, sh};
use crate::forge::server::Dies;

/// The lease of an effect, in seconds.
const LEASE: i64 = 300;

/// A world whose effects are carried out by processes that die.
struct Deadly {
    world: Forged,
    now: Arc<Notify>,
    died: usize,
}

/// What happens before the effects, told once for each life.
#[derive(Debug, Clone, Copy)]
enum Life {
    /// A story is opened, asked to be merged, and merged when its checks pass.
    Story,
    /// A run's draft is opened and made ready.
    Sprint,
    /// A job fails, and what its sibling has open is closed and deleted.
    Closed,
    /// A job fails after its sibling's work was merged.
    Reverted,
    /// A person pushes to one branch whose merge was asked for, another is in conflict, and both are seen and solved.
    Followed,
}

impl Deadly {
    async fn new(kind: ForgeKind, life: Life) -> Self {
        let world = match life {
            Life::Sprint => Forged::sprints(kind).await,
            _ => Forged::new(kind).await,
        };
        Self { world, now: Arc::default(), died: 0 }
    }

    /// Tries effects until none is left. Who dies is followed by another process, after the lease.
    async fn effects(&mut self) {
        for _ in 0..20 {
            let is_dead = tokio::select! {
                biased;
                () = self.now.notified() => true,
                _ = self.world.perform() => false,
            };
            if is_dead {
                self.died += 1;
                self.another().await;
                self.world.pass(LEASE + 1);
            } else if self.world.waiting().await.is_empty() {
                return;
            } else {
                self.world.pass(60);
            }
        }
        panic!("{:?} are left", self.world.waiting().await);
    }

    /// Asks the forge how its pull requests go, until nothing moves. Who dies is followed by another process, which
    /// remembers nothing.
    async fn polls(&mut self) {
        let mut polls = Polls::default();
        for _ in 0..20 {
            self.world.pass(16 * 60);
            let polled = tokio::select! {
                biased;
                () = self.now.notified() => None,
                polled = self.world.app.poll_pull_requests(&mut polls) => Some(polled.unwrap()),
            };
            match polled {
                Some(polled) if polled.moved == 0 && polled.away.is_empty() => return,
                Some(_) => {}
                None => {
                    self.died += 1;
                    polls = Polls::default();
                    self.another().await;
                }
            }
        }
        panic!("something moves each time");
    }

    /// Another process on the same machine.
    async fn another(&mut self) {
        let at = self.world.dir.path();
        let git = Git::new(GitSettings {
            worktree_root: at.join("worktrees"),
            vault_root: at.join("vault"),
            timeout: Duration::from_secs(60),
            credential_helper: None,
        });
        let settings = self.world.app.settings().clone();
        let forges = forges(&self.world.server, self.world.kind, &self.world.origin());
        let app = Sprintgate::new(self.world.another_store().await, git.unwrap(), settings);
        self.world.world.app = app.with_forges(forges).waiting_for_pull_requests(SHORT);
    }

    async fn live(&mut self, life: Life) {
        match life {
            Life::Story | Life::Sprint => {
                if matches!(life, Life::Story) {
                    let mut state = self.world.server.state();
                    (state.checked_always, state.protected) = (true, true);
                }
                self.world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")]]).await;
                self.world.carry("src/a.rs").await;
                self.effects().await;
                let (_, said) = self.world.carry("src/b.rs").await;
                self.effects().await;
                let head = said.head_sha.unwrap();
                self.world.server.state().check(&head, "build", true, "success");
            }
            Life::Closed => {
                self.world.begin(TWO_OF_ONE).await;
                self.world.carry("src/a.rs").await;
                self.effects().await;
                self.fail().await;
            }
            Life::Followed => {
                self.world.checks_run();
                let run = self.world.begin(THREE).await.sprint_run_id;
                for file in ["src/a.rs", "src/b.rs"] {
                    self.world.carry(file).await;
                    self.effects().await;
                }
                let branch = |at: usize| self.world.server.state().pulls[at].branch.clone();
                let (pushed, conflicting) = (branch(0), branch(1));
                self.world.server.state().repo.commit(&pushed, None, "people.txt", "a person's\n");
                self.world.server.state().repo.commit("main", None, "src/b.rs", "somebody else's\n");
                self.polls().await;
                self.effects().await;
                let solve = format!(
                    "git fetch -q && git checkout -q {conflicting} && git merge -q -s ours origin/main -m solved \
                     && git push -q"
                );
                sh(&self.world.clone_dir(), &solve);
                self.polls().await;
                self.world.app.resume_run(&self.world.person, &run).await.unwrap();
                self.polls().await;
            }
            Life::Reverted => {
                self.world
                    .begin(&[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/b.rs`", "ANY")]])
                    .await;
                self.world.carry("src/a.rs").await;
                self.effects().await;
                self.fail().await;
            }
        }
        self.effects().await;
    }

    async fn fail(&mut self) {
        let failing = self.world.claim(&self.world.worker).await;
        let ask = UpdateJobStatus { error: Some("it does not compile".into()), ..report(&failing, Failed) };
        self.world.app.update_job_status(&self.world.worker, ask).await.unwrap();
    }

    /// What is there in the end: rows, pull requests, branches.
    async fn end(&self) -> Vec<String> {
        let mut end = self.world.publications().await;
        end.extend(self.world.jobs().await);
        end.push(self.world.board().await.remove(0));
        {
            let state = self.world.server.state();
            end.extend(state.pulls.iter().map(|pull| {
                let (merged, scheduled) = (pull.merged.is_some(), pull.scheduled.is_some());
                // A name of ours has the job's digits.
                let title = pull.title.split(" of ").next().unwrap_or_default();
                format!(
                    "{}: draft {}, closed {}, merged {merged}, scheduled {scheduled}, {} comments",
                    title,
                    pull.draft,
                    pull.closed,
                    pull.comments.len()
                )
            }));
        }
        let listed =
            sh(&self.world.origin(), "git for-each-ref --format='%(refname:short)' refs/heads | wc -l");
        end.push(format!("{} branches", listed.trim()));
        end
    }
}

/// Two tasks of one story, which change the same.
const TWO_OF_ONE: &[&[(&str, &str, &str)]] =
    &[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/a.rs`", "ANY")]];
/// Three stories of a task each.
const THREE: &[&[(&str, &str, &str)]] = &[
    &[("one", "- `src/a.rs`", "ANY")],
    &[("two", "- `src/b.rs`", "ANY")],
    &[("three", "- `src/c.rs`", "ANY")],
];

/// One life, in which somebody is killed with the request after so many others; how it ended, and how often somebody died.
async fn one(kind: ForgeKind, life: Life, death: Option<(usize, bool)>) -> (Vec<String>, usize) {
    let mut deadly = Deadly::new(kind, life).await;
    let now = deadly.now.clone();
    deadly.world.server.state().dies = death.map(|(after, done)| Dies { after, done, now });
    deadly.live(life).await;
    deadly.world.sound().await;
    (deadly.end().await, deadly.died)
}

/// Every third request of a short life and every ninth of a long one, by turns before and after it is carried out; each
/// one, both ways, with `SPRINTGATE_MATRIX=all`.
#[allow(clippy::print_stdout, reason = "the count of kills is what a long run is for")]
async fn killed_at_each_request(kind: ForgeKind, life: Life) {
    let (wanted, _) = one(kind, life, None).await;
    let (all, few) = (is_whole(), if matches!(life, Life::Followed) { 9 } else { 3 });
    let mut kills = 0;
    for after in (0..).step_by(if all { 1 } else { few }) {
        let both = [after % 2 == 1, after % 2 == 0];
        for done in &both[..if all { 2 } else { 1 }] {
            let (end, died) = one(kind, life, Some((after, *done))).await;
            assert_eq!(end, wanted, "killed with request {after}, carried out: {done}");
            if died == 0 {
                println!("{kind:?} {life:?}: {kills} kills");
                assert!(kills >= 2, "{kills}");
                return;
            }
            kills += 1;
        }
    }
}

fn is_whole() -> bool {
    std::env::var("SPRINTGATE_MATRIX").is_ok_and(|what| what == "all")
}

macro_rules! lives {
    ($($name:ident: $kind:ident $life:ident,)+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                killed_at_each_request($kind, Life::$life).await;
            }
        )+
    };
}

lives! {
    a_story_is_merged_whoever_dies: GitHub Story,
    a_draft_is_made_ready_whoever_dies: Forgejo Sprint,
    what_a_cascade_closes_is_closed_whoever_dies: Forgejo Closed,
    what_a_cascade_reverts_is_reverted_once_whoever_dies: GitHub Reverted,
    what_people_do_at_the_forge_is_followed_whoever_dies: GitHub Followed,
}

/// Whoever opens the pull request is killed, and before the next one tries, a job of the story fails: nothing stays open,
/// and whatever was opened is known. At both kinds of forges with `SPRINTGATE_MATRIX=all`.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_opened_by_one_that_died_is_closed_though_a_cascade_came_between() {
    for kind in if is_whole() { &[GitHub, Forgejo][..] } else { &[GitHub] } {
        let mut ends = BTreeMap::new();
        for after in 0.. {
            let mut died = 0;
            for done in [false, true] {
                let mut deadly = Deadly::new(*kind, Life::Closed).await;
                deadly.world.begin(TWO_OF_ONE).await;
                deadly.world.carry("src/a.rs").await;
                let now = deadly.now.clone();
                deadly.world.server.state().dies = Some(Dies { after, done, now });
                let is_dead = tokio::select! {
                    biased;
                    () = deadly.now.notified() => true,
                    _ = deadly.world.perform() => false,
                };
                died += usize::from(is_dead);
                deadly.world.server.state().dies = None;
                deadly.another().await;
                deadly.fail().await;
                deadly.world.pass(LEASE + 1);
                deadly.effects().await;
                deadly.world.sound().await;
                let pulls = deadly.world.server.state().pulls.clone();
                assert!(
                    pulls.iter().all(|pull| pull.closed),
                    "{kind:?}, with request {after}, carried out: {done}"
                );
                let known = deadly.world.publications().await;
                let wanted: Vec<String> =
                    pulls.iter().map(|pull| format!("CLOSED {}", pull.number)).collect();
                if pulls.is_empty() {
                    assert_eq!(known, ["BRANCH_PUSHED"]);
                } else {
                    assert_eq!(known, wanted);
                }
                *ends.entry((is_dead, pulls.len())).or_insert(0) += 1;
            }
            if died == 0 {
                break;
            }
        }
        assert!(ends.contains_key(&(true, 0)) && ends.contains_key(&(true, 1)), "{ends:?}");
    }
}
