//! Large input takes time in proportion, and the reason stays one short line.

use std::time::{Duration, Instant};

use sprintgate::domain::verify::{DiffFacts, VerifyResult, classify};

/// Far above what is needed and far below what a comparison pair by pair would take unoptimised.
const PATIENCE: Duration = Duration::from_secs(20);

fn judged(paths: impl Iterator<Item = String>, plan: &str) -> sprintgate::domain::verify::Judgement {
    let facts = DiffFacts { paths: paths.collect(), changed_lines: 1, meaningful: true };
    let start = Instant::now();
    let judgement = classify(&facts, Some(plan));
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    judgement
}

#[test]
fn a_hundred_thousand_paths_beside_a_thousand() {
    let touched = || (0..100_000).map(|i| format!("packages/p{}/src/m{}/index.ts", i % 300, i));
    let files: String = (0..1000).map(|i| format!("- `p{}/src/m{}/index.ts`\n", i % 300, i)).collect();
    assert_eq!(judged(touched(), &files).covered, 1000);
    let folders: String = (0..1000).map(|i| format!("- `src/m{i}/`\n")).collect();
    assert_eq!(judged(touched(), &folders).covered, 1000);
    let unmatched: String = (0..1000).map(|i| format!("- `x{i}/index.ts`\n")).collect();
    assert_eq!(judged(touched(), &unmatched).covered, 0);
    let patterns: String = (0..50).map(|i| format!("- `m{i}*/index.ts`\n")).collect();
    assert_eq!(judged(touched(), &patterns).covered, 50);
}

#[test]
fn a_plan_of_stray_marks_is_read_in_one_go() {
    for plan in
        ["```rust\n".repeat(50_000), "`".repeat(500_000), "` ".repeat(200_000), "- `a\n".repeat(100_000)]
    {
        judged(["a.ts".to_owned()].into_iter(), &plan);
    }
}

#[test]
fn a_reason_is_short_whatever_the_names() {
    let long = |i: usize| format!("{}/ä{i}.ts", "ü".repeat(2000));
    let plan: String = (0..20).map(|i| format!("`{}` ", long(i))).collect();
    let partial = judged(["a.ts".to_owned()].into_iter(), &plan);
    assert_eq!((partial.result, partial.planned), (VerifyResult::Partial, 20));
    assert!(partial.reasoning.chars().count() <= 600, "{}", partial.reasoning);
    assert!(partial.reasoning.ends_with("ä2.ts` and 17 more"), "{}", partial.reasoning);
    let divergent =
        judged((0..20).map(long).chain(["a.ts\n\u{1b}[2J".to_owned(), "b.ts".to_owned()]), "`b.ts`");
    assert_eq!(divergent.result, VerifyResult::Divergent);
    assert!(divergent.reasoning.chars().count() <= 600);
    assert!(!divergent.reasoning.contains(|c: char| c.is_control()));
}

#[test]
fn one_endless_line_is_one_line() {
    let mut diff = b"Binary files a/x".to_vec();
    diff.extend(b" and ".repeat(400_000));
    diff.extend(b"differ\ndiff --git ");
    diff.extend(b"a/x ".repeat(400_000));
    let start = Instant::now();
    DiffFacts::of(&diff);
    assert!(start.elapsed() < PATIENCE);
}
