//! Finding the open one of a branch, and opening it once.

use sprintgate::domain::branch::BranchName;
use sprintgate::domain::forge::ForgeKind;
use sprintgate::domain::pull_request::ForgeState;
use sprintgate::forge::{FindPr, ForgeError, NewPr, Opened};

use super::ground::{BRANCH, Ground, KINDS};
use super::server::{Answer, Pull, What};

#[tokio::test]
async fn what_was_opened_is_found_and_read_again() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        assert_eq!(ground.find(true).await.unwrap(), None);
        let opened = ground.open(false).await;
        let word = if kind == ForgeKind::GitHub { "pull" } else { "pulls" };
        let host = ground.forge.host();
        assert_eq!(opened.url.to_string(), format!("https://{host}/shop/basket/{word}/1"));
        assert_eq!((&*opened.head_branch, &opened.head, &*opened.base), (BRANCH, &ground.head, "trunk"));
        assert_eq!((opened.state, opened.draft, &opened.merge), (ForgeState::Open, false, &None));
        assert_eq!(
            (&*opened.title, opened.mergeable, opened.auto_merge),
            ("A better basket", Some(true), false)
        );
        assert_eq!(opened.commits, (kind == ForgeKind::GitHub).then_some(1));
        assert_eq!(ground.forge.get(&opened.url).await.unwrap(), opened);
        let found = ground.find(false).await.unwrap().unwrap();
        assert_eq!((&found.url, &found.head, found.state), (&opened.url, &opened.head, ForgeState::Open));

        let second = ground.push("2\n");
        assert_eq!(ground.forge.get(&opened.url).await.unwrap().head, second);
        assert_eq!(ground.forge.open(&ground.new_pr(false)).await, Err(ForgeError::Exists));
        assert_eq!(ground.server.state().pulls.len(), 1);
    }
}

/// An answer that was lost leaves one open; whoever comes next finds it.
#[tokio::test]
async fn an_opening_that_was_cut_off_is_found_and_not_repeated() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        ground.fault("POST", "/pulls", What::ClosesAfter);
        let error = ground.forge.open(&ground.new_pr(false)).await.unwrap_err();
        assert!(matches!(error, ForgeError::Away { .. }), "{error}");
        assert_eq!(ground.asked("POST", "/pulls"), 1);
        assert_eq!(ground.find(false).await.unwrap().unwrap().url, ground.url(1));
    }
}

/// Both look before either opens; the second is told that one is open, and finds it.
#[tokio::test]
async fn of_two_at_once_one_opens_and_the_other_adopts() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let new = ground.new_pr(false);
        let (one, two) = tokio::join!(ground.forge.find_or_open(&new), ground.forge.find_or_open(&new));
        let (one, two) = (one.unwrap(), two.unwrap());
        match (&one, &two) {
            (Opened::New(a), Opened::Adopted(b)) | (Opened::Adopted(a), Opened::New(b)) => {
                assert_eq!(a.url, b.url);
            }
            _ => panic!("{one:?} {two:?}"),
        }
        assert!(
            matches!(ground.forge.find_or_open(&new).await, Ok(Opened::Adopted(pr)) if pr.url == ground.url(1))
        );
        assert_eq!(ground.server.state().pulls.len(), 1);
    }
}

/// Said to be there, and not shown: nothing is opened beside it.
#[tokio::test]
async fn one_that_is_there_and_not_shown_is_not_opened_again() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        ground.open(false).await;
        for _ in 0..2 {
            let none = Answer::json(200, &serde_json::json!([]));
            ground.fault("GET", "/pulls", What::Answers(none));
            ground.fault("GET", "/pulls/trunk/feat/story-1", What::Answers(Answer::says(404, "no")));
        }
        let error = ground.forge.find_or_open(&ground.new_pr(false)).await.unwrap_err();
        assert_eq!(error, ForgeError::Exists);
        assert_eq!(ground.server.state().pulls.len(), 1);
    }
}

#[tokio::test]
async fn of_120_open_ones_that_of_the_branch_is_found() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let tip = ground.head.to_string();
        let fork = |name: &str| Some((name.to_owned(), tip.clone()));
        {
            let mut state = ground.server.state();
            let mine = ground.other(BRANCH);
            // Closed, of another base, of forks with that branch, and of another branch on the same commit.
            state.add(Pull { closed: true, ..mine.clone() });
            state.repo.commit("release", Some("trunk"), "other", "\n");
            state.add(Pull { base: "release".into(), ..mine.clone() });
            state.add(Pull { fork: fork("ann/basket"), ..mine.clone() });
            let at = format!("{}:refs/heads/same", ground.head);
            state.repo.git(&["fetch", "-q", ".", &at]).unwrap();
            state.add(ground.other("same"));
            state.add(mine.clone());
            for number in 0..115 {
                let branch = if number % 2 == 0 { BRANCH.to_owned() } else { format!("other-{number}") };
                state.add(Pull { fork: fork("bob/basket"), ..ground.other(&branch) });
            }
        }
        let found = ground.find(false).await.unwrap().unwrap();
        assert_eq!(found.url.number, 5, "{kind}");
        assert_eq!(found.head_repo, Some(ground.repo.clone()));
        let pages = ground.server.state().log.iter().filter_map(|(asked, _)| asked.query("page")).count();
        assert_eq!(pages, if kind == ForgeKind::GitHub { 2 } else { 3 });
    }
}

