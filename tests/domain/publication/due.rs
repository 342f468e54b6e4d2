//! What is due: in every small scene against a second copy that was written from the prose, and rows by hand.

use sprintgate::domain::backlog::story;
use sprintgate::domain::machine::Word;
use sprintgate::domain::publication::{Due, Scene, Work, due, still_merges};
use sprintgate::domain::pull_request::Status;
use sprintgate::domain::run::{self, PrStrategy};

use super::commit;

/// Each word, and none.
fn maybe<T: Word>() -> Vec<Option<T>> {
    std::iter::once(None).chain(T::ALL.iter().copied().map(Some)).collect()
}

/// Calls with every scene over few commits and few jobs.
fn every_scene(mut each: impl FnMut(&Scene)) -> usize {
    let mut count = 0;
    let bits = |flags: u32, bit: u32| flags >> bit & 1 == 1;
    for status in Status::ALL {
        for strategy in PrStrategy::ALL {
            for story in maybe::<story::Status>() {
                for run in maybe::<run::Status>() {
                    for head in [None, Some(commit('a'))] {
                        for last in [None, Some(commit('a')), Some(commit('b'))] {
                            for open in 0..3 {
                                for flags in 0..32 {
                                    let scene = Scene {
                                        status: *status,
                                        strategy: *strategy,
                                        head: head.clone(),
                                        auto_pr: bits(flags, 0),
                                        forge: bits(flags, 1),
                                        story,
                                        run,
                                        work: Work {
                                            open,
                                            done: bits(flags, 2),
                                            last_published: last.clone(),
                                        },
                                        protected: bits(flags, 3),
                                        undone: bits(flags, 4),
                                    };
                                    each(&scene);
                                    count += 1;
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    count
}

/// The prose, sentence by sentence. More than one that holds would be a contradiction in it.
fn naive(s: &Scene) -> Due {
    let mut all = Vec::new();
    // "A pull request that is open is closed when a cascade undoes its branch and nobody works on the branch."
    let words = s.status.word();
    let has_pr = !["NONE", "BRANCH_PUSHED", "MERGED", "CLOSED"].contains(&words);
    if s.forge && has_pr && s.undone && s.work.open == 0 {
        all.push(Due::Close);
    }
    // "What a story's forge was asked to merge is withdrawn when the story is not done any more, or not at the commit that
    // was verified last, or somebody works on the branch, or nothing is to be done for it." What was asked for had been
    // verified: where no job says so, it has left for an archive.
    let asked = ["WAITING_FOR_CHECKS", "AUTO_MERGE_ENABLED", "CHECKS_FAILED"].contains(&words);
    let is_story = s.strategy.word() == "STORY";
    let holds = s.auto_pr
        && !s.undone
        && s.work.open == 0
        && s.head.is_some()
        && (s.work.last_published.is_none() || s.head == s.work.last_published)
        && s.story.is_some_and(|story| story.word() == "DONE");
    if s.forge && asked && is_story && !holds && all.is_empty() {
        all.push(Due::Withdraw);
    }
    // "The rest is for products that want it, with a forge, on branches that no cascade undoes."
    let wanted = s.forge && s.auto_pr && !s.undone;
    // "When the branch is pushed and a job of it is done, its pull request is opened: a story's as it is, others as drafts."
    if wanted && words == "BRANCH_PUSHED" && s.work.done && s.head.is_some() {
        all.push(Due::Open { draft: s.strategy.word() != "STORY" });
    }
    // "It is complete when nobody works on the branch and its head is the commit that was verified last."
    let complete = wanted && s.work.open == 0 && s.head.is_some() && s.head == s.work.last_published;
    let head = s.head.clone().unwrap_or_else(|| commit('f'));
    // "A story's is merged by itself when the story is done, unless it changes protected paths: then it is handed over."
    let story_done = s.strategy.word() == "STORY" && s.story.is_some_and(|story| story.word() == "DONE");
    if complete && words == "PR_OPENED" && story_done && !s.protected {
        all.push(Due::CompleteStory { head: head.clone() });
    }
    if complete && words == "PR_OPENED" && story_done && s.protected {
        all.push(Due::HandOver { head: head.clone() });
    }
    // "A sprint's draft is made ready when the run is done."
    let run_done = s.strategy.word() != "STORY" && s.run.is_some_and(|run| run.word() == "DONE");
    if complete && words == "DRAFT_OPENED" && run_done {
        all.push(Due::CompleteSprint { head });
    }
    assert!(all.len() <= 1, "{all:?} in {s:?}");
    all.pop().unwrap_or(Due::Nothing)
}

#[test]
fn every_small_scene_is_due_what_the_prose_says() {
    let mut counts = [0; 7];
    let scenes = every_scene(|scene| {
        let got = due(scene);
        assert_eq!(got, naive(scene), "{scene:?}");
        let at = match got {
            Due::Nothing => 0,
            Due::Open { draft: false } => 1,
            Due::Open { draft: true } => 2,
            Due::CompleteStory { .. } | Due::HandOver { .. } => 3,
            Due::CompleteSprint { .. } => 4,
            Due::Close => 5,
            Due::Withdraw => 6,
        };
        counts[at] += 1;
    });
    // Counted by hand: what is free in each, in the order of the loops.
    let open = 5 * 7 * 3 * 3 * 2;
    let story = 7 * 2 * 2;
    let sprint = 2 * 5 * 2 * 2;
    let close = 7 * 3 * 5 * 7 * 2 * 3 * 2 * 2 * 2;
    // Less those that are closed, and those that are done.
    let withdraw = 3 * 5 * 7 * 2 * 3 * 3 * 16 - 3 * 5 * 7 * 2 * 3 * 8 - 3 * 7 * 2 * 2 * 2;
    let nothing = 11 * 3 * 5 * 7 * 2 * 3 * 3 * 32 - 3 * open - story - sprint - close - withdraw;
    assert_eq!((scenes, counts), (665_280, [nothing, open, 2 * open, story, sprint, close, withdraw]));
}

/// A story that is done, its pull request open at the commit that was verified.
fn done_story() -> Scene {
    Scene {
        status: Status::PrOpened,
        strategy: PrStrategy::Story,
        head: Some(commit('a')),
        auto_pr: true,
        forge: true,
        story: Some(story::Status::Done),
        run: Some(run::Status::Running),
        work: Work { open: 0, done: true, last_published: Some(commit('a')) },
        protected: false,
        undone: false,
    }
}

fn done_sprint() -> Scene {
    Scene {
        status: Status::DraftOpened,
        strategy: PrStrategy::Sprint,
        story: None,
        run: Some(run::Status::Done),
        ..done_story()
    }
}

#[test]
fn what_one_fact_changes() {
    let (a, b) = (|| Some(commit('a')), || Some(commit('b')));
    let merged = Due::CompleteStory { head: commit('a') };
    let ready = Due::CompleteSprint { head: commit('a') };
    let (story, sprint) = (done_story, done_sprint);
    let work = |open, last| Work { open, done: true, last_published: last };
    for (scene, want) in [
        (story(), merged.clone()),
        // The run is another's: a story of a run that failed, waits or was never is merged all the same.
        (Scene { run: Some(run::Status::Failed), ..story() }, merged.clone()),
        (Scene { run: Some(run::Status::Paused), ..story() }, merged.clone()),
        (Scene { run: None, ..story() }, merged),
        (Scene { protected: true, ..story() }, Due::HandOver { head: commit('a') }),
        (Scene { story: Some(story::Status::InSprint), ..story() }, Due::Nothing),
        (Scene { story: Some(story::Status::Failed), ..story() }, Due::Nothing),
        (Scene { story: None, ..story() }, Due::Nothing),
        (Scene { work: work(1, a()), ..story() }, Due::Nothing),
        (Scene { work: work(0, b()), ..story() }, Due::Nothing),
        (Scene { head: b(), ..story() }, Due::Nothing),
        (Scene { work: work(0, None), head: None, ..story() }, Due::Nothing),
        (Scene { auto_pr: false, ..story() }, Due::Nothing),
        (Scene { forge: false, ..story() }, Due::Nothing),
        (Scene { undone: true, ..story() }, Due::Close),
        (Scene { undone: true, auto_pr: false, ..story() }, Due::Close),
        (Scene { undone: true, forge: false, ..story() }, Due::Nothing),
        (Scene { undone: true, work: work(1, a()), ..story() }, Due::Nothing),
        (Scene { status: Status::WaitingForChecks, ..story() }, Due::Nothing),
        (Scene { status: Status::ChecksFailed, ..story() }, Due::Nothing),
        (Scene { status: Status::WaitingForChecks, protected: true, ..story() }, Due::Nothing),
        (
            Scene { status: Status::WaitingForChecks, story: Some(story::Status::InSprint), ..story() },
            Due::Withdraw,
        ),
        (Scene { status: Status::AutoMergeEnabled, work: work(1, a()), ..story() }, Due::Withdraw),
        (Scene { status: Status::AutoMergeEnabled, work: work(0, b()), ..story() }, Due::Withdraw),
        // Its job has left for an archive.
        (Scene { status: Status::AutoMergeEnabled, work: Work::default(), ..story() }, Due::Nothing),
        (
            Scene { status: Status::AutoMergeEnabled, undone: true, work: work(1, a()), ..story() },
            Due::Withdraw,
        ),
        (Scene { status: Status::AutoMergeEnabled, undone: true, ..story() }, Due::Close),
        (Scene { status: Status::ChecksFailed, auto_pr: false, ..story() }, Due::Withdraw),
        (Scene { status: Status::ChecksFailed, forge: false, auto_pr: false, ..story() }, Due::Nothing),
        (Scene { status: Status::MergeConflictPaused, ..story() }, Due::Nothing),
        (Scene { status: Status::Merged, undone: true, ..story() }, Due::Nothing),
        (Scene { status: Status::BranchPushed, ..story() }, Due::Open { draft: false }),
        (Scene { status: Status::BranchPushed, work: work(1, a()), ..story() }, Due::Open { draft: false }),
        (Scene { status: Status::BranchPushed, undone: true, ..story() }, Due::Nothing),
        (Scene { status: Status::BranchPushed, work: Work::default(), ..story() }, Due::Nothing),
        (sprint(), ready.clone()),
        // People merge it in any case.
        (Scene { protected: true, ..sprint() }, ready.clone()),
        (Scene { strategy: PrStrategy::SprintBatch, ..sprint() }, ready),
        (Scene { run: Some(run::Status::Running), ..sprint() }, Due::Nothing),
        (Scene { run: Some(run::Status::Failed), ..sprint() }, Due::Nothing),
        (Scene { run: None, ..sprint() }, Due::Nothing),
        (Scene { work: work(1, a()), ..sprint() }, Due::Nothing),
        (Scene { head: b(), ..sprint() }, Due::Nothing),
        (Scene { status: Status::BranchPushed, ..sprint() }, Due::Open { draft: true }),
    ] {
        assert_eq!(due(&scene), want, "{scene:?}");
    }
}

#[test]
fn a_merge_that_was_decided_is_asked_for_only_while_it_is_still_right() {
    let asked = || Scene { status: Status::WaitingForChecks, ..done_story() };
    let enabled = Scene { status: Status::AutoMergeEnabled, ..done_story() };
    assert!(still_merges(&asked(), &commit('a')) && still_merges(&enabled, &commit('a')));
    let left = Scene { work: Work::default(), ..asked() };
    assert!(still_merges(&left, &commit('a')), "its job has left for an archive");
    for (scene, head) in [
        (asked(), 'b'),
        (done_story(), 'a'),
        (Scene { strategy: PrStrategy::Sprint, ..asked() }, 'a'),
        (Scene { work: Work { last_published: Some(commit('b')), ..asked().work }, ..asked() }, 'a'),
        (Scene { status: Status::ChecksFailed, ..asked() }, 'a'),
        (Scene { status: Status::Closed, ..asked() }, 'a'),
        (Scene { head: Some(commit('b')), ..asked() }, 'a'),
        (Scene { head: Some(commit('b')), ..asked() }, 'b'),
        (Scene { auto_pr: false, ..asked() }, 'a'),
        (Scene { forge: false, ..asked() }, 'a'),
        (Scene { protected: true, ..asked() }, 'a'),
        (Scene { undone: true, ..asked() }, 'a'),
        (Scene { story: Some(story::Status::InSprint), ..asked() }, 'a'),
        (Scene { work: Work { open: 1, ..asked().work }, ..asked() }, 'a'),
    ] {
        assert!(!still_merges(&scene, &commit(head)), "{head} {scene:?}");
    }
}
