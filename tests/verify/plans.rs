//! What a plan can look like, beside one diff of five edited files.

use super::{edited, judge};
use sprintgate::domain::verify::VerifyResult::{self, Aligned, Divergent, Partial};

const FILES: [&str; 5] =
    ["Cargo.toml", "src/api/mod.rs", "src/api/routes.rs", "src/main.rs", "tests/api/routes_test.rs"];

/// Plan, answer, planned, covered, extra.
const PLANS: &[(&str, VerifyResult, usize, usize, usize)] = &[
    ("No path at all.", Aligned, 0, 0, 0),
    ("`Cargo.toml` `src/main.rs`", Aligned, 2, 2, 3),
    ("`Cargo.toml`", Divergent, 1, 1, 4),
    ("`src/api/` `Cargo.toml`", Aligned, 2, 2, 2),
    ("`src/api` `Cargo.toml`", Aligned, 2, 2, 2),
    ("`api/` `Cargo.toml`", Aligned, 2, 2, 1),
    ("`src/`", Aligned, 1, 1, 2),
    ("`src/**`", Aligned, 1, 1, 2),
    ("`src/**/*.rs`", Aligned, 1, 1, 2),
    ("`src/*.rs` `Cargo.toml`", Aligned, 2, 2, 3),
    ("`src/*.rs`", Divergent, 1, 1, 4),
    ("`*_test.rs` `main.rs`", Aligned, 2, 2, 3),
    ("`*.rs`", Aligned, 1, 1, 1),
    ("`docs/` `Cargo.toml`", Partial, 2, 1, 4),
    ("`docs/*.md` `Cargo.toml`", Partial, 2, 1, 4),
    ("`rc/api/` `Cargo.toml`", Partial, 2, 1, 4),
    ("`oml/Cargo.toml`, `routes.rs` and `tes.rs`", Partial, 3, 2, 3),
    ("`ain.rs` `Cargo.toml`", Partial, 2, 1, 4),
    ("`/home/me/repo/src/main.rs` `C:\\repo\\Cargo.toml`", Aligned, 2, 2, 3),
    ("`src\\main.rs` `./Cargo.toml`", Aligned, 2, 2, 3),
    ("`src/main.rs:12` `src/main.rs:14-20` `Cargo.toml#L3`", Aligned, 2, 2, 3),
    (
        "See `https://x.org/a.md`; `1.2.3` `v1.2.3` `app.run()` `--no.x` `src/main.rs` `mod.rs`",
        Aligned,
        2,
        2,
        3,
    ),
    ("- src/main.rs: start\n- **Cargo.toml**: add\n* docs/x.md", Partial, 3, 2, 3),
    ("- src/main.rs is fine\n- `Cargo.toml`: add\n- `mod.rs`", Aligned, 2, 2, 3),
    ("`Cargo.toml` `main.rs`\n```sh\ncat `no/such.sh`\n- no/such.md:\n```", Aligned, 2, 2, 3),
    ("`Cargo.toml`\n```sh\necho `\n```\n`main.rs`", Aligned, 2, 2, 3),
    ("```sh\n`Cargo.toml` `main.rs`, never closed", Aligned, 2, 2, 3),
    ("Don` worry: `Cargo.toml` and\n`main.rs`", Aligned, 2, 2, 3),
    ("`a.b` `x/y` `Cargo.toml` `main.rs`", Aligned, 2, 2, 3),
];

#[test]
fn every_plan_has_its_answer() {
    let diff = edited(&FILES);
    for &(plan, result, planned, covered, extra) in PLANS {
        let j = judge(&diff, Some(plan));
        let found = (j.result, j.planned, j.covered, j.extra.len());
        assert_eq!(found, (result, planned, covered, extra), "{plan}: {j:?}");
        assert_eq!(j.missing.len(), planned - covered, "{plan}");
    }
}

#[test]
fn a_name_in_many_folders_is_one_planned_path() {
    let judgement = judge(&edited(&["a/mod.rs", "b/mod.rs", "c/mod.rs"]), Some("`mod.rs`"));
    assert_eq!((judgement.result, judgement.extra.len()), (Divergent, 0));
    assert_eq!(judgement.reasoning, "3 paths changed for 1 planned (3.0x)");
}

#[test]
fn a_folder_weighs_what_was_touched_in_it() {
    let many = (0..30).map(|i| format!("src/{i}.rs")).collect::<Vec<_>>();
    let many = many.iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(judge(&edited(&many), Some("`src/`")).reasoning, "all 1 planned path changed");
    let within = &many[..2];
    let outside = ["a.md", "b.md", "c.md", "d.md"];
    let judgement = judge(&edited(&[within, &outside].concat()), Some("`src/`"));
    assert_eq!(judgement.result, Divergent);
    assert_eq!(
        judgement.reasoning,
        "6 paths changed for 2 planned (3.0x); extra: `a.md`, `b.md`, `c.md` and 1 more"
    );
}
