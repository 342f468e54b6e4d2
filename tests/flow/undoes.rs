//! What a failure undoes at the forge and on the remote, as effects.

use sprintgate::domain::forge::ForgeKind::{Forgejo, GitHub};
use sprintgate::flow::wire::ReportStatus::{Failed, Running};
use sprintgate::flow::wire::{JobAnswer, Reported, UpdateJobStatus, UpdateTaskStatus};
use sprintgate::flow::{Session, StartSprint};
use sprintgate::store::Confirmation;

use super::forged::Forged;
use super::world::{id, plan, report, sh, tree};
use crate::forge::server::{Answer, Fault, Pull, What};

/// The lease of a job, in seconds.
const LEASE: i64 = 300;

impl Forged {
    async fn fails(&self, session: &Session, job: &JobAnswer) -> Reported {
        let ask = UpdateJobStatus { error: Some("it does not compile".into()), ..report(job, Failed) };
        self.app.update_job_status(session, ask).await.unwrap()
    }

    /// Merges a pull request as a person does.
    fn merges(&self, number: usize) -> String {
        self.server.state().merge(number - 1, "merged", "by ann").unwrap()
    }

    fn fault(&self, method: &'static str, path: &'static str, what: What) {
        self.server.state().faults.push(Fault { method, path, what });
    }

    /// How many pull requests were opened.
    fn opened(&self) -> usize {
        self.server.state().pulls.len()
    }

    /// The branches of the origin, without the default one.
    fn branches(&self) -> Vec<String> {
        let listed = sh(&self.origin(), "git for-each-ref --format='%(refname:short)' refs/heads");
        listed.lines().filter(|name| !matches!(*name, "main" | "trunk")).map(str::to_owned).collect()
    }

    async fn trace(&self, job: &JobAnswer) -> (Option<String>, Option<String>) {
        let shown = self.job(job.job_id.as_deref().unwrap()).await;
        (shown.cascade, shown.job.error)
    }

    /// Why steps were passed over.
    async fn passed_over(&self, job: &JobAnswer) -> Vec<String> {
        let plan = self.app.plan_cascade(&self.person, job.job_id.as_deref().unwrap()).await.unwrap();
        plan.steps.into_iter().filter_map(|step| step.effect?.passed_over).collect()
    }

    /// Each step that is done by an effect: the first word of its key, where its effect is, and whether it was passed over.
    async fn steps(&self, job: &JobAnswer) -> Vec<String> {
        let plan = self.app.plan_cascade(&self.person, job.job_id.as_deref().unwrap()).await.unwrap();
        let shown = plan.steps.iter().filter(|step| step.by == "effect").map(|step| {
            let (word, _) = step.planned.key.as_str().split_once('/').unwrap();
            let effect = step.effect.as_ref().unwrap();
            let passed = if effect.passed_over.is_some() { " passed over" } else { "" };
            format!("{word} {}{passed}", effect.status)
        });
        shown.collect()
    }
}

