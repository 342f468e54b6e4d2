//! Traps that put another repository in the place of the cell's, or another folder in the place of its files.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::trap::{Bait, Trap, Vector};
use crate::git::ground::{head, run, work};

fn away(trap: &Trap, cell: &Path) {
    let away = trap.root.join("away");
    let _ = fs::remove_dir_all(&away);
    fs::rename(cell.join(".git"), away).unwrap();
}

pub(super) const REPOSITORIES: &[Vector] = &[
    Vector {
        name: "git_folder_is_a_link",
        plant: |trap, cell| {
            away(trap, cell);
            symlink(trap.evil.join(".git"), cell.join(".git")).unwrap();
        },
        bait: Bait::Sings("git status"),
    },
    Vector {
        name: "git_folder_is_a_file",
        plant: |trap, cell| {
            away(trap, cell);
            fs::write(cell.join(".git"), format!("gitdir: {}/.git\n", trap.evil.display())).unwrap();
        },
        bait: Bait::Sings("git status"),
    },
    Vector {
        name: "common_folder_elsewhere",
        plant: |trap, cell| {
            fs::write(cell.join(".git/commondir"), format!("{}/.git\n", trap.evil.display())).unwrap();
        },
        bait: Bait::Sings("git status"),
    },
    Vector {
        name: "config_of_a_worktree",
        plant: |trap, cell| {
            trap.config(cell, "[extensions]\nworktreeConfig = true\n[core]\nrepositoryFormatVersion = 1\n");
            fs::write(cell.join(".git/config.worktree"), trap.filled("[core]\nfsmonitor = SCRIPT\n"))
                .unwrap();
        },
        bait: Bait::Sings("git status"),
    },
    Vector {
        name: "work_tree_elsewhere",
        plant: |trap, cell| trap.config(cell, "[core]\nworktree = OUTSIDE\n"),
        bait: Bait::Sings("git checkout -f HEAD"),
    },
    Vector {
        name: "bare",
        plant: |trap, cell| trap.config(cell, "[core]\nbare = true\n"),
        bait: Bait::Fails("git status"),
    },
    Vector {
        name: "folder_is_a_link_out",
        plant: |trap, cell| {
            fs::remove_dir_all(cell.join("d")).unwrap();
            symlink(&trap.outside, cell.join("d")).unwrap();
        },
        bait: Bait::Inert,
    },
    Vector {
        name: "inner_repository_with_a_monitor",
        plant: |trap, cell| {
            let inner = cell.join("inner");
            run(cell, &["init", "-q", "inner"]);
            work(&inner, "x", "x");
            run(cell, &["-c", "advice.addEmbeddedRepo=false", "add", "inner"]);
            run(cell, &["commit", "-q", "-m", "inner"]);
            trap.config(&inner, "[core]\nfsmonitor = SCRIPT\n");
            trap.hooks(&inner.join(".git/hooks"));
            fs::write(inner.join("x"), "changed").unwrap();
        },
        bait: Bait::Sings("git status"),
    },
    Vector {
        name: "submodule_that_updates_by_a_command",
        plant: |trap, cell| {
            trap.config(cell, "[submodule \"s\"]\nurl = URL\nactive = true\nupdate = !SCRIPT\n[submodule]\nrecurse = true\n");
            let commit = run(cell, &["rev-parse", "origin/trunk"]);
            fs::write(cell.join(".gitmodules"), "[submodule \"s\"]\n\tpath = s\n\turl = ./s\n").unwrap();
            run(cell, &["update-index", "--add", "--cacheinfo", &format!("160000,{commit},s")]);
        },
        bait: Bait::Sings("git -c protocol.file.allow=always submodule update --init"),
    },
    Vector {
        name: "alternates_elsewhere",
        plant: |trap, cell| {
            if !trap.evil.join("theirs").exists() {
                work(&trap.evil, "theirs", "of another repository");
            }
            let own = head(&trap.evil);
            let alternates = cell.join(".git/objects/info/alternates");
            let text = fs::read_to_string(&alternates).unwrap();
            fs::write(&alternates, format!("{text}{}/.git/objects\n", trap.evil.display())).unwrap();
            fs::write(cell.join(".git/refs/heads/theirs"), format!("{own}\n")).unwrap();
            fs::write(cell.join(".git/HEAD"), "ref: refs/heads/theirs\n").unwrap();
        },
        bait: Bait::Lies("git show HEAD:theirs", "of another repository"),
    },
];
