//! The one line of what a cascade did.

use proptest::collection::vec;
use proptest::prelude::*;
use sprintgate::domain::cascade::{TRACE_MAX, Traced, What, trace};
use sprintgate::domain::effect::Status;
use sprintgate::domain::machine::Word;

const PR: &str = "https://forge.example/o/shop/pulls/7";

fn of(what: What, status: Status) -> Traced {
    Traced { what, status, passed_over: false }
}

fn close(url: &str) -> What {
    What::Close { url: url.into() }
}

fn revert(by: Option<&str>) -> What {
    What::Revert { url: "a/1".into(), by: by.map(str::to_owned) }
}

fn delete(branch: &str) -> What {
    What::DeleteBranch { branch: branch.into() }
}

#[test]
fn one_effect_of_each_kind_in_each_state() {
    use Status::{Done, GaveUp, Pending, Retry, Running};
    let whats = [
        (close(PR), format!("; closed={PR}"), String::new()),
        (revert(Some("a/2")), "; reverted=a/1->a/2".into(), String::new()),
        (revert(None), "; reverted=a/1->?".into(), String::new()),
        (delete("feat/x"), "; branches_deleted=feat/x".into(), "; branches_kept=feat/x".into()),
        (What::RemoveWorktree, "; worktrees_removed=1".into(), String::new()),
        (What::Other, String::new(), String::new()),
    ];
    for (what, done, passed_over) in whats {
        for status in Status::ALL {
            let want = match status {
                Pending | Running | Retry => ["; waiting=1"; 2],
                Done => [done.as_str(), passed_over.as_str()],
                GaveUp => ["; warnings=1"; 2],
            };
            for (passed_over, want) in [false, true].into_iter().zip(want) {
                let effect = Traced { what: what.clone(), status: *status, passed_over };
                let shown = trace(0, &[effect]);
                assert_eq!(shown, format!("siblings_cancelled=0{want}"), "{what:?} {status} {passed_over}");
            }
        }
    }
}

#[test]
fn a_whole_cascade_in_one_line() {
    let effects = [
        of(delete("feat/story-2"), Status::Done),
        of(close("b/2"), Status::Done),
        of(close("a/1"), Status::Done),
        // Two rows of one pull request are one pull request.
        of(close("a/1"), Status::Done),
        of(What::RemoveWorktree, Status::Done),
        of(What::RemoveWorktree, Status::Done),
        of(What::RemoveWorktree, Status::Retry),
        Traced { passed_over: true, ..of(delete("feat/story-1"), Status::Done) },
        of(revert(Some("a/9")), Status::Done),
        of(revert(Some("a/9")), Status::GaveUp),
    ];
    assert_eq!(
        trace(3, &effects),
        "siblings_cancelled=3; closed=a/1,b/2; reverted=a/1->a/9; branches_deleted=feat/story-2; \
         branches_kept=feat/story-1; worktrees_removed=2; waiting=1; warnings=1"
    );
}

#[test]
fn what_is_too_long_is_counted() {
    let urls = |count: usize| -> Vec<Traced> {
        (0..count).map(|n| of(close(&format!("{n:0>99}")), Status::Done)).collect()
    };
    let items = |count: usize| (0..count).map(|n| format!("{n:0>99}")).collect::<Vec<_>>().join(",");
    assert_eq!(trace(0, &urls(15)), format!("siblings_cancelled=0; closed={}", items(15)));
    assert_eq!(trace(0, &urls(16)), format!("siblings_cancelled=0; closed={},+1", items(15)));
    assert_eq!(trace(0, &urls(32)), format!("siblings_cancelled=0; closed={},+17", items(15)));
    // Two lists share the room.
    let both: Vec<Traced> = urls(9).into_iter().chain([of(delete("feat/x"), Status::Done)]).collect();
    assert_eq!(
        trace(0, &both),
        format!("siblings_cancelled=0; closed={},+2; branches_deleted=feat/x", items(7))
    );
    let of_length = |lengths: &[usize]| {
        let urls = lengths.iter().zip('a'..).map(|(length, letter)| letter.to_string().repeat(*length));
        trace(0, &urls.map(|url| of(close(&url), Status::Done)).collect::<Vec<_>>())
    };
    assert_eq!(of_length(&[1501]), "siblings_cancelled=0; closed=+1");
    assert_eq!(of_length(&[1500]), format!("siblings_cancelled=0; closed={}", "a".repeat(1500)));
    assert!(of_length(&[750, 749]).ends_with('b'));
    assert!(of_length(&[750, 750]).ends_with("a,+1"));
}

#[test]
fn no_text_of_an_effect_is_a_part_of_the_line() {
    let effects = [of(close("a; warnings=0,b>c +2\n\u{202e}é"), Status::Done)];
    assert_eq!(trace(0, &effects), "siblings_cancelled=0; closed=a??warnings?0?b?c??2???");
}

fn effect() -> impl Strategy<Value = Traced> {
    let text = || prop_oneof![".{0,40}", "[a-z/;,=+>]{0,2000}"];
    let what = prop_oneof![
        text().prop_map(|url| What::Close { url }),
        (text(), prop::option::of(text())).prop_map(|(url, by)| What::Revert { url, by }),
        text().prop_map(|branch| What::DeleteBranch { branch }),
        Just(What::RemoveWorktree),
        Just(What::Other),
    ];
    (what, prop::sample::select(Status::ALL), any::<bool>()).prop_map(|(what, status, passed_over)| Traced {
        what,
        status,
        passed_over,
    })
}

proptest! {
    #[test]
    fn a_line_is_short_plain_and_the_same_in_any_order(
        cancelled in prop_oneof![0..9usize, Just(usize::MAX)],
        (effects, shuffled) in vec(effect(), 0..40).prop_flat_map(|e| (Just(e.clone()), Just(e).prop_shuffle())),
    ) {
        let line = trace(cancelled, &effects);
        prop_assert_eq!(&line, &trace(cancelled, &shuffled));
        prop_assert!(line.chars().count() <= TRACE_MAX);
        prop_assert!(line.bytes().all(|b| (0x20..0x7f).contains(&b)));
        // Read back: each part once, by its name, in the order of the documents, and the counts are right.
        let names: Vec<&str> = line.split("; ").map(|part| part.split('=').next().unwrap()).collect();
        let order = [
            "siblings_cancelled", "closed", "reverted", "branches_deleted", "branches_kept", "worktrees_removed",
            "waiting", "warnings",
        ];
        let known: Vec<&str> = order.into_iter().filter(|name| names.contains(name)).collect();
        prop_assert_eq!(&names, &known);
        let number = |name: &str| -> usize {
            line.split("; ").find_map(|part| part.strip_prefix(name)).map_or(0, |text| text[1..].parse().unwrap())
        };
        prop_assert_eq!(number("siblings_cancelled"), cancelled);
        let gave_up = effects.iter().filter(|effect| effect.status == Status::GaveUp).count();
        prop_assert_eq!(number("warnings"), gave_up);
        let done = effects.iter().filter(|effect| effect.status == Status::Done).count();
        prop_assert_eq!(number("waiting"), effects.len() - gave_up - done);
    }
}