#[tokio::test]
async fn defect_065_a_done_siblings_merged_pull_request_is_reverted_once() {
    let world = Forged::new(GitHub).await;
    let run = world.begin(&[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/b.rs`", "ANY")]]).await;
    let (done, _) = world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["MERGED 1"], "its story is done");
    let failing = world.claim(&world.worker).await;
    let said = world.fails(&world.worker, &failing).await;
    assert_eq!((said.status.as_str(), said.error.as_deref()), ("failed", Some("it does not compile")));
    assert_eq!(said.cascade.as_deref(), Some("siblings_cancelled=0; waiting=2"));

    world.perform().await;
    assert_eq!(
        (world.opened(), world.publications().await),
        (2, vec!["MERGED 1".into(), "PR_OPENED 2".into()])
    );
    let made = world.server.state().pulls[1].clone();
    let merged = world.server.state().pulls[0].clone();
    assert_eq!(made.title, format!("Revert: {}", merged.title));
    assert!(
        made.branch.starts_with(&format!("revert/{}-", done.branch_name.as_deref().unwrap())),
        "{made:?}"
    );
    assert!(made.body.contains("it does not compile") && made.scheduled.is_none() && made.merged.is_none());
    let taken_back = format!("git diff --quiet {0} {1}~1 -- src/a.rs", made.branch, merged.merged.unwrap());
    sh(&world.origin(), &taken_back);
    // The job keeps its own error.
    let line = format!("siblings_cancelled=0; reverted={}->{}", world.url(1), world.url(2));
    let (trace, error) = world.trace(&failing).await;
    assert!(trace.as_deref().unwrap().starts_with(&line), "{trace:?}");
    assert_eq!(error.as_deref(), Some("it does not compile"));

    // Another failure of the same item finds it undone.
    let task_id = failing.task.as_ref().unwrap().id.clone();
    let again = UpdateTaskStatus { task_id, status: "todo".into(), sprint_run_id: None };
    world.pass(1);
    world.app.update_task_status(&world.person, again).await.unwrap();
    let ask =
        StartSprint { product: "shop".into(), sprint_id: Some(run.sprint_id), ..StartSprint::default() };
    world.app.start_sprint(&world.person, ask).await.unwrap();
    let second = world.claim(&world.worker).await;
    world.fails(&world.worker, &second).await;
    world.perform().await;
    assert_eq!(world.opened(), 2);
    assert_eq!(world.perform().await.tries(), 0, "nothing is left");
    world.sound().await;
}

#[tokio::test]
async fn an_open_pull_request_is_closed_with_a_word_and_its_branch_goes() {
    let world = Forged::new(Forgejo).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/a.rs`", "ANY")]]).await;
    world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["PR_OPENED 1"]);
    let failing = world.claim(&world.worker).await;
    world.fails(&world.worker, &failing).await;
    assert_eq!(world.steps(&failing).await, ["close PENDING", "delete PENDING"]);
    // The forge does it, and its answer is lost: the next try finds it done.
    world.fault("PATCH", "/pulls/1", What::ClosesAfter);
    assert_eq!(world.perform().await.again, 1);
    world.pass(LEASE);
    world.perform().await;
    let pull = world.server.state().pulls[0].clone();
    assert!(pull.closed && pull.merged.is_none());
    assert_eq!(pull.comments.len(), 1, "{:?}", pull.comments);
    assert!(pull.comments[0].contains(failing.job_id.as_deref().unwrap()));
    assert_eq!(world.publications().await, ["CLOSED 1"]);
    assert_eq!(world.branches(), [""; 0], "the forge keeps its commits by its number");
    assert_eq!(world.steps(&failing).await, ["delete DONE"]);
    let branch = failing.branch_name.as_deref().unwrap();
    let line = format!("siblings_cancelled=0; closed={}; branches_deleted={branch}", world.url(1));
    assert_eq!(world.trace(&failing).await.0, Some(line));
    world.sound().await;
}

#[tokio::test]
async fn what_was_merged_before_it_could_be_closed_is_reverted() {
    let world = Forged::new(GitHub).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/a.rs`", "ANY")]]).await;
    world.carry("src/a.rs").await;
    world.perform().await;
    let failing = world.claim(&world.worker).await;
    world.fails(&world.worker, &failing).await;
    world.merges(1);
    // The forge opens what takes it back, and dies with its answer: none is opened twice.
    world.fault("POST", "/pulls", What::ClosesAfter);
    world.perform().await;
    assert_eq!(world.opened(), 2);
    world.pass(LEASE);
    // So does its answer to the comment.
    world.fault("POST", "/comments", What::ClosesAfter);
    assert_eq!(world.perform().await.again, 1);
    assert_eq!(world.waiting().await, ["comment_pr"]);
    world.pass(LEASE);
    world.perform().await;
    assert_eq!(world.waiting().await, [""; 0]);
    assert_eq!(
        (world.opened(), world.publications().await),
        (2, vec!["MERGED 1".into(), "PR_OPENED 2".into()])
    );
    // It is not said to be closed, and it is said once which one takes it back.
    let comments = world.server.state().pulls[0].comments.clone();
    let [said] = comments.as_slice() else { panic!("{comments:?}") };
    assert!(said.contains(&world.url(2)) && said.contains(failing.job_id.as_deref().unwrap()), "{said}");
    let (trace, _) = world.trace(&failing).await;
    assert!(trace.unwrap().contains(&format!("reverted={}->{}", world.url(1), world.url(2))));
    world.sound().await;
}

#[tokio::test]
async fn a_merge_that_cannot_be_taken_back_is_left_to_a_person_who_is_told() {
    let world = Forged::new(GitHub).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")], &[("two", "- `src/b.rs`", "ANY")]]).await;
    world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["MERGED 1"]);
    let base = world.server.state().pulls[0].base.clone();
    world.server.state().repo.commit(&base, None, "src/a.rs", "changed by somebody since\n");
    let failing = world.claim(&world.worker).await;
    world.fails(&world.worker, &failing).await;
    assert_eq!(world.perform().await.gave_up, 1);
    assert_eq!(world.opened(), 1);
    let comments = world.server.state().pulls[0].comments.clone();
    assert_eq!(comments.len(), 1);
    assert!(comments[0].contains("src/a.rs"), "{comments:?}");
    let (trace, error) = world.trace(&failing).await;
    assert!(trace.unwrap().ends_with("warnings=1"));
    assert_eq!(error.as_deref(), Some("it does not compile"));
    world.sound().await;
}

#[tokio::test]
async fn a_branch_waits_for_a_worker_that_has_not_stopped() {
    let world = Forged::new(Forgejo).await;
    world
        .begin(&[
            &[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/a.rs`", "ANY")],
            &[("three", "- `src/b.rs`", "ANY")],
        ])
        .await;
    world.carry("src/a.rs").await;
    world.perform().await;
    let second = world.another_worker("w2");
    let live = world.claim(&second).await;
    assert_eq!(live.task.as_ref().unwrap().title, "two");
    world.report(&second, &live, Running).await.unwrap();
    std::fs::write(tree(&live).join("note.txt"), "never committed").unwrap();
    let failing = world.claim(&world.worker).await;
    world.fails(&world.worker, &failing).await;

    world.perform().await;
    assert!(world.server.state().pulls[0].closed);
    assert_eq!(world.branches().len(), 1, "its worker was told to stop and may be at it");
    assert!(tree(&live).join("note.txt").exists());
    let (trace, _) = world.trace(&failing).await;
    assert_eq!(trace, Some(format!("siblings_cancelled=1; closed={}; waiting=2", world.url(1))));
    world.app.confirm_stop(&second, &id(&live), 1, Confirmation::Confirmed).await.unwrap();
    world.pass(LEASE + 1);
    world.perform().await;
    assert_eq!(world.branches(), [""; 0]);
    assert!(!tree(&live).exists());
    let kept = format!("git show refs/salvage/{}/1:note.txt", id(&live));
    assert_eq!(sh(&world.vault(), &kept), "never committed");
    world.sound().await;
}

