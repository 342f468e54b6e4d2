//! Files that never end, where git or its library would look.

use std::path::Path;

use super::trap::{Bait, Trap, Vector};
use crate::git::ground::run;

fn object(cell: &Path) -> String {
    let head = run(cell, &["rev-parse", "HEAD"]);
    format!(".git/objects/{}/{}", &head[..2], &head[2..])
}

fn pipe(trap: &Trap, cell: &Path, name: &str) {
    trap.pipe(&cell.join(name));
}

pub(super) const WAITS: &[Vector] = &[
    Vector {
        name: "pipe_as_head",
        plant: |trap, cell| pipe(trap, cell, ".git/HEAD"),
        bait: Bait::Waits("git status"),
    },
    Vector {
        name: "pipe_as_config",
        plant: |trap, cell| pipe(trap, cell, ".git/config"),
        bait: Bait::Waits("git status"),
    },
    Vector {
        name: "pipe_as_included_config",
        plant: |trap, cell| {
            trap.pipe(&trap.root.join("endless"));
            trap.config(cell, "[include]\npath = ROOT/endless\n");
        },
        bait: Bait::Waits("git status"),
    },
    Vector {
        name: "pipe_as_index",
        plant: |trap, cell| pipe(trap, cell, ".git/index"),
        bait: Bait::Waits("git status"),
    },
    Vector {
        name: "pipe_as_packed_refs",
        plant: |trap, cell| pipe(trap, cell, ".git/packed-refs"),
        bait: Bait::Waits("git log --all"),
    },
    Vector {
        name: "pipe_as_alternates",
        plant: |trap, cell| pipe(trap, cell, ".git/objects/info/alternates"),
        bait: Bait::Waits("git log"),
    },
    Vector {
        name: "pipe_as_object",
        plant: |trap, cell| {
            let object = object(cell);
            pipe(trap, cell, &object);
        },
        bait: Bait::Waits("git log"),
    },
    Vector {
        name: "pipe_as_ignore_rules",
        plant: |trap, cell| pipe(trap, cell, ".gitignore"),
        bait: Bait::Inert,
    },
    Vector {
        name: "pipe_as_exclude_rules",
        plant: |trap, cell| pipe(trap, cell, ".git/info/exclude"),
        bait: Bait::Waits("git status"),
    },
    Vector {
        name: "pipe_as_attributes",
        plant: |trap, cell| pipe(trap, cell, ".git/info/attributes"),
        bait: Bait::Waits("echo more >> read.me; git diff"),
    },
    Vector {
        name: "pipe_in_an_inner_repository",
        plant: |trap, cell| {
            run(cell, &["init", "-q", "inner"]);
            crate::git::ground::work(&cell.join("inner"), "x", "x");
            pipe(trap, cell, "inner/.git/HEAD");
        },
        bait: Bait::Waits("git -C inner status"),
    },
];
