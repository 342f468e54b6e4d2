//! Refs, and what stands for refs, that tell what is not so.

use std::fs;

use super::trap::{Bait, Vector};
use crate::git::ground::run;

pub(super) const REFS: &[Vector] = &[
    Vector {
        name: "forged_branches_of_the_remote",
        plant: |_, cell| {
            let head = run(cell, &["rev-parse", "HEAD"]);
            for name in ["refs/remotes/origin/feat/x", "refs/salvage/one/1", "refs/jobs/one/1"] {
                run(cell, &["update-ref", name, &head]);
            }
        },
        bait: Bait::Lies("git log --format=%s HEAD --not --remotes", ""),
    },
    Vector {
        name: "replaced_commit",
        plant: |_, cell| {
            run(cell, &["replace", "HEAD", "origin/trunk"]);
        },
        bait: Bait::Lies("git log --format=%s", "seed"),
    },
    Vector {
        name: "grafted_history",
        plant: |_, cell| {
            let head = run(cell, &["rev-parse", "HEAD"]);
            fs::write(cell.join(".git/info/grafts"), format!("{head}\n")).unwrap();
        },
        bait: Bait::Lies("git rev-list --count HEAD", "1"),
    },
    Vector {
        name: "shallow_history",
        plant: |_, cell| {
            let head = run(cell, &["rev-parse", "HEAD"]);
            fs::write(cell.join(".git/shallow"), format!("{head}\n")).unwrap();
        },
        bait: Bait::Lies("git rev-list --count HEAD", "1"),
    },
    Vector {
        name: "head_leads_out",
        plant: |trap, cell| {
            let head = run(cell, &["rev-parse", "HEAD"]);
            fs::write(trap.root.join("stray"), format!("{head}\n")).unwrap();
            fs::write(cell.join(".git/HEAD"), "ref: refs/../../../../stray\n").unwrap();
        },
        bait: Bait::Fails("git log"),
    },
    Vector {
        name: "head_is_a_commit_that_is_nowhere",
        plant: |_, cell| fs::write(cell.join(".git/HEAD"), format!("{}\n", "1".repeat(40))).unwrap(),
        bait: Bait::Fails("git log"),
    },
    Vector {
        name: "index_says_unchanged",
        plant: |_, cell| {
            fs::write(cell.join("read.me"), "changed").unwrap();
            run(cell, &["update-index", "--assume-unchanged", "read.me"]);
        },
        bait: Bait::Lies("git status --porcelain", ""),
    },
    Vector {
        name: "index_is_rubbish",
        plant: |_, cell| fs::write(cell.join(".git/index"), "DIRC rubbish").unwrap(),
        bait: Bait::Fails("git status"),
    },
    Vector {
        name: "index_is_split",
        plant: |_, cell| {
            run(cell, &["update-index", "--split-index"]);
            for entry in fs::read_dir(cell.join(".git")).unwrap() {
                let path = entry.unwrap().path();
                if path.file_name().unwrap().to_string_lossy().starts_with("sharedindex") {
                    fs::remove_file(path).unwrap();
                }
            }
        },
        bait: Bait::Fails("git status"),
    },
    Vector {
        name: "excluded_by_the_cells_own_rules",
        plant: |_, cell| {
            fs::write(cell.join(".git/info/exclude"), "*\n").unwrap();
            fs::write(cell.join("hidden"), "work").unwrap();
        },
        bait: Bait::Lies("git status --porcelain", ""),
    },
];
