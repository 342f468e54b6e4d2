//! Reverts of merges, beside what the git program does.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::id::EffectId;
use sprintgate::domain::time::Timestamp;
use sprintgate::git::{RevertAsk, Reverted};

use super::ground::{Ground, branch, run, tip};
use super::merging::Desk;

/// What was merged, and the effect that reverts it.
struct Case<'a> {
    merged: &'a CommitId,
    commits: u32,
    head: Option<&'a CommitId>,
    key: &'a str,
}

async fn revert(ground: &Ground, case: Case<'_>) -> Reverted {
    let (name, key) = (branch(&format!("revert/{}", case.key)), EffectId::new(case.key).unwrap());
    let ask = RevertAsk {
        url: &ground.url,
        merged: case.merged,
        commits: case.commits,
        head: case.head,
        pull: None,
        base: "trunk",
        branch: &name,
        key: &key,
        title: "Revert: a thing\nand not this",
        at: Timestamp(1_700_000_000_000),
    };
    ground.git.revert(ask).await.unwrap()
}

/// The commit that was pushed, which is where the branch is.
fn pushed(ground: &Ground, key: &str, answer: Reverted) -> CommitId {
    let Reverted::Pushed { head } = answer else { panic!("{answer:?}") };
    assert_eq!(ground.at_origin(&format!("revert/{key}")), Some(head.clone()));
    assert_eq!(
        run(&ground.origin, &["rev-parse", &format!("{head}^")]),
        ground.at_origin("trunk").unwrap().as_str()
    );
    head
}

#[tokio::test]
async fn defect_066_a_squash_is_reverted_without_a_mainline() {
    let ground = Ground::new(3);
    let desk = Desk::new(&ground);
    let one = desk.branch("feat/one", &[("a", "1\n"), ("d/f1", "changed\n"), ("b/c", "2\n")]);
    desk.on_trunk(&[("other", "o\n")]);
    let squashed = desk.squash("feat/one");
    desk.on_trunk(&[("later", "l\n"), ("d/f0", "later\n")]);
    let oracle = desk.revert(&[squashed.as_str()]).unwrap();
    let answer = revert(&ground, Case { merged: &squashed, commits: 3, head: Some(&one), key: "e1" }).await;
    let head = pushed(&ground, "e1", answer);
    assert_eq!(desk.tree(head.as_str()), oracle);
    let message = run(&ground.origin, &["log", "-1", "--format=%an %at %B", head.as_str()]);
    let wanted = format!(
        "sprintgate 1700000000 Revert: a thing\n\nThis reverts commit {squashed}.\n\nSprintgate-Revert: e1"
    );
    assert_eq!(message.trim_end(), wanted);

    // and one commit alone, whatever is known of where it came from
    desk.branch("feat/two", &[("two", "2\n")]);
    let squashed = desk.squash("feat/two");
    let oracle = desk.revert(&[squashed.as_str()]).unwrap();
    let answer = revert(&ground, Case { merged: &squashed, commits: 1, head: None, key: "e2" }).await;
    assert_eq!(desk.tree(pushed(&ground, "e2", answer).as_str()), oracle);
}

#[tokio::test]
async fn git_reverts_a_merge_by_its_first_parent() {
    let ground = Ground::new(3);
    let desk = Desk::new(&ground);
    let one = desk.branch("feat/one", &[("a", "1\n"), ("d/f1", "changed\n")]);
    desk.on_trunk(&[("other", "o\n")]);
    let merged = desk.merge("feat/one");
    desk.on_trunk(&[("later", "l\n")]);
    let oracle = desk.revert(&["-m", "1", merged.as_str()]).unwrap();
    let answer = revert(&ground, Case { merged: &merged, commits: 2, head: Some(&one), key: "e1" }).await;
    let head = pushed(&ground, "e1", answer);
    assert_eq!(desk.tree(head.as_str()), oracle);
    assert!(run(&ground.origin, &["ls-tree", "--name-only", head.as_str()]).contains("other"));
}

#[tokio::test]
async fn git_reverts_all_commits_that_were_put_on_top_one_by_one() {
    let ground = Ground::new(3);
    let desk = Desk::new(&ground);
    let files = [("a", "1\n"), ("a", "1\n2\n"), ("d/f1", "changed\n")];
    let one = desk.branch("feat/one", &files);
    let before = desk.on_trunk(&[("other", "o\n")]);
    let merged = desk.rebase("feat/one");
    assert_eq!(run(&ground.origin, &["rev-list", "--count", &format!("{before}..trunk")]), "3");
    desk.on_trunk(&[("later", "l\n")]);
    let oracle = desk.revert(&[&format!("{before}..{merged}")]).unwrap();
    let answer = revert(&ground, Case { merged: &merged, commits: 3, head: Some(&one), key: "e1" }).await;
    assert_eq!(desk.tree(pushed(&ground, "e1", answer).as_str()), oracle);

    // put on top as they are
    let two = desk.branch("feat/two", &[("x", "1\n"), ("y", "2\n")]);
    desk.git(&["merge", "-q", "--ff-only", "feat/two"]);
    desk.git(&["push", "-q", "origin", "trunk"]);
    let oracle = desk.revert(&[&format!("{two}~2..{two}")]).unwrap();
    let answer = revert(&ground, Case { merged: &two, commits: 2, head: Some(&two), key: "e2" }).await;
    assert_eq!(desk.tree(pushed(&ground, "e2", answer).as_str()), oracle);
}

