//! What people do at the forge is seen there, by one process at a time, and nothing is lost while a forge is away.

use sprintgate::domain::forge::ForgeKind;
use sprintgate::domain::time::Millis;
use sprintgate::flow::{Keeper, Polled, Polls};

use super::super::forged::Forged;
use crate::forge::server::{Answer, Fault, What};
use crate::until::until;
use sqlx::Connection as _;

/// Stories of one task each.
pub(super) const FOUR: &[&[(&str, &str, &str)]] = &[
    &[("one", "- `src/a.rs`", "ANY")],
    &[("two", "- `src/b.rs`", "ANY")],
    &[("three", "- `src/c.rs`", "ANY")],
    &[("four", "- `src/d.rs`", "ANY")],
];

impl Forged {
    /// Asks the forge when everything is due; how much moved.
    pub(super) async fn polled(&self, polls: &mut Polls) -> Polled {
        self.pass(16 * 60);
        self.app.poll_pull_requests(polls).await.unwrap()
    }

    /// A person pushes that file to a branch; the new tip.
    pub(super) fn push(&self, branch: &str, file: &str, text: &str) -> String {
        self.server.state().repo.commit(branch, None, file, text)
    }

    /// Where the publication of that pull request is.
    pub(super) async fn publications_at(&self, number: usize) -> String {
        self.cell(number, "status").await
    }

    pub(super) async fn head_of(&self, number: usize) -> String {
        self.cell(number, "head_sha").await
    }

    pub(super) async fn cell(&self, number: usize, column: &str) -> String {
        let mut raw = self.raw().await;
        let text = format!("SELECT {column} FROM pull_requests WHERE pr_url = $1");
        let text = sqlx::AssertSqlSafe(text);
        let url = self.url(number as u64);
        let found = sqlx::query_scalar(text).bind(url).fetch_one(&mut raw).await.unwrap();
        raw.close().await.unwrap();
        found
    }

    pub(super) fn branch(&self, number: usize) -> String {
        self.server.state().pulls[number - 1].branch.clone()
    }
}

/// With the stories done, and a merge of each asked for that its checks keep waiting.
async fn waiting(kind: ForgeKind, stories: usize) -> Forged {
    let world = Forged::new(kind).await;
    world.checks_run();
    world.begin(&FOUR[..stories]).await;
    for file in ["src/a.rs", "src/b.rs", "src/c.rs", "src/d.rs"].into_iter().take(stories) {
        world.carry(file).await;
        // One after the other, so that the pull requests are numbered like the stories.
        while world.perform().await.done > 0 {}
    }
    assert!(world.publications().await.iter().all(|one| one.starts_with("AUTO_MERGE_ENABLED")));
    world
}

/// A person merges, closes and pushes, and a check fails.
#[tokio::test]
async fn what_people_do_at_the_forge_is_followed() {
    let world = waiting(ForgeKind::Forgejo, 4).await;
    let mut polls = Polls::default();
    assert_eq!(world.polled(&mut polls).await, Polled { asked: 4, ..Polled::default() });
    let at = |number: usize| world.publications_at(number);
    {
        let mut state = world.server.state();
        state.merge(0, "by hand", "").unwrap();
        state.pulls[1].closed = true;
        let head = state.head(&state.pulls[3].clone());
        state.check(&head, "build", true, "failure");
    }
    let pushed = world.push(&world.branch(3), "people.txt", "a person's\n");
    assert_eq!(world.polled(&mut polls).await, Polled { asked: 4, moved: 4, ..Polled::default() });
    assert_eq!([at(1).await, at(2).await], ["MERGED", "CLOSED"]);
    assert_eq!([at(3).await, at(4).await], ["PR_OPENED", "CHECKS_FAILED"]);
    assert_eq!(world.head_of(3).await, pushed);
    let mut waiting = world.waiting().await;
    waiting.sort_unstable();
    let wanted = ["delete_branch", "withdraw_auto_merge"];
    assert_eq!(waiting, wanted, "what is merged leaves no branch, and what nobody verified is not merged");
    world.perform().await;
    let pulls = world.server.state().pulls.clone();
    assert_eq!((pulls[2].scheduled.clone(), pulls[2].merged.clone()), (None, None));

    // What has ended is not asked about again, and what has not changed moves nothing.
    assert_eq!(world.polled(&mut polls).await, Polled { asked: 2, ..Polled::default() });
    world.sound().await;
}

#[tokio::test]
async fn a_head_that_an_attempt_sent_counts_when_it_stays() {
    let world = Forged::new(ForgeKind::GitHub).await;
    let tasks = [("one", "- `src/a.rs`", "ANY"), ("two", "- `src/b.rs`", "ANY")];
    world.begin(&[&tasks]).await;
    world.carry("src/a.rs").await;
    world.perform().await;
    let mut polls = Polls::default();
    world.polled(&mut polls).await;
    let ours = world.head_of(1).await;
    world.claim(&world.worker).await;
    let theirs = world.push(&world.branch(1), "src/b.rs", "sent, and not noted yet\n");
    let mut raw = world.raw().await;
    let sent = "INSERT INTO sent_commits (repo_url, branch, commit_sha, job_id, attempt, sent_at) \
        SELECT repo_url, branch, $1, id, attempt, claimed_at FROM claude_jobs WHERE status = 'CLAIMED'";
    sqlx::query(sent).bind(&theirs).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
    assert_eq!(world.polled(&mut polls).await.moved, 0);
    assert_eq!(world.head_of(1).await, ours, "whoever sent it may be about to note it");
    assert_eq!(world.polled(&mut polls).await.moved, 1);
    assert_eq!((world.head_of(1).await, world.publications_at(1).await), (theirs, "PR_OPENED".to_owned()));
}

