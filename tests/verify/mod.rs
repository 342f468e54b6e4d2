//! Plan against diff, from outside.

mod git;
mod original;
mod plans;
mod props;
mod scale;
mod table;

use sprintgate::domain::verify::{DiffFacts, Judgement, classify};

/// Judges a whole diff.
fn judge(diff: &str, plan: Option<&str>) -> Judgement {
    classify(&DiffFacts::of(diff.as_bytes()), plan)
}

/// A diff without hunk headers, as a careless tool writes it: `lines` added lines in each file.
fn added(files: &[&str], lines: usize) -> String {
    let body = "+a line\n".repeat(lines);
    files.iter().map(|f| format!("diff --git a/{f} b/{f}\n--- a/{f}\n+++ b/{f}\n{body}")).collect()
}

/// A diff as git writes it: one line replaced in each file.
fn edited(files: &[&str]) -> String {
    files
        .iter()
        .map(|f| {
            format!(
                "diff --git a/{f} b/{f}\nindex 1111111..2222222 100644\n--- a/{f}\n+++ b/{f}\n@@ -1 +1 @@\n-old\n+new\n"
            )
        })
        .collect()
}