#[tokio::test]
async fn defect_072_a_second_revert_finds_nothing_in_its_way() {
    let ground = Ground::new(3);
    let desk = Desk::new(&ground);
    let one = desk.branch("feat/one", &[("a", "1\n")]);
    let first = desk.squash("feat/one");
    let two = desk.branch("feat/two", &[("b", "2\n")]);
    let second = desk.squash("feat/two");
    let folders = || std::fs::read_dir(&ground.git.settings().worktree_root).unwrap().count();
    let case = || Case { merged: &first, commits: 1, head: Some(&one), key: "e1" };
    let head = pushed(&ground, "e1", revert(&ground, case()).await);
    assert_eq!(folders(), 0);
    assert_eq!(run(&ground.vault(), &["for-each-ref", "--format=%(refname)", "refs/heads"]), "");

    // the same effect once more, also after its push was undone and the base went on: the same commit
    assert_eq!(revert(&ground, case()).await, Reverted::AlreadyThere { head: head.clone() });
    desk.on_trunk(&[("later", "l\n")]);
    run(&ground.origin, &["update-ref", "-d", "refs/heads/revert/e1"]);
    assert_eq!(revert(&ground, case()).await, Reverted::Pushed { head: head.clone() });
    // a host with a vault of its own knows it by its message, also when somebody went on from it
    std::fs::remove_dir_all(ground.vault()).unwrap();
    assert_eq!(revert(&ground, case()).await, Reverted::AlreadyThere { head: head.clone() });
    desk.git(&["fetch", "-q"]);
    desk.git(&["checkout", "-q", "-b", "more", "origin/revert/e1"]);
    let more = super::ground::work(&desk.clone, "more", "m\n");
    desk.git(&["push", "-q", "origin", "more:revert/e1"]);
    desk.git(&["checkout", "-q", "trunk"]);
    assert_eq!(revert(&ground, case()).await, Reverted::AlreadyThere { head: more.clone() });

    // another effect, on what was merged second and then on what was merged first
    let case = Case { merged: &second, commits: 1, head: Some(&two), key: "e2" };
    pushed(&ground, "e2", revert(&ground, case).await);
    let case = Case { merged: &first, commits: 1, head: Some(&one), key: "e3" };
    pushed(&ground, "e3", revert(&ground, case).await);

    // and once it is taken back on the base, there is nothing to do
    desk.git(&["merge", "-q", "-m", "reverted", "more"]);
    desk.git(&["push", "-q", "origin", "trunk"]);
    let case = Case { merged: &first, commits: 1, head: Some(&one), key: "e4" };
    assert_eq!(revert(&ground, case).await, Reverted::Nothing);
    assert_eq!(ground.at_origin("revert/e4"), None);
}

#[tokio::test]
async fn git_names_the_files_where_a_revert_meets_later_work() {
    let ground = Ground::new(3);
    let desk = Desk::new(&ground);
    let one = desk.branch("feat/one", &[("a", "1\n"), ("b", "b\n"), ("d/f1", "changed\n")]);
    let squashed = desk.squash("feat/one");
    desk.on_trunk(&[("a", "2\n"), ("d/f1", "changed again\n")]);
    let oracle = desk.revert(&[squashed.as_str()]).unwrap_err();
    assert_eq!(oracle, ["a", "d/f1"]);
    let answer = revert(&ground, Case { merged: &squashed, commits: 3, head: Some(&one), key: "e1" }).await;
    assert_eq!(answer, Reverted::Conflict { files: oracle });
    assert_eq!(ground.at_origin("revert/e1"), None);
}

