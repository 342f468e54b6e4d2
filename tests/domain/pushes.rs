//! Classes of pushes: every one by hand.

use sprintgate::domain::job::Failure;
use sprintgate::domain::machine::Word;
use sprintgate::domain::push::{AfterPush, PushClass, WHY_MAX};

#[test]
fn defect_056_each_class_has_its_word_its_code_and_its_effect_on_the_job() {
    use AfterPush::{Fails, GoesOn, StaysRunning};
    let by_hand = [
        ("pushed", "PUSHED", GoesOn),
        ("nothing", "PUSH_NOTHING", GoesOn),
        ("transient", "PUSH_TRANSIENT", StaysRunning),
        ("no-credentials", "PUSH_NO_CREDENTIALS", Fails),
        ("conflict", "PUSH_CONFLICT", Fails),
        ("rejected", "PUSH_REJECTED", Fails),
        ("too-large", "PUSH_TOO_LARGE", Fails),
        ("default-branch", "PUSH_DEFAULT_BRANCH", Fails),
        ("unknown", "PUSH_UNKNOWN", Fails),
    ];
    let ours: Vec<_> =
        PushClass::ALL.iter().map(|class| (class.word(), class.code(), class.after())).collect();
    assert_eq!(ours, by_hand);
}

#[test]
fn a_failure_keeps_the_class_and_the_first_words() {
    let failure = |class: PushClass, why: &str| match class.failure(why) {
        Some(Failure::Push(text)) => Some(text),
        Some(other) => panic!("{other:?}"),
        None => None,
    };
    for class in PushClass::ALL {
        let want = match class {
            PushClass::Pushed | PushClass::Nothing | PushClass::Transient => None,
            _ => Some(format!("push failed ({}): é", class.word())),
        };
        assert_eq!(failure(*class, "é"), want, "{class}");
    }
    let long = failure(PushClass::Rejected, &"é".repeat(WHY_MAX + 1)).unwrap();
    assert_eq!(long, format!("push failed (rejected): {}", "é".repeat(WHY_MAX)));
}
