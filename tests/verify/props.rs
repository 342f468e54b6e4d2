//! What holds for every diff and every plan.

use super::edited;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use sprintgate::domain::verify::{DiffFacts, DiffScan, VerifyResult, classify, plan_paths};

/// Lines that come close to being headers and hunks.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let words = prop::sample::select(vec![
        "diff --git ",
        "diff --cc ",
        "a/x.ts",
        " b/x.ts",
        "\"a/\\303\\244\"",
        "--- ",
        "+++ ",
        "/dev/null",
        "@@ ",
        "-1 +1 @@",
        "-0,0 +1,2 @@",
        "@@@ -1 -1 +1 @@@",
        "+",
        "-",
        " ",
        "\\",
        "x",
        "\t",
        "\r",
        "rename from ",
        "rename to ",
        "old mode ",
        "new file mode ",
        "Binary files ",
        " and ",
        "differ",
        "GIT binary patch",
        "",
    ]);
    prop_oneof![
        4 => vec(words, 0..6).prop_map(|words| words.concat().into_bytes()),
        1 => vec(any::<u8>().prop_filter("one line", |b| *b != b'\n'), 0..20),
    ]
}

fn path() -> impl Strategy<Value = String> {
    "([a-z]{1,3}/){0,3}[a-z]{2,6}\\.(rs|ts|md)"
}

fn plan_text() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "`",
        "``",
        "```",
        "~~~",
        "\n",
        "\n\n",
        "- ",
        "* ",
        "**",
        "src/a.ts",
        "*.ts",
        "**/",
        "x/",
        ":",
        ":12",
        "#L3",
        " ",
        "\\",
        "./",
        "/",
        ".",
        "ä",
        "v1.2.3",
        "https://",
        "console.log",
    ]);
    prop_oneof![vec(words, 0..40).prop_map(|words| words.concat()), any::<String>()]
}

proptest! {
    #[test]
    fn nothing_panics_and_reasons_stay_short(
        lines in vec(line(), 0..60),
        noise in vec(any::<u8>(), 0..200),
        plan in plan_text(),
    ) {
        for diff in [lines.join(&b'\n'), noise] {
            let facts = DiffFacts::of(&diff);
            let j = classify(&facts, Some(&plan));
            prop_assert!(j.reasoning.chars().count() <= 600);
            prop_assert!(!j.reasoning.contains('\n'));
            prop_assert_eq!(j.missing.len(), j.planned - j.covered);
            prop_assert!(!facts.paths.contains("/dev/null") && !facts.paths.contains(""));
            prop_assert_eq!(j.result == VerifyResult::Empty, facts.paths.is_empty() || !facts.meaningful);
        }
    }

    #[test]
    fn lines_one_by_one_are_the_whole(lines in vec(line(), 0..60)) {
        let mut scan = DiffScan::new();
        lines.iter().for_each(|line| scan.line(line));
        prop_assert_eq!(scan.finish(), DiffFacts::of(&lines.join(&b'\n')));
    }

    #[test]
    fn what_was_planned_and_done_is_aligned(files in btree_set(path(), 1..12)) {
        let names: Vec<_> = files.iter().map(String::as_str).collect();
        let facts = DiffFacts::of(edited(&names).as_bytes());
        prop_assert_eq!(&facts.paths, &files);
        prop_assert_eq!(facts.changed_lines, 2 * files.len() as u64);
        for plan in [format!("Change `{}`.", names.join("`, `")), format!("- {}: x", names.join(": x\n- "))] {
            let j = classify(&facts, Some(&plan));
            prop_assert_eq!(j.result, VerifyResult::Aligned, "{}", plan);
            prop_assert_eq!((j.planned, j.covered, j.extra.len()), (files.len(), files.len(), 0));
        }
    }

    #[test]
    fn more_files_do_not_make_up_for_a_missing_one(
        done in btree_set(path(), 1..8),
        missing in path(),
        unplanned in btree_set("zz/[a-z]{2,6}\\.txt", 0..30),
    ) {
        let ends = |a: &str, b: &str| a == b || a.ends_with(&format!("/{b}"));
        prop_assume!(!done.iter().any(|d| ends(d, &missing) || ends(&missing, d)));
        let plan = done.iter().chain([&missing]).map(|p| format!("- `{p}`\n")).collect::<String>();
        let names: Vec<_> = done.iter().chain(&unplanned).map(String::as_str).collect();
        let j = classify(&DiffFacts::of(edited(&names).as_bytes()), Some(&plan));
        prop_assert_eq!(j.result, VerifyResult::Partial);
        prop_assert_eq!(j.missing, vec![missing]);
        prop_assert_eq!(j.extra.len(), unplanned.len());
    }

    #[test]
    fn content_never_becomes_a_path(content in vec(line(), 1..40)) {
        let content: Vec<_> = content.into_iter().map(|line| [b"+", line.as_slice()].concat()).collect();
        let head = format!("diff --git a/x.ts b/x.ts\n--- a/x.ts\n+++ b/x.ts\n@@ -0,0 +1,{} @@\n", content.len());
        let facts = DiffFacts::of(&[head.into_bytes(), content.join(&b'\n')].concat());
        prop_assert_eq!(facts.paths.into_iter().collect::<Vec<_>>(), ["x.ts"]);
        prop_assert_eq!(facts.changed_lines, content.len() as u64);
    }

    #[test]
    fn a_plan_is_read_the_same_twice(plan in plan_text()) {
        // Without a slash the text alone may no longer look like a path, as `console.log` for `./console.log`.
        let survives = |text: &String| text.contains('/') && text.chars().count() > 3;
        let paths: Vec<_> = plan_paths(&plan).into_iter().filter(|path| survives(&path.to_string())).collect();
        let again = paths.iter().map(|path| format!("`{path}`\n\n")).collect::<String>();
        prop_assert_eq!(plan_paths(&again), paths);
    }
}