#[tokio::test]
async fn git_reverts_nothing_that_it_is_not_sure_of() {
    let ground = Ground::new(1);
    let desk = Desk::new(&ground);
    let why = async |case: Case<'_>| match revert(&ground, case).await {
        Reverted::Unclear { why } => why,
        other => panic!("{other:?}"),
    };
    let root = ground.at_origin("trunk").unwrap();
    let case = Case { merged: &root, commits: 1, head: None, key: "e1" };
    assert_eq!(why(case).await, "the commit has no parent");
    let one = desk.branch("feat/one", &[("a", "1\n"), ("b", "b\n")]);
    let case = Case { merged: &one, commits: 2, head: Some(&one), key: "e2" };
    assert_eq!(why(case).await, "the commit is not on the branch that it was merged into");
    let nowhere = CommitId::new("1".repeat(40)).unwrap();
    let case = Case { merged: &nowhere, commits: 1, head: None, key: "e3" };
    assert_eq!(why(case).await, "no branch of the remote has the commit");
    let squashed = desk.squash("feat/one");
    let case = Case { merged: &squashed, commits: 2, head: None, key: "e4" };
    assert_eq!(why(case).await, "nobody knows whether its commits were merged as one");
    // the base has more of it than the branch says, as when a person resolved a conflict
    let two = desk.branch("feat/two", &[("x", "1\n"), ("y", "2\n")]);
    desk.git(&["merge", "-q", "--squash", "feat/two"]);
    let edited = desk.on_trunk(&[("z", "3\n")]);
    let case = Case { merged: &edited, commits: 2, head: Some(&two), key: "e5" };
    assert_eq!(why(case).await, "what was merged is neither all of its commits in one nor one by one");
    // its last commit brings the base into the branch, so that its first parent is the branch's side
    desk.branch("feat/three", &[("t", "1\n")]);
    desk.on_trunk(&[("u", "1\n")]);
    desk.git(&["checkout", "-q", "feat/three"]);
    desk.git(&["merge", "-q", "--no-edit", "trunk"]);
    let three = super::ground::head(&desk.clone);
    desk.git(&["checkout", "-q", "trunk"]);
    desk.git(&["merge", "-q", "--ff-only", "feat/three"]);
    desk.git(&["push", "-q", "origin", "trunk"]);
    let case = Case { merged: &three, commits: 2, head: Some(&three), key: "e6" };
    assert_eq!(why(case).await, "what the commit merges does not end with the pull request's last commit");
    for (name, file) in [("feat/four", "f4"), ("feat/five", "f5")] {
        desk.branch(name, &[(file, "1\n")]);
    }
    desk.git(&["merge", "-q", "--no-ff", "-m", "octopus", "feat/four", "feat/five"]);
    let octopus = desk.on_trunk(&[]);
    let case = Case { merged: &octopus, commits: 1, head: None, key: "e7" };
    assert_eq!(why(case).await, "the commit merges more than two");
}

/// The pull request was the lower part of a stack, and the upper part was merged: the merge has more than is undone.
#[tokio::test]
async fn git_leaves_to_a_person_what_was_merged_with_others_that_were_stacked_on_it() {
    let ground = Ground::new(1);
    let desk = Desk::new(&ground);
    let lower = desk.branch("feat/lower", &[("low", "1\n")]);
    desk.git(&["checkout", "-q", "-b", "feat/upper", "feat/lower"]);
    let upper = super::ground::work(&desk.clone, "up", "1\n");
    desk.git(&["push", "-q", "origin", "feat/upper"]);
    desk.git(&["checkout", "-q", "trunk"]);
    let merged = desk.merge("feat/upper");
    let case = |head, key| Case { merged: &merged, commits: 1, head, key };
    for (head, key) in [(Some(&lower), "e1"), (None, "e2")] {
        let Reverted::Unclear { why } = revert(&ground, case(head, key)).await else { panic!("{head:?}") };
        assert_eq!(why, "what the commit merges does not end with the pull request's last commit");
        assert_eq!(ground.at_origin(&format!("revert/{key}")), None);
    }
    let oracle = desk.revert(&["-m", "1", merged.as_str()]).unwrap();
    let answer = revert(&ground, case(Some(&upper), "e3")).await;
    assert_eq!(desk.tree(pushed(&ground, "e3", answer).as_str()), oracle);
}

#[tokio::test]
async fn git_leaves_a_branch_alone_that_is_somebody_elses() {
    let ground = Ground::new(1);
    let desk = Desk::new(&ground);
    let one = desk.branch("feat/one", &[("a", "1\n")]);
    let merged = desk.squash("feat/one");
    let found = desk.branch("revert/e1", &[("mine", "m\n")]);
    let answer = revert(&ground, Case { merged: &merged, commits: 1, head: Some(&one), key: "e1" }).await;
    assert_eq!(answer, Reverted::Taken { found: found.clone() });
    assert_eq!(tip(&ground.origin, "refs/heads/revert/e1"), Some(found));
}

#[tokio::test(flavor = "multi_thread")]
async fn git_reverts_once_when_two_do_it_at_once() {
    let ground = Ground::new(1);
    let desk = Desk::new(&ground);
    let one = desk.branch("feat/one", &[("a", "1\n")]);
    let merged = desk.squash("feat/one");
    let case = || Case { merged: &merged, commits: 1, head: Some(&one), key: "e1" };
    let (x, y) = tokio::join!(revert(&ground, case()), revert(&ground, case()));
    let at = ground.at_origin("revert/e1").unwrap();
    let (there, new) = (Reverted::AlreadyThere { head: at.clone() }, Reverted::Pushed { head: at });
    assert!([&x, &y].iter().all(|answer| **answer == there || **answer == new), "{x:?} {y:?}");
    assert!(x == new || y == new, "{x:?} {y:?}");
}
