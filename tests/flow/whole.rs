//! One run of everything, told as it goes: two bare remotes, a forge of another kind before each, and a person who looks
//! on, merges, and changes what is in the way. `snapshots/whole_run.snap` is the story.

use std::time::Duration;

use sprintgate::domain::forge::{ForgeHost, ForgeKind};
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::flow::wire::ReportStatus::Failed;
use sprintgate::flow::wire::{CreateTask, JobAnswer, UpdateJobStatus};
use sprintgate::flow::{AddProduct, Polls, Settings, Sprintgate, StartSprint};
use sprintgate::forge::Forges;
use sprintgate::git::{Git, GitSettings};

use super::forged::{Forged, SHORT};
use super::world::{plan, report, sh};
use crate::forge::ground::settings;
use crate::forge::server::Server;

struct Whole {
    world: Forged,
    /// The forge before the second remote, of the other kind.
    other: Server,
    polls: Polls,
    told: Vec<String>,
}

impl Whole {
    /// A product that publishes a story at a time, with its own remote at GitHub, and `desk`, which publishes a sprint at
    /// a time, with one at Forgejo.
    async fn new() -> Self {
        let mut world = Forged::new(ForgeKind::GitHub).await;
        let at = world.dir.path().to_owned();
        sh(&at, "git clone -q --bare origin.git other.git && git clone -q other.git theirs 2>/dev/null");
        let other = Server::showing(&at.join("other.git")).await;
        let hosts = [world.server.host(ForgeKind::GitHub), other.host(ForgeKind::Forgejo)];
        let hosts = hosts.map(|host| ForgeHost::new(host).unwrap());
        let remote = |name: &str| RemoteUrl::new(at.join(name).display().to_string()).unwrap();
        let known = [settings(&world.server, ForgeKind::GitHub), settings(&other, ForgeKind::Forgejo)];
        let [github, forgejo] = hosts;
        let forges = Forges::new(known)
            .unwrap()
            .standing_for(&remote("origin.git"), github, "shop/basket".parse().unwrap())
            .standing_for(&remote("other.git"), forgejo, "shop/basket".parse().unwrap());
        let git = Git::new(GitSettings {
            worktree_root: at.join("worktrees"),
            vault_root: at.join("vault"),
            timeout: Duration::from_secs(60),
            credential_helper: None,
        });
        let roots = [("origin".to_owned(), at.join("clone")), ("other".to_owned(), at.join("theirs"))];
        let set = Settings { repo_roots: roots.into(), pr_wait: SHORT, ..Settings::default() };
        world.world.app = Sprintgate::new(world.store().await, git.unwrap(), set).with_forges(forges);
        let desk = AddProduct {
            name: "desk".into(),
            repo_url: Some(remote("other.git").to_string()),
            pr_strategy: Some("SPRINT".into()),
            auto_pr: true,
            ..AddProduct::default()
        };
        world.app.add_product(&world.person, desk).await.unwrap();
        Self { world, other, polls: Polls::default(), told: Vec::new() }
    }

    fn tell(&mut self, what: impl Into<String>) {
        self.told.push(what.into());
    }

    /// Has the effects done, and tells how things stand at both forges and at the remotes.
    async fn look(&mut self) {
        while self.world.perform().await.tries() > 0 {}
        let shown = |name: &str, server: &Server| -> Vec<String> {
            let state = server.state();
            let pulls = state.pulls.iter().map(|pull| {
                let is = match (pull.merged.is_some(), pull.closed, pull.scheduled.is_some()) {
                    (true, ..) => "merged",
                    (_, true, _) => "closed",
                    (_, _, true) => "open, to be merged when its checks pass",
                    _ => "open",
                };
                let draft = if pull.draft { ", a draft" } else { "" };
                format!("    {name} #{} `{}`: {is}{draft}", pull.number, pull.title)
            });
            pulls.collect()
        };
        let mut lines = shown("GitHub", &self.world.server);
        lines.extend(shown("Forgejo", &self.other));
        for (name, at) in [("origin", "origin.git"), ("other", "other.git")] {
            let at = self.world.dir.path().join(at);
            let heads =
                sh(&at, "git for-each-ref --format='%(refname:short)' refs/heads | grep -v main | wc -l");
            lines.push(format!("    {name}: {} branches beside main", heads.trim()));
        }
        self.told.extend(lines);
    }

    /// Imports a plan for a product and starts it; its run.
    async fn start(
        &mut self,
        product: &str,
        title: &str,
        stories: &[&[(&str, &str, &str)]],
    ) -> (String, String) {
        let plan = plan(title, stories);
        let made = self.world.app.import(&self.world.person, product, &plan).await.unwrap();
        let ask =
            StartSprint { product: product.into(), pbis: vec![made.pbi.code], ..StartSprint::default() };
        let run = self.world.app.start_sprint(&self.world.person, ask).await.unwrap();
        (run.sprint_run_id, made.stories[0].id.clone())
    }

