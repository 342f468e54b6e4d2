//! The answers that the original system is known to give.

use super::{added, judge};
use sprintgate::domain::verify::VerifyResult::{Aligned, Divergent, Empty, Partial};

#[test]
fn nothing_to_see_is_empty() {
    assert_eq!(judge("", Some("some plan")).result, Empty);
    assert_eq!(judge("", Some("Remove `src/x.ts`.")).result, Empty);
    assert_eq!(judge("Binary files differ\n", Some("plan")).result, Empty);
}

#[test]
fn without_paths_the_size_decides() {
    let (small, large) = (added(&["src/foo.ts"], 5), added(&["src/big.ts"], 60));
    for plan in [None, Some("   "), Some("Add a feature. Update the logic. Write tests.")] {
        assert_eq!(judge(&small, plan).result, Aligned, "{plan:?}");
        assert_eq!(judge(&large, plan).result, Divergent, "{plan:?}");
    }
}

#[test]
fn a_planned_path_must_be_touched() {
    let plan = Some("Edit `src/api.ts` and `src/ui.ts`.");
    let half = judge(&added(&["src/api.ts"], 5), plan);
    assert_eq!(half.result, Partial);
    assert_eq!(half.reasoning, "1/2 planned paths changed; missing: `src/ui.ts`");
    let none = judge(&added(&["src/unrelated.ts"], 5), plan);
    assert_eq!(none.result, Partial);
    assert_eq!(none.reasoning, "0/2 planned paths changed; missing: `src/api.ts`, `src/ui.ts`");
}

#[test]
fn some_more_than_planned_is_aligned() {
    let three = added(&["src/a.ts", "src/b.ts", "src/c.ts"], 5);
    let judgement = judge(&three, Some("Modify `src/a.ts` and `src/b.ts`."));
    assert_eq!(judgement.result, Aligned);
    assert_eq!(judgement.reasoning, "all 2 planned paths changed; 1 extra");
    let exact = judge(&added(&["src/verify/classify.ts"], 5), Some("Update `src/verify/classify.ts`."));
    assert_eq!(exact.result, Aligned);
    let suffix = judge(&added(&["src/verify/classify.ts"], 5), Some("Edit `classify.ts` there."));
    assert_eq!(suffix.result, Aligned);
}

#[test]
fn far_more_than_planned_is_divergent() {
    let four = added(&["src/a.ts", "src/b.ts", "src/c.ts", "src/d.ts"], 5);
    let judgement = judge(&four, Some("Update `src/a.ts`."));
    assert_eq!(judgement.result, Divergent);
    assert_eq!(
        judgement.reasoning,
        "4 paths changed for 1 planned (4.0x); extra: `src/b.ts`, `src/c.ts`, `src/d.ts`"
    );
    let five = added(&["src/core.ts", "e/1.ts", "e/2.ts", "e/3.ts", "e/4.ts"], 5);
    let judgement = judge(&five, Some("Update `src/core.ts`."));
    assert_eq!(
        judgement.reasoning,
        "5 paths changed for 1 planned (5.0x); extra: `e/1.ts`, `e/2.ts`, `e/3.ts` and 1 more"
    );
}

#[test]
fn removed_files_count() {
    let removed = |f: &str| {
        format!(
            "diff --git a/{f} b/{f}\ndeleted file mode 100644\nindex 1234567..0000000\n--- a/{f}\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-one\n-two\n"
        )
    };
    let one = removed("app/todos/page.tsx");
    let two = one.clone() + &removed("components/todo-list.tsx");
    assert_eq!(judge(&one, Some("- Remove `app/todos/page.tsx`\n- Remove its imports")).result, Aligned);
    assert_eq!(judge(&two, Some("- `app/todos/page.tsx`\n- `components/todo-list.tsx`")).result, Aligned);
    assert_eq!(judge(&one, Some("- `app/todos/page.tsx`\n- `b.ts`")).result, Partial);
    assert_eq!(judge(&one, None).result, Aligned);
}

#[test]
fn code_in_a_plan_is_no_path() {
    for (plan, files) in [
        (
            "Remove every `data-debug-label=\"...\"` from:\n\n- `app/status-bar.tsx`\n- `app/header.tsx`",
            &["app/status-bar.tsx", "app/header.tsx"][..],
        ),
        ("Turn `foo(...)` into `bar()`. Files: `src/a.ts`.", &["src/a.ts"]),
        ("Change `props={x: 1}` and `useState<string>()` in `src/c.tsx`.", &["src/c.tsx"]),
        ("Update `package.json` and `tsconfig.json`.", &["package.json", "tsconfig.json"]),
    ] {
        let judgement = judge(&added(files, 5), Some(plan));
        assert_eq!((judgement.result, judgement.planned), (Aligned, files.len()), "{plan}");
    }
    let missing =
        judge(&added(&["src/foo.ts"], 5), Some("Change `src/foo.ts`, `src/bar.ts`. Drop `data-x=\"...\"`."));
    assert_eq!((missing.result, missing.missing), (Partial, vec!["src/bar.ts".to_owned()]));
}
