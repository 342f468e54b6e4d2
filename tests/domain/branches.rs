//! Which branch a job gets: cases by hand, and every combination of facts against a second decision list.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use sprintgate::domain::branch::{Ask, BranchName, Choice, Sibling, Start, choose};
use sprintgate::domain::id::{JobId, RunId, StoryId};
use sprintgate::domain::job::{Kind, Status};
use sprintgate::domain::machine::Word;
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::domain::run::PrStrategy;
use sprintgate::domain::time::Timestamp;

const SHOP: &str = "https://forge.example/o/shop.git";
const BLOG: &str = "https://forge.example/o/blog.git";

fn name(text: &str) -> BranchName {
    BranchName::new(text).unwrap()
}

fn sibling(id: &str, status: Status, branch: &str, created: i64) -> Sibling {
    Sibling {
        job: JobId::new(id).unwrap(),
        same_story: true,
        same_run: true,
        status,
        repo: Some(RemoteUrl::new(SHOP).unwrap()),
        branch: name(branch),
        created_at: Timestamp(created),
    }
}

/// The choice as `branch start`, for a job of the shop in story `story-11111111` and run `run-22222222`.
fn chosen(
    kind: Kind,
    run: Option<PrStrategy>,
    resumed: Option<&str>,
    siblings: &[Sibling],
    tips: Option<&[&str]>,
) -> String {
    let (job, story) = (JobId::new("job-33333333").unwrap(), StoryId::new("story-11111111").unwrap());
    let (run_id, repo) = (RunId::new("run-22222222").unwrap(), RemoteUrl::new(SHOP).unwrap());
    let resumed = resumed.map(name);
    let ask = Ask {
        job: &job,
        kind,
        repo: Some(&repo),
        story: (kind == Kind::TaskImplementation).then_some(&story),
        run: run.map(|strategy| (&run_id, strategy)),
        resumed: resumed.as_ref(),
    };
    let tips: Option<BTreeSet<BranchName>> = tips.map(|tips| tips.iter().map(|tip| name(tip)).collect());
    let Choice { branch, start } = choose(&ask, siblings, tips.as_ref());
    let start = match start {
        Start::Remote => "remote".to_owned(),
        Start::Job(id) => format!("job {id}"),
        Start::Run => "run".to_owned(),
        Start::Default => "default".to_owned(),
    };
    format!("{branch} {start}")
}

#[test]
fn alone_a_job_gets_the_branch_of_what_it_belongs_to() {
    use Kind::{IdeaGrill, SprintImplementation, TaskImplementation};
    use PrStrategy::{Sprint, SprintBatch, Story};
    for (kind, run, want) in [
        (TaskImplementation, None, "feat/story-11111111 default"),
        (TaskImplementation, Some(Story), "feat/story-11111111 default"),
        (TaskImplementation, Some(SprintBatch), "feat/story-11111111 default"),
        (TaskImplementation, Some(Sprint), "feat/sprint-22222222 default"),
        (SprintImplementation, Some(SprintBatch), "feat/sprint-22222222 default"),
        (SprintImplementation, Some(Sprint), "feat/sprint-22222222 default"),
        (SprintImplementation, None, "feat/job-33333333 default"),
        (IdeaGrill, None, "feat/job-33333333 default"),
    ] {
        assert_eq!(chosen(kind, run, None, &[], None), want, "{kind} {run:?}");
        assert_eq!(chosen(kind, run, None, &[], Some(&[])), want, "{kind} {run:?}");
        let branch = want.split(' ').next().unwrap();
        assert_eq!(
            chosen(kind, run, None, &[], Some(&[branch])),
            format!("{branch} remote"),
            "{kind} {run:?}"
        );
    }
}

#[test]
fn a_run_that_takes_on_from_another_takes_its_branch() {
    let batch = |tips| {
        chosen(Kind::SprintImplementation, Some(PrStrategy::SprintBatch), Some("feat/sprint-old"), &[], tips)
    };
    assert_eq!(batch(None), "feat/sprint-old run");
    assert_eq!(batch(Some(&["feat/sprint-old"])), "feat/sprint-old remote");
    // Its branch was merged and deleted: the name stays, and work starts afresh.
    assert_eq!(batch(Some(&["feat/sprint-22222222"])), "feat/sprint-old default");
    // It is nothing to a job of one task.
    let task = chosen(Kind::TaskImplementation, Some(PrStrategy::Sprint), Some("feat/sprint-old"), &[], None);
    assert_eq!(task, "feat/sprint-22222222 default");
}

fn of_story(siblings: &[Sibling], tips: Option<&[&str]>) -> String {
    chosen(Kind::TaskImplementation, Some(PrStrategy::Story), None, siblings, tips)
}