#[tokio::test]
async fn a_branch_that_another_run_goes_on_with_stays_with_its_pull_request() {
    let world = Forged::sprints(GitHub).await;
    let one = world.import(&plan("one", &[&[("first", "- `src/a.rs`", "ANY")]])).await;
    world.start(&[&one.pbi.code]).await.unwrap();
    let guests: &[&[(&str, &str, &str)]] =
        &[&[("guest", "- `src/b.rs`", "ANY"), ("more", "- `src/b.rs`", "ANY")]];
    let two = world.import(&plan("two", guests)).await;
    world.later(one.pbi.id, "second", &[&one.pbi.code, &two.pbi.code]).await;
    let first = world.claim(&world.worker).await;
    assert_eq!(first.task.as_ref().unwrap().title, "first");
    let second = world.another_worker("w2");
    let job = world.claim(&second).await;
    assert_eq!(job.task.as_ref().unwrap().title, "guest");
    world.carry_out(&second, &job, "src/b.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["DRAFT_OPENED 1"]);
    let said = world.fails(&world.worker, &first).await;
    assert!(
        said.cascade.unwrap().starts_with("siblings_cancelled=1"),
        "the second job of the item, on that branch"
    );
    world.perform().await;
    assert_eq!(world.publications().await, ["DRAFT_OPENED 1"], "its guests are of another item and run");
    assert_eq!(world.branches(), [job.branch_name.unwrap()]);
    world.sound().await;
}

/// A person's pull request of the branch, or into it, would be closed with the branch: it stays, and the reason is there.
#[tokio::test]
async fn a_branch_stays_that_a_persons_pull_request_needs() {
    for (kind, into) in [(GitHub, false), (Forgejo, true)] {
        let world = Forged::new(kind).await;
        world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/a.rs`", "ANY")]]).await;
        world.carry("src/a.rs").await;
        world.perform().await;
        let ours = world.pull();
        {
            let mut state = world.server.state();
            let theirs = if into {
                state.repo.commit("people/next", Some(&ours.branch), "next", "more\n");
                Pull { branch: "people/next".into(), base: ours.branch.clone(), ..Pull::default() }
            } else {
                state.repo.commit("release", Some(&ours.base), "release", "1\n");
                Pull { branch: ours.branch.clone(), base: "release".into(), ..Pull::default() }
            };
            // One that is closed needs nothing.
            state.add(Pull { closed: true, ..theirs.clone() });
            state.add(theirs);
        }
        let failing = world.claim(&world.worker).await;
        world.fails(&world.worker, &failing).await;
        // What cannot be asked now is asked again.
        for _ in 0..3 {
            world.fault("GET", "/pulls", What::Answers(Answer::says(500, "oops")));
        }
        world.perform().await;
        assert_eq!(world.steps(&failing).await, ["delete RETRY"]);
        world.pass(3600);
        world.perform().await;
        assert_eq!(world.publications().await, ["CLOSED 1"], "{kind:?}");
        assert!(!world.server.state().pulls[2].closed);
        assert!(world.branches().contains(&ours.branch), "{:?}", world.branches());
        assert_eq!(world.steps(&failing).await, ["delete DONE passed over"]);
        let why = if into { "is to be merged into it" } else { "is of it" };
        let why = format!("{}, which is open, {why}", world.url(3));
        assert_eq!(world.passed_over(&failing).await, [why]);
        world.sound().await;
    }
}

/// The list of a forge may be older than what it answers for one alone.
#[tokio::test]
async fn a_list_that_still_shows_what_was_closed_keeps_no_branch() {
    let world = Forged::new(GitHub).await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY"), ("two", "- `src/a.rs`", "ANY")]]).await;
    world.carry("src/a.rs").await;
    world.perform().await;
    let old = world.server.state().answer(GitHub, "pulls");
    let failing = world.claim(&world.worker).await;
    world.fails(&world.worker, &failing).await;
    world.fault("GET", "/pulls", What::Answers(Answer::json(200, &old)));
    world.perform().await;
    assert_eq!((world.publications().await, world.branches()), (vec!["CLOSED 1".into()], vec![]));
    world.sound().await;
}
