//! Each life once without a kill, and then once for each of its steps.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::end::end;
use super::ground::Ground;
use super::lives::Life;
use super::traced::Dies;

/// Kills of one life in the suite.
const SAMPLE: usize = 2;

/// One life; how it ended.
fn one(ground: &mut Ground, life: Life, at: Option<usize>, dies: Dies) -> Vec<String> {
    ground.restore();
    ground.traced.begin(at, dies);
    life.live(ground);
    ground.shop.sound();
    let reached = ground.shop.reached();
    for text in life.texts() {
        assert!(reached.contains(&format!("+{text}\n")), "{text:?} is lost");
    }
    end(ground).into_iter().filter_map(|line| life.compared(line)).collect()
}

/// Kills whoever is at work before some steps, by turns alone and with all that it started; before each one with
/// `SPRINTGATE_MATRIX=all`.
#[allow(clippy::print_stdout, reason = "the count of kills is what a long run is for")]
async fn killed_at_each_step(life: Life) {
    let mut ground = life.prepared().await;
    let wanted = one(&mut ground, life, None, Dies::Alone);
    let steps = ground.traced.steps.clone();
    let all = std::env::var("SPRINTGATE_MATRIX").is_ok_and(|what| what == "all");
    let every = if all { 1 } else { steps.len().div_ceil(SAMPLE) };
    let (mut kills, mut wrong) = (0, Vec::new());
    // A life does not always have as many steps.
    let first = if all { 1 } else { 1 + (life as usize * 7 + 5) % every };
    for at in (first..=steps.len() + steps.len() / 10).step_by(every) {
        // Where a child has just been started, both are different.
        let is_started = steps.get(at - 1).is_some_and(|step| step.starts_with("started"));
        let turns = [Dies::Alone, Dies::WithAll];
        for dies in if all && is_started { &turns[..] } else { &turns[kills % 2..=kills % 2] } {
            let ended = catch_unwind(AssertUnwindSafe(|| one(&mut ground, life, Some(at), *dies)));
            if !ground.traced.killed {
                continue;
            }
            kills += 1;
            if ended.as_ref().ok() != Some(&wanted) {
                let step = ground.traced.steps.iter().find(|step| step.ends_with("KILLED"));
                wrong.push((at, *dies, step.cloned(), ended.map(|found| differences(&wanted, &found)).ok()));
            }
        }
    }
    println!("{life:?}: {} steps, {kills} kills", steps.len());
    assert!(wrong.is_empty(), "{life:?}: {} of {kills} went wrong: {wrong:#?}", wrong.len());
    assert!(kills >= 2, "{kills}");
}

/// What is missing, and what is there besides.
fn differences(wanted: &[String], found: &[String]) -> Vec<String> {
    let missing = wanted.iter().filter(|line| !found.contains(line)).map(|line| format!("- {line}"));
    let besides = found.iter().filter(|line| !wanted.contains(line)).map(|line| format!("+ {line}"));
    missing.chain(besides).collect()
}

macro_rules! lives {
    ($($name:ident: $life:ident,)+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                killed_at_each_step(Life::$life).await;
            }
        )+
    };
}

lives! {
    a_worktree_is_made_whoever_dies: Create,
    a_worktree_on_a_published_branch_is_made_whoever_dies: Next,
    work_is_pushed_once_whoever_dies: Push,
    work_is_pushed_by_whoever_comes_next: Successor,
    a_pull_request_is_opened_once_and_merged_whoever_dies: PullRequest,
    what_was_left_is_kept_and_cleaned_up_whoever_dies: Clean,
    what_was_left_is_kept_sent_and_removed_whoever_dies: Remove,
    a_failure_undoes_what_it_should_whoever_dies: Cascade,
}
