//! Commits that hold what no careful remote takes, or less than they say.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use super::trap::{Bait, Vector};
use crate::git::ground::{command, run};

/// Writes an object whatever is in it, and hands back its id.
pub(super) fn object(cell: &Path, kind: &str, bytes: &[u8]) -> String {
    let mut git = command(cell, &["hash-object", "-w", "--literally", "-t", kind, "--stdin"]);
    let mut child = git.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(bytes).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim().to_owned()
}

/// A tree with one file of that name, as the next commit.
fn tree_of(cell: &Path, name: &[u8], mode: &str) {
    let blob = object(cell, "blob", b"#!/bin/sh\n");
    let id: Vec<u8> = (0..20).map(|n| u8::from_str_radix(&blob[2 * n..2 * n + 2], 16).unwrap()).collect();
    let tree = object(cell, "tree", &[mode.as_bytes(), b" ", name, b"\0", &id].concat());
    commit(cell, &tree);
}

pub(super) fn commit(cell: &Path, tree: &str) {
    let commit = run(cell, &["commit-tree", tree, "-p", "HEAD", "-m", "hostile"]);
    let branch = run(cell, &["symbolic-ref", "HEAD"]);
    let path = cell.join(".git").join(branch);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("{commit}\n")).unwrap();
}

fn modules(cell: &Path, text: &str) {
    fs::write(cell.join(".gitmodules"), text).unwrap();
    run(cell, &["add", ".gitmodules"]);
    run(cell, &["commit", "-q", "-m", "modules"]);
}

const FSCK: Bait = Bait::Fails("git fsck --strict --no-dangling");

pub(super) const TREES: &[Vector] = &[
    Vector { name: "tree_with_a_git_folder", plant: |_, cell| tree_of(cell, b".git", "100644"), bait: FSCK },
    Vector { name: "tree_with_a_lookalike", plant: |_, cell| tree_of(cell, b"GIT~1", "100644"), bait: FSCK },
    Vector {
        name: "tree_with_an_ignorable_character",
        plant: |_, cell| tree_of(cell, ".g\u{200c}it".as_bytes(), "100644"),
        bait: FSCK,
    },
    Vector { name: "tree_that_leads_up", plant: |_, cell| tree_of(cell, b"..", "40000"), bait: FSCK },
    Vector {
        name: "tree_with_a_path",
        plant: |_, cell| tree_of(cell, b"../outside/planted", "100644"),
        bait: FSCK,
    },
    Vector {
        name: "tree_that_is_rubbish",
        plant: |_, cell| {
            let tree = object(cell, "tree", b"rubbish");
            commit(cell, &tree);
        },
        bait: FSCK,
    },
    Vector {
        name: "tree_that_is_not_there",
        plant: |_, cell| {
            let text = format!(
                "tree {}\nparent {}\nauthor a <a@e> 0 +0000\ncommitter a <a@e> 0 +0000\n\nx\n",
                "1".repeat(40),
                run(cell, &["rev-parse", "HEAD"])
            );
            let commit = object(cell, "commit", text.as_bytes());
            fs::write(cell.join(".git/HEAD"), format!("{commit}\n")).unwrap();
        },
        bait: FSCK,
    },
    Vector {
        name: "object_under_a_false_name",
        plant: |_, cell| {
            let path = |id: &str| cell.join(".git/objects").join(&id[..2]).join(&id[2..]);
            // what the vault has already is not written again
            let own = |text: &str| Some(object(cell, "blob", text.as_bytes())).filter(|id| path(id).exists());
            let (text, good) =
                (0..).find_map(|n| own(&format!("good {n}")).map(|id| (format!("good {n}"), id))).unwrap();
            let other = (0..).find_map(|n| own(&format!("other {n}"))).unwrap();
            fs::write(cell.join("file"), text).unwrap();
            run(cell, &["add", "file"]);
            run(cell, &["commit", "-q", "-m", "file"]);
            fs::remove_file(path(&good)).unwrap();
            fs::copy(path(&other), path(&good)).unwrap();
        },
        bait: FSCK,
    },
    Vector {
        name: "submodule_whose_name_leads_out",
        plant: |_, cell| modules(cell, "[submodule \"../../x\"]\n\tpath = s\n\turl = ./s\n"),
        bait: FSCK,
    },
    Vector {
        name: "submodule_whose_address_is_an_option",
        plant: |_, cell| modules(cell, "[submodule \"s\"]\n\tpath = s\n\turl = -u./touch\n"),
        bait: FSCK,
    },
];
