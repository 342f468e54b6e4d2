//! What a job's error says of its push, and how it is read again.

use sprintgate::domain::job::Failure;
use sprintgate::domain::machine::Word;
use sprintgate::domain::push::{AfterPush, PushClass};
use sprintgate::domain::push_rule::{PushFailed, PushRule};

#[test]
fn an_error_is_read_as_it_was_written() {
    for class in PushClass::ALL {
        let rules = PushRule::ALL.iter().copied().map(Some).filter(|_| *class == PushClass::Rejected);
        for rule in rules.chain([None]) {
            let failed = PushFailed { class: *class, rule };
            for why in ["no", "", "hook: no", "a): b: c"] {
                let Some(failure) = failed.failure(why) else {
                    assert_ne!(class.after(), AfterPush::Fails);
                    continue;
                };
                let Failure::Push(text) = failure else { panic!("{failure:?}") };
                // without a rule of ours, what the other side says first could be taken for one
                let told =
                    rule.or((*class == PushClass::Rejected && why == "hook: no").then_some(PushRule::Hook));
                assert_eq!(PushFailed::of(&text), Some(PushFailed { class: *class, rule: told }), "{text}");
            }
        }
    }
}

#[test]
fn other_errors_are_no_pushs() {
    for text in
        ["", "the worker reported a failure", "push failed", "push failed (odd): x", "push failed (rejected)"]
    {
        assert_eq!(PushFailed::of(text), None, "{text}");
    }
    let words: Vec<&str> = PushRule::ALL.iter().map(|rule| rule.word()).collect();
    assert_eq!(words, ["protected-branch", "hook", "unnamed"]);
}