    /// An agent takes the next job and carries it out.
    async fn carry(&mut self, file: &str) {
        let (job, said) = self.world.carry(file).await;
        self.tell(format!("  `{}` is {}", title(&job), said.status));
    }

    async fn board(&mut self) {
        let run = self.world.board().await.remove(0);
        self.tell(format!("    {run}"));
    }
}

fn title(job: &JobAnswer) -> String {
    job.task.as_ref().unwrap().title.clone()
}

#[tokio::test]
async fn two_remotes_two_forges_and_all_that_happens_there() {
    let mut whole = Whole::new().await;

    whole.tell(
        "A story of two repositories: each has its pull request, and both are merged when the story is done",
    );
    let made =
        whole.world.import(&plan("basket", &[&[("the basket holds more", "- `src/a.rs`", "ANY")]])).await;
    let task = CreateTask {
        story_id: made.stories[0].id.clone(),
        title: "the page shows more".into(),
        priority: 1,
        implementation_plan: Some("- `src/b.rs`".into()),
        repo_url: Some(whole.world.dir.path().join("other.git").display().to_string()),
        ..CreateTask::default()
    };
    whole.world.app.create_task(&whole.world.person, task).await.unwrap();
    whole.world.start(&[&made.pbi.code]).await.unwrap();
    whole.carry("src/a.rs").await;
    whole.look().await;
    whole.carry("src/b.rs").await;
    whole.look().await;

    whole.tell("A sprint: a draft until the run is done, and then for people");
    let stories: &[&[_]] = &[&[("a drawer", "- `src/c.rs`", "ANY")], &[("a lamp", "- `src/d.rs`", "ANY")]];
    whole.start("desk", "desk", stories).await;
    whole.carry("src/c.rs").await;
    whole.look().await;
    whole.carry("src/d.rs").await;
    whole.look().await;
    whole.board().await;

    whole.tell("A conflict: somebody changes main while the checks run, and the run waits for a person");
    whole.world.checks_run();
    let stories: &[&[_]] = &[&[("prices", "- `src/e.rs`", "ANY")], &[("taxes", "- `src/f.rs`", "ANY")]];
    let (run, _) = whole.start("shop", "prices", stories).await;
    whole.carry("src/e.rs").await;
    whole.look().await;
    whole.world.server.state().repo.commit("main", None, "src/e.rs", "somebody else's\n");
    whole.world.pass(16 * 60);
    let moved = whole.world.app.poll_pull_requests(&mut whole.polls).await.unwrap().moved;
    whole.tell(format!("  the forges are asked: {moved} moved"));
    whole.board().await;
    whole.look().await;
    let number = whole.world.server.state().pulls.len();
    let branch = whole.world.server.state().pulls[number - 1].branch.clone();
    let solve = "git merge -q -s ours origin/main -m solved && git push -q";
    sh(&whole.world.clone_dir(), &format!("git fetch -q && git checkout -q {branch} && {solve}"));
    let resumed = whole.world.app.resume_run(&whole.world.person, &run).await.unwrap();
    whole.tell(format!("  a person solves it, and the run is {}", resumed.status));
    whole.world.server.state().merge(number - 1, "prices", "by ann").unwrap();
    whole.carry("src/f.rs").await;
    whole.world.pass(16 * 60);
    whole.world.app.poll_pull_requests(&mut whole.polls).await.unwrap();
    whole.look().await;
    let head = {
        let state = whole.world.server.state();
        state.head(state.pulls.last().unwrap())
    };
    whole.world.server.state().check(&head, "build", true, "success");
    whole.world.pass(16 * 60);
    whole.world.app.poll_pull_requests(&mut whole.polls).await.unwrap();
    whole.tell("  a person merges the first, and the checks of the second pass");
    whole.look().await;
    whole.board().await;

    whole.tell("A failure: what was merged is reverted, what is open is closed, and its branch goes");
    {
        let mut state = whole.world.server.state();
        (state.checked_always, state.protected) = (false, false);
    }
    let stories: &[&[_]] = &[
        &[("a coupon", "- `src/g.rs`", "ANY")],
        &[("a voucher", "- `src/h.rs`", "ANY"), ("its print", "- `src/i.rs`", "ANY")],
    ];
    whole.start("shop", "coupons", stories).await;
    whole.carry("src/g.rs").await;
    // One after the other, so that pull requests are numbered like the stories.
    while whole.world.perform().await.tries() > 0 {}
    whole.carry("src/h.rs").await;
    whole.look().await;
    let failing = whole.world.claim(&whole.world.worker).await;
    let ask = UpdateJobStatus { error: Some("no printer".into()), ..report(&failing, Failed) };
    let said = whole.world.app.update_job_status(&whole.world.worker, ask).await.unwrap();
    whole.tell(format!("  `{}` is {}: {}", title(&failing), said.status, said.error.unwrap()));
    whole.look().await;
    whole.board().await;

    whole.world.sound().await;
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("whole_run", whole.told.join("\n")));
}