#[tokio::test]
async fn a_draft_that_the_forge_calls_unmergeable_is_in_no_conflict() {
    let world = Forged::sprints(ForgeKind::Forgejo).await;
    world.begin(&FOUR[..2]).await;
    world.carry("src/a.rs").await;
    world.perform().await;
    assert_eq!(world.publications().await, ["DRAFT_OPENED 1"]);
    let mut polls = Polls::default();
    assert_eq!(world.polled(&mut polls).await, Polled { asked: 1, ..Polled::default() });
    assert_eq!(
        (world.publications().await, world.board().await.remove(0)),
        (vec!["DRAFT_OPENED 1".to_owned()], "run RUNNING sprint OPEN".to_owned())
    );
}

#[tokio::test]
async fn a_forge_that_takes_no_token_is_left_alone_and_asked_again() {
    let world = waiting(ForgeKind::GitHub, 2).await;
    let mut polls = Polls::default();
    let token = world.server.state().token.take();
    world.server.state().pulls[0].closed = true;
    let before = world.publications().await;
    let polled = world.polled(&mut polls).await;
    assert_eq!((polled.asked, polled.moved), (0, 0));
    let [away] = polled.away.as_slice() else { panic!("{polled:?}") };
    assert!(!away.why.contains("canary") && away.answers_others, "{polled:?}");
    assert_eq!(away.wait, Millis::minutes(15));
    let refused = world.server.state().log.iter().filter(|(_, status)| *status == 401).count();
    assert_eq!(refused, 1, "one is enough");
    assert_eq!(world.publications().await, before);
    world.server.state().token = token;
    // Nothing was put off.
    let polled = world.app.poll_pull_requests(&mut polls).await.unwrap();
    assert_eq!((polled.asked, polled.moved), (2, 1));
    assert_eq!(world.publications_at(1).await, "CLOSED");

    // One that is gone is put off, and keeps no other waiting.
    world.server.state().pulls[1].number = 77;
    let polled = world.polled(&mut polls).await;
    assert_eq!((polled.asked, polled.moved, polled.away.len()), (0, 0, 0));
    let asked = world.server.state().asked("GET", "/pulls/2");
    world.app.poll_pull_requests(&mut polls).await.unwrap();
    assert_eq!(world.server.state().asked("GET", "/pulls/2"), asked);
    assert_eq!(world.publications_at(2).await, "AUTO_MERGE_ENABLED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_process_in_office_asks_and_no_other() {
    let world = waiting(ForgeKind::GitHub, 1).await;
    world.server.state().pulls[0].closed = true;
    world.pass(16 * 60);
    let office = format!("forge/{}", world.server.host(ForgeKind::GitHub));
    let store = world.store().await;
    let held = async |office: &str| store.read().await.unwrap().term(office).await.unwrap().is_some();
    let mut tx = store.begin().await.unwrap();
    assert!(tx.take_office(&office, "another", Millis::seconds(15)).await.unwrap());
    tx.commit().await.unwrap();
    let asked = world.server.state().asked("GET", "/pulls/1");
    let keeper = Keeper::start(&world.app);
    until("it keeps", async || held("keeper").await).await;
    keeper.stop().await;
    assert_eq!(world.server.state().asked("GET", "/pulls/1"), asked, "another process does");

    let mut tx = store.begin().await.unwrap();
    tx.leave_office(&office, "another").await.unwrap();
    tx.commit().await.unwrap();
    let keeper = Keeper::start(&world.app);
    until("it asks", async || world.publications_at(1).await == "CLOSED").await;
    assert!(held(&office).await);
    keeper.stop().await;
    assert!(!held(&office).await, "it laid the office down");
}

#[tokio::test]
async fn one_that_the_forge_cannot_show_keeps_no_other_waiting() {
    let world = waiting(ForgeKind::GitHub, 2).await;
    let mut polls = Polls::default();
    world.server.state().merge(1, "by hand", "").unwrap();
    let broken = || Fault { method: "GET", path: "/pulls/1", what: What::Answers(Answer::says(500, "oops")) };
    // A read is tried three times.
    world.server.state().faults.extend((0..30).map(|_| broken()));
    let first = world.polled(&mut polls).await;
    assert_eq!((first.moved, first.away.len()), (0, 1), "it may be the whole forge");
    assert_eq!(world.app.poll_pull_requests(&mut polls).await.unwrap().moved, 1);
    assert_eq!(world.publications_at(2).await, "MERGED");
}
