//! The page that says of each trap what plain git did and what the server did.

use super::trap::{Bait, Vector};

/// What came of one trap.
pub(super) struct Row {
    pub vector: &'static Vector,
    /// What plain git did.
    pub plain: &'static str,
    /// What each operation did, in the order of [`OPERATIONS`].
    pub seen: Vec<String>,
}

/// What the server does with a cell, in the order in which it is done here.
pub(super) const OPERATIONS: [&str; 9] =
    ["look", "take", "diff", "salvage", "make beside", "publish", "make again", "remove", "reset product"];

const INTRODUCTION: &str = "\
# Hostile worktrees

What an agent can plant in its worktree, and what came of it. `tests/hostile` plants each trap in two worktrees. In the first,
plain git steps into it by the line that stands in the second column (`SCRIPT`, `THIEF`, `URL`, `OUTSIDE`, `ROOT` and `DOOR`
stand for a script, a remote, an address, two folders and a host of the test): a trap that moves nobody would prove nothing.
In the second the server does everything that it does with a worktree, in the order of the columns; `take` and `publish` are
of the commit before the trap. The last column is of the worktree that jobs about ideas of a product share: the trap is planted
there as well, and the server brings it back to the default branch.

After every operation the test looks whether a script ran, commits went to another remote, another host was asked or a folder
outside was touched, and at the end whether what was never committed and what was committed is kept. None did and all was, or
the test fails and this page is not written. An operation was *quiet* when it did its work as in any other worktree; a word
is the error by which it refused, which loses nothing: *TamperedWorktree* (where the worktree stands cannot be read),
*Pipe* (a file that never ends is in the way), *NoCommit* and *NotInVault* (the worktree has no such commit),
*Failed* (git refused the objects). *-* means that there was nothing to publish.

Cells that ask for too much are tried by themselves, in `tests/hostile/loads.rs`, each operation within 10 s:

| what is planted | what happened |
|---|---|
| files of 10 GB that are nearly all hole, untracked, as a pack or in place of tracked ones, with an attribute for which whoever compares or saves a file reads all of it | seen as changed, kept with their holes beside the commit; less than 64 MiB of memory here, less than 128 MiB in git |
| a committed file of 128 MiB that is packed into less than 1 MiB | passes through look, take, diff, salvage and push; less than 64 MiB here, less than 100 MiB in git |
| a pack of some kilobytes with a chain of deltas for 16 GiB, named by its index or hidden below an object of 16 bytes | refused; files and earlier commits kept, the pack kept as it is; less than 64 MiB here, less than 700 MiB in git |
| a folder that is swapped for a link out of the worktree and back, more than 10,000 times while the server looks and salvages | nothing outside was changed or kept; all that was in the folder was kept |

This page is made by the test and compared with it. What is known and not closed is said in [defects.md](defects.md).
";

/// The page, of these rows.
pub(super) fn page(rows: &[Row]) -> String {
    let mut page = INTRODUCTION.to_owned();
    let head = ["what is planted", "plain git is asked", "and"].into_iter().chain(OPERATIONS);
    let head: Vec<_> = head.map(str::to_owned).collect();
    page.push_str(&format!("\n{}", line(&head)));
    page.push_str(&format!("|{}\n", "---|".repeat(head.len())));
    for row in rows {
        let mut cells = vec![format!("`{}`", row.vector.name), asked(&row.vector.bait), row.plain.to_owned()];
        cells.extend(row.seen.iter().cloned());
        page.push_str(&line(&cells));
    }
    page
}

fn asked(bait: &Bait) -> String {
    match bait {
        Bait::Sings(line) | Bait::Waits(line) | Bait::Lies(line, _) | Bait::Fails(line) => {
            format!("`{}`", line.replace('|', "\\|"))
        }
        Bait::Inert => "-".to_owned(),
    }
}

fn line(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}
