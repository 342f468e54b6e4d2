//! What a diff can look like, and what it is worth beside a plan.

use super::judge;
use sprintgate::domain::verify::DiffFacts;
use sprintgate::domain::verify::VerifyResult::{self, Aligned, Divergent, Empty, Partial};

/// Name, diff, plan, answer.
type Case = (&'static str, &'static str, Option<&'static str>, VerifyResult);

const HEADER: &str = "diff --git a/x.ts b/x.ts\nindex 1..2 100644\n--- a/x.ts\n+++ b/x.ts\n";

const WHOLE_DIFFS: &[Case] = &[
    ("blank lines", "\n\n\n", None, Empty),
    ("garbage", "@@@@\n+++\n---\n\\\n+\n-\n\u{0}\n", Some("`x.ts`"), Empty),
    ("signs before any file", "+one\n-two\n", None, Empty),
    ("header alone", "diff --git a/x.ts b/x.ts\n", None, Empty),
    ("index line alone", "diff --git a/x.ts b/x.ts\nindex 1..2 100644\n", None, Empty),
    ("sides alone", "--- a/x.ts\n+++ b/x.ts\n", None, Empty),
    ("only /dev/null", "--- /dev/null\n+++ /dev/null\n@@ -0,0 +1 @@\n+x\n", None, Empty),
    ("mode", "diff --git a/x.sh b/x.sh\nold mode 100644\nnew mode 100755\n", Some("`x.sh`"), Aligned),
    (
        "mode, name with spaces",
        "diff --git a/two b/x y.sh b/two b/x y.sh\nold mode 100644\nnew mode 100755\n",
        None,
        Aligned,
    ),
    (
        "pure rename, both planned",
        "diff --git a/old.ts b/src/new.ts\nsimilarity index 100%\nrename from old.ts\nrename to src/new.ts\n",
        Some("Move `old.ts` to `src/new.ts`"),
        Aligned,
    ),
    (
        "pure rename, third file planned",
        "diff --git a/old.ts b/new.ts\nsimilarity index 100%\nrename from old.ts\nrename to new.ts\n",
        Some("Move `old.ts` to `new.ts`, adapt `uses.ts`"),
        Partial,
    ),
    (
        "rename to a quoted name",
        "diff --git a/old.ts \"b/n\\303\\244.ts\"\nrename from old.ts\nrename to \"n\\303\\244.ts\"\n",
        Some("`old.ts` `nä.ts`"),
        Aligned,
    ),
    (
        "rename with an edit",
        "diff --git a/o.ts b/n.ts\nsimilarity index 90%\nrename from o.ts\nrename to n.ts\nindex 1..2 100644\n\
         --- a/o.ts\n+++ b/n.ts\n@@ -1 +1 @@\n-a\n+b\n",
        Some("`o.ts` `n.ts`"),
        Aligned,
    ),
    (
        "copy",
        "diff --git a/o.ts b/n.ts\nsimilarity index 100%\ncopy from o.ts\ncopy to n.ts\n",
        Some("`n.ts`"),
        Aligned,
    ),
    (
        "binary",
        "diff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ\n",
        Some("`i.png`"),
        Aligned,
    ),
    (
        "new binary",
        "diff --git a/i.png b/i.png\nnew file mode 100644\nindex 0..2\nBinary files /dev/null and b/i.png differ\n",
        Some("`i.png`"),
        Aligned,
    ),
    ("signs after a header", "diff --git a/x.ts b/x.ts\n+one\n", None, Empty),
    ("plain removal", "--- a/x.ts\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", Some("`x.ts`"), Aligned),
    ("plain new binary", "Binary files /dev/null and b/i.png differ\n", Some("`i.png`"), Aligned),
    ("plain removed binary", "Binary files a/i.png and /dev/null differ\n", Some("`i.png`"), Aligned),
    ("plain binary", "Binary files a/i.png and b/i.png differ\r\n", Some("`i.png`"), Aligned),
    ("binary of a named file", "diff --git a/i.png b/i.png\nBinary files differ\n", Some("`i.png`"), Aligned),
    (
        "binary patch",
        "diff --git a/i.png b/i.png\nindex 1..2 100644\nGIT binary patch\nliteral 3\nKc${Nk-~s1^\n\nliteral 0\nHcmV?d00001\n\n\
         diff --git a/y.ts b/y.ts\nold mode 100644\nnew mode 100755\n",
        Some("`i.png` `y.ts`"),
        Aligned,
    ),
    ("binary patch of nothing", "GIT binary patch\nliteral 0\n", None, Empty),
    (
        "new empty file",
        "diff --git a/x.ts b/x.ts\nnew file mode 100644\nindex 0000000..e69de29\n",
        Some("`x.ts`"),
        Aligned,
    ),
    (
        "removed empty file, then a white-space edit",
        "diff --git a/x.ts b/x.ts\ndeleted file mode 100644\nindex e69de29..0000000\n\
         diff --git a/y.ts b/y.ts\n--- a/y.ts\n+++ b/y.ts\n@@ -1 +1,2 @@\n a\n+\n",
        Some("`x.ts`"),
        Aligned,
    ),
    (
        "new file of white space",
        "diff --git a/x.ts b/x.ts\nnew file mode 100644\n--- /dev/null\n+++ b/x.ts\n@@ -0,0 +1,2 @@\n+  \n+\n",
        Some("`x.ts`"),
        Empty,
    ),
    (
        "quoted name with tab, quote and backslash",
        "diff --git \"a/a\\tb\\\"c\\\\d.ts\" \"b/a\\tb\\\"c\\\\d.ts\"\n--- \"a/a\\tb\\\"c\\\\d.ts\"\n+++ \"b/a\\tb\\\"c\\\\d.ts\"\n@@ -1 +1 @@\n-a\n+b\n",
        None,
        Aligned,
    ),
    (
        "quoted name in octal",
        "diff --git \"a/\\303\\244.txt\" \"b/\\303\\244.txt\"\n--- \"a/\\303\\244.txt\"\n+++ \"b/\\303\\244.txt\"\n@@ -1 +1 @@\n-a\n+b\n",
        Some("`docs/ä.txt` or `ä.txt`"),
        Aligned,
    ),
    (
        "plain diff with times",
        "--- a/x.ts\t2024-01-01 10:00:00\n+++ b/x.ts\t2024-01-02 10:00:00\n@@ -1 +1 @@\n-a\n+b\n",
        Some("`x.ts`"),
        Aligned,
    ),
    (
        "two plain diffs",
        "--- x.ts\n+++ x.ts\n@@ -1 +1 @@\n-a\n+b\n--- y.ts\n+++ y.ts\n@@ -1 +1 @@\n-a\n+b\n",
        Some("`x.ts` `y.ts`"),
        Aligned,
    ),
    (
        "no prefixes, folder a",
        "diff --git a/x.ts a/x.ts\n--- a/x.ts\n+++ a/x.ts\n@@ -1 +1 @@\n-a\n+b\n",
        Some("`lib/a/x.ts`"),
        Aligned,
    ),
    (
        "other prefixes",
        "diff --git i/x.ts w/x.ts\n--- i/x.ts\n+++ w/x.ts\n@@ -1 +1 @@\n-a\n+b\n",
        Some("`src/x.ts` is one"),
        Aligned,
    ),
    (
        "merge",
        "diff --cc x.ts\nindex 1,2..3\n--- a/x.ts\n+++ b/x.ts\n@@@ -1,1 -1,1 +1,2 @@@\n  a\n++b\n",
        Some("`x.ts`"),
        Aligned,
    ),
    (
        "merge of white space",
        "diff --cc x.ts\nindex 1,2..3\n--- a/x.ts\n+++ b/x.ts\n@@@ -1,1 -1,1 +1,2 @@@\n  a\n++\n +  \n",
        Some("`x.ts`"),
        Empty,
    ),
    (
        "carriage returns",
        "diff --git a/x.ts b/x.ts\r\n--- a/x.ts\r\n+++ b/x.ts\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n",
        Some("`x.ts`"),
        Aligned,
    ),
];

/// The same with `HEADER` before the diff.
const HUNKS: &[Case] = &[
    ("a line", "@@ -1 +1,2 @@\n a\n+b\n", Some("`x.ts`"), Aligned),
    ("white space", "@@ -1,2 +1,3 @@\n-\t\n+  \n a\n+\r\n", Some("`x.ts`"), Empty),
    ("exotic white space", "@@ -1 +1,2 @@\n a\n+\u{a0}\u{3000}\u{feff}\n", Some("`x.ts`"), Empty),
    ("a removed line that looks like a header", "@@ -1 +0,0 @@\n--- a/y.ts\n", Some("`y.ts`"), Partial),
    ("an added line that looks like a header", "@@ -0,0 +1 @@\n+++ b/y.ts\n", Some("`x.ts` `y.ts`"), Partial),
    (
        "a whole diff as content",
        "@@ -0,0 +1,5 @@\n+diff --git a/y.ts b/y.ts\n+--- a/y.ts\n+++ b/y.ts\n+rename from z.ts\n+GIT binary patch\n",
        Some("`y.ts`"),
        Partial,
    ),
    (
        "looks like headers before the next hunk",
        "@@ -1 +1 @@\n--- a/y.ts\n+++ b/y.ts\n@@ -9 +9 @@\n-a\n+b\n",
        Some("`y.ts`"),
        Partial,
    ),
    (
        "no line end",
        "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file",
        None,
        Aligned,
    ),
    ("only remarks", "@@ -1 +1 @@\n a\n\\ No newline at end of file\n", None, Empty),
    (
        "stripped empty context",
        "@@ -1,3 +1,3 @@\n\n-a\n+b\n\n--- a/y.ts\n+++ b/y.ts\n",
        Some("`y.ts`"),
        Aligned,
    ),
    ("too few lines", "@@ -1,9 +1,9 @@\n+a\ndiff --git a/y.ts b/y.ts\nold mode 1\n", Some("`y.ts`"), Aligned),
    ("too many lines", "@@ -0,0 +1 @@\n+\n+a\n", Some("`x.ts`"), Aligned),
    ("a hunk of nothing", "@@ -0,0 +0,0 @@\n+a\n--- a/y.ts\n+++ b/y.ts\n", Some("`x.ts` `y.ts`"), Aligned),
    ("mail signature", "@@ -0,0 +1 @@\n+\n-- \n2.40.0\n", None, Empty),
];

#[test]
fn every_diff_has_its_answer() {
    assert!(WHOLE_DIFFS.len() + HUNKS.len() >= 40);
    let hunks =
        HUNKS.iter().map(|&(name, hunks, plan, expected)| (name, format!("{HEADER}{hunks}"), plan, expected));
    let whole =
        WHOLE_DIFFS.iter().map(|&(name, diff, plan, expected)| (name, diff.to_owned(), plan, expected));
    for (name, diff, plan, expected) in whole.chain(hunks) {
        let judgement = judge(&diff, plan);
        assert_eq!(judgement.result, expected, "{name}: {judgement:?}");
    }
}

#[test]
fn a_sign_outside_of_a_file_changes_nothing() {
    assert_eq!(DiffFacts::of(b"+one\n-two\n"), DiffFacts::default());
    assert_eq!(DiffFacts::of(b"diff --git a/x.ts b/x.ts\n+one\n-two\n"), DiffFacts::default());
}

#[test]
fn fifty_lines_are_counted_without_headers() {
    for (added, expected) in [(50, Aligned), (51, Divergent)] {
        let diff = format!("{HEADER}@@ -0,0 +1,{added} @@\n{}", "+x\n".repeat(added));
        assert_eq!(judge(&diff, None).result, expected, "{added}");
    }
}
