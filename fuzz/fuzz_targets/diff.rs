//! Any bytes as a diff beside any text as a plan: always an answer, short, on one line, and the same line by line.

#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use sprintgate::domain::verify::{DiffFacts, DiffScan, VerifyResult, classify, plan_paths};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    plan: Option<&'a str>,
    diff: &'a [u8],
}

fuzz_target!(|input: Input<'_>| {
    let facts = DiffFacts::of(input.diff);
    let mut scan = DiffScan::new();
    input.diff.split(|byte| *byte == b'\n').for_each(|line| scan.line(line));
    assert_eq!(scan.finish(), facts);
    let judged = classify(&facts, input.plan);
    assert!(judged.reasoning.chars().count() <= 600 && !judged.reasoning.contains('\n'));
    assert_eq!(judged.missing.len(), judged.planned - judged.covered);
    assert_eq!(judged.result == VerifyResult::Empty, facts.paths.is_empty() || !facts.meaningful);
    if let Some(plan) = input.plan {
        for path in plan_paths(plan) {
            assert!(!path.to_string().is_empty());
        }
    }
});