#[test]
fn defect_058_a_branch_whose_work_is_gone_is_not_taken_over() {
    // Its local branch was deleted with its worktree, and nothing was pushed.
    for status in [Status::Failed, Status::Cancelled] {
        let gone = [sibling("a", status, "feat/odd", 1)];
        assert_eq!(of_story(&gone, None), "feat/story-11111111 default");
        assert_eq!(of_story(&gone, Some(&[])), "feat/story-11111111 default");
        // What it pushed before is there.
        assert_eq!(of_story(&gone, Some(&["feat/odd"])), "feat/odd remote");
    }
    // A DONE job's branch may have been merged and deleted: the remote knows.
    let done = [sibling("a", Status::Done, "feat/odd", 1)];
    assert_eq!(of_story(&done, None), "feat/odd job a");
    assert_eq!(of_story(&done, Some(&[])), "feat/story-11111111 default");
    assert_eq!(of_story(&done, Some(&["feat/odd"])), "feat/odd remote");
}

#[test]
fn the_oldest_sibling_counts_and_the_remote_before_all() {
    let rows = [
        sibling("c", Status::Running, "feat/c", 3),
        sibling("b", Status::Queued, "feat/b", 2),
        sibling("a", Status::Queued, "feat/a", 2),
        sibling("z", Status::Failed, "feat/z", 1),
    ];
    assert_eq!(of_story(&rows, None), "feat/a job a");
    assert_eq!(of_story(&rows, Some(&["feat/c"])), "feat/c remote");
    assert_eq!(of_story(&rows, Some(&["feat/c", "feat/b"])), "feat/b remote");
    assert_eq!(of_story(&rows, Some(&["feat/c", "feat/z"])), "feat/z remote");
    assert_eq!(of_story(&rows, Some(&["feat/story-11111111"])), "feat/story-11111111 remote");
    assert_eq!(of_story(&rows, Some(&["feat/elsewhere"])), "feat/a job a");
    // The job itself is no sibling of its own.
    let own = Sibling { job: JobId::new("job-33333333").unwrap(), ..rows[0].clone() };
    assert_eq!(of_story(&[own], None), "feat/story-11111111 default");
}

#[test]
fn defect_059_a_branch_of_another_repository_is_another_branch() {
    let elsewhere =
        Sibling { repo: Some(RemoteUrl::new(BLOG).unwrap()), ..sibling("a", Status::Running, "feat/odd", 1) };
    let nowhere = Sibling { repo: None, ..elsewhere.clone() };
    assert_eq!(of_story(&[elsewhere.clone(), nowhere], None), "feat/story-11111111 default");
    let same = Sibling { repo: Some(RemoteUrl::new("git@forge.example:o/shop").unwrap()), ..elsewhere };
    assert_eq!(of_story(&[same], None), "feat/odd job a");
    let run = |repo: &str| {
        let repo = Some(RemoteUrl::new(repo).unwrap());
        let row = Sibling { repo, ..sibling("a", Status::Done, "feat/sprint-22222222", 1) };
        chosen(Kind::TaskImplementation, Some(PrStrategy::Sprint), None, &[row], None)
    };
    assert_eq!(run(SHOP), "feat/sprint-22222222 job a");
    assert_eq!(run(BLOG), "feat/sprint-22222222 default");
}

#[test]
fn every_combination_of_one_sibling() {
    let flags = [false, true];
    let mut cases = 0;
    for (sprint, status) in flags.into_iter().flat_map(|s| Status::ALL.iter().map(move |status| (s, *status)))
    {
        for facts in 0..64u32 {
            let [story, run, here, odd, asked, tip] = [0, 1, 2, 3, 4, 5].map(|bit| facts >> bit & 1 == 1);
            let strategy = if sprint { PrStrategy::Sprint } else { PrStrategy::Story };
            let own = if sprint { "feat/sprint-22222222" } else { "feat/story-11111111" };
            let its = if odd { "feat/odd" } else { own };
            let row = Sibling {
                same_story: story,
                same_run: run,
                repo: Some(RemoteUrl::new(if here { SHOP } else { BLOG }).unwrap()),
                ..sibling("a", status, its, 1)
            };
            let there = [its];
            let tips: Option<&[&str]> = asked.then_some(if tip { &there } else { &[] });
            let counts = here && if sprint { run && !odd } else { story };
            let want = match (counts, tips, status) {
                (true, Some([tip]), _) => format!("{tip} remote"),
                (false, Some([tip]), _) if !odd => format!("{tip} remote"),
                (true, _, Status::Queued | Status::Claimed | Status::Running) => format!("{its} job a"),
                (true, None, Status::Done) => format!("{its} job a"),
                _ => format!("{own} default"),
            };
            let got = chosen(Kind::TaskImplementation, Some(strategy), None, &[row], tips);
            assert_eq!(got, want, "{strategy} {status} {facts:06b}");
            cases += 1;
        }
    }
    assert_eq!(cases, 2 * 6 * 64);
}

proptest! {
    #[test]
    fn the_order_of_the_rows_does_not_matter(
        (rows, shuffled) in vec((prop::sample::select(Status::ALL), 0..3usize, 0..3i64), 0..6)
            .prop_map(|rows| rows.into_iter().enumerate().map(|(at, (status, branch, created))| {
                sibling(&format!("s{at}"), status, ["feat/a", "feat/b", "feat/c"][branch], created)
            }).collect::<Vec<_>>())
            .prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        asked: bool,
    ) {
        let tips: Option<&[&str]> = asked.then_some(&["feat/b"]);
        prop_assert_eq!(of_story(&rows, tips), of_story(&shuffled, tips));
    }
}
