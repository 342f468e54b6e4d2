//! Any text as a plan document: read with every rule kept, or refused as invalid.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sprintgate::reading::read_plan;

fuzz_target!(|document: &str| {
    match read_plan(document) {
        Ok(plan) => {
            assert!(plan.breaches().is_empty());
            assert!(!plan.stories.is_empty() && plan.stories.iter().all(|story| !story.tasks.is_empty()));
        }
        Err(unfit) => assert!(unfit.field == "plan" && !unfit.why.is_empty()),
    }
});