#[tokio::test]
async fn defect_068_a_closed_pull_request_of_the_branch_is_not_used() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        {
            let mut state = ground.server.state();
            for _ in 0..2 {
                state.add(Pull { closed: true, ..ground.other(BRANCH) });
            }
        }
        assert_eq!(ground.find(false).await.unwrap(), None);
        let newest = ground.find(true).await.unwrap().unwrap();
        assert_eq!((newest.url.number, newest.state), (2, ForgeState::Closed));
        assert_eq!(ground.open(false).await.url.number, 3);
        assert_eq!(ground.find(true).await.unwrap().unwrap().state, ForgeState::Open);
    }
}

#[tokio::test]
async fn a_base_with_a_slash_is_one_base() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        {
            let mut state = ground.server.state();
            state.repo.commit("release/1.0", Some("trunk"), "release", "\n");
            state.add(Pull { base: "release/1.0".into(), ..ground.other(BRANCH) });
        }
        let ask = FindPr { repo: &ground.repo, head: &ground.branch, base: "release/1.0", any: false };
        let found = ground.forge.find(&ask).await.unwrap().unwrap();
        assert_eq!((found.url.number, &*found.base), (1, "release/1.0"));
        let other = BranchName::new("feat/other").unwrap();
        assert_eq!(ground.forge.find(&FindPr { head: &other, ..ask }).await.unwrap(), None);
    }
}

/// What cannot be opened says why, and is not tried again.
#[tokio::test]
async fn a_branch_without_work_is_refused_in_the_forges_words() {
    for (kind, words) in KINDS.into_iter().zip(["No commits between", "no changes between"]) {
        let ground = Ground::new(kind).await;
        let trunk = ground.server.state().repo.tip("trunk").unwrap();
        ground.server.state().repo.git(&["update-ref", "refs/heads/feat/empty", &trunk]).unwrap();
        let empty = BranchName::new("feat/empty").unwrap();
        let mut new = ground.new_pr(false);
        new.head = &empty;
        let error = ground.forge.open(&new).await.unwrap_err();
        assert!(matches!(&error, ForgeError::Invalid { why } if why.contains(words)), "{error}");
        assert_eq!(error.retry(), sprintgate::forge::Retry::Never);
        assert_eq!(ground.asked("POST", "/pulls"), 1);
    }
}

/// Of the branch, whatever it is to be merged into, and into the branch, from wherever: all of them, and no other.
#[tokio::test]
async fn all_open_ones_that_need_a_branch_are_listed() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let on = async || {
            let found = ground.forge.open_on(&ground.repo, &ground.branch).await.unwrap();
            let mut numbers: Vec<u64> = found.iter().map(|pr| pr.url.number).collect();
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(on().await, [0; 0]);
        let tip = ground.head.to_string();
        {
            let mut state = ground.server.state();
            let mine = ground.other(BRANCH);
            state.repo.commit("release", Some("trunk"), "other", "\n");
            let at = format!("{tip}:refs/heads/same");
            state.repo.git(&["fetch", "-q", ".", &at]).unwrap();
            let (fork, same) = (Some(("ann/basket".to_owned(), tip.clone())), ground.other("same"));
            // 1 and 2: of the branch, and of it into another base.
            state.add(mine.clone());
            state.add(Pull { base: "release".into(), ..mine.clone() });
            // Closed, of a fork's branch of that name, and of another branch on the same commit.
            state.add(Pull { closed: true, ..mine.clone() });
            state.add(Pull { fork: fork.clone(), ..mine });
            state.add(same.clone());
            // 6 and 7: into the branch, from here and from a fork; 8 was closed.
            state.add(Pull { base: BRANCH.into(), ..same.clone() });
            state.add(Pull { base: BRANCH.into(), fork: fork.clone(), ..ground.other("theirs") });
            state.add(Pull { base: BRANCH.into(), closed: true, ..same });
            for number in 0..110 {
                state.add(Pull { fork: fork.clone(), ..ground.other(&format!("other-{number}")) });
            }
        }
        assert_eq!(on().await, [1, 2, 6, 7], "{kind}");
    }
}

#[tokio::test]
async fn the_publication_that_one_was_opened_for_is_known_by_its_text() {
    for kind in KINDS {
        let ground = Ground::new(kind).await;
        let id = "publication-1".parse().unwrap();
        let body = format!("> It holds more.\n\n{}\n", sprintgate::domain::publication::marker(&id));
        let opened = ground.forge.open(&NewPr { body: &body, ..ground.new_pr(false) }).await.unwrap();
        assert_eq!(opened.publication, Some(id.clone()));
        assert_eq!(ground.find(true).await.unwrap().unwrap().publication, Some(id));
        ground.server.state().pulls[0].body = "a person's words".into();
        assert_eq!(ground.forge.get(&opened.url).await.unwrap().publication, None);
    }
}
