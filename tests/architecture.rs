//! The layers, held: who may import whom, how long a file may be, and what the core may not touch.

use std::fs;
use std::path::{Path, PathBuf};

/// Layer, and the layers of this crate that it may import. `main.rs` and `lib.rs` stand above all.
const IMPORTS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("reading", &["domain"]),
    ("store", &["domain"]),
    ("git", &["domain"]),
    ("forge", &["domain"]),
    ("flow", &["domain", "reading", "store", "git", "forge"]),
    ("conformance", &["domain", "store", "git", "flow"]),
    ("mcp", &["domain", "reading", "flow"]),
    ("runner", &["domain", "flow", "mcp"]),
    ("cli", &["domain", "flow", "conformance", "mcp", "runner"]),
];

/// Files that wire adapters into the program, and so may name them.
const WIRING: &[&str] = &["src/cli/wiring.rs"];

const LINES_MAX: usize = 400;

fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false if path.extension().is_some_and(|e| e == "rs") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder} has no sources");
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string()
}

/// The code without comments, and without what stands below `#[cfg(test)]`.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

#[test]
fn arrows_go_down_only() {
    let mut wrong = Vec::new();
    let layers: Vec<&str> = IMPORTS.iter().map(|(layer, _)| *layer).chain(["web"]).collect();
    for (layer, allowed) in IMPORTS {
        if !Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(layer).exists() {
            continue;
        }
        for path in sources(&format!("src/{layer}")) {
            let name = shown(&path);
            let code = code(&path);
            for other in layers.iter().filter(|other| *other != layer && !allowed.contains(other)) {
                for (number, line) in code.lines().enumerate() {
                    let names = line.contains(&format!("crate::{other}::"))
                        || line.contains(&format!("use crate::{other};"));
                    if names && !WIRING.contains(&name.as_str()) {
                        wrong.push(format!(
                            "{name}:{}: {layer} imports {other}: {}",
                            number + 1,
                            line.trim()
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_core_is_pure() {
    const IMPURE: &[&str] = &[
        "async ",
        "tokio",
        "sqlx",
        "git2",
        "rmcp",
        "std::fs",
        "TcpStream",
        "UdpSocket",
        "ToSocketAddrs",
        "std::process",
        "std::env",
        "std::thread",
        "SystemTime",
        "Instant",
        "rand",
        "println!",
        "eprintln!",
        "unsafe",
    ];
    let mut wrong = Vec::new();
    for path in sources("src/domain") {
        for line in code(&path).lines() {
            if let Some(word) = IMPURE.iter().find(|word| line.contains(**word)) {
                // "operand" and the like are no randomness.
                if *word != "rand" || line.contains("rand::") {
                    wrong.push(format!("{}: {word}: {}", shown(&path), line.trim()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_database_has_all_the_shared_statements() {
    for database in ["sqlite", "postgres"] {
        let listed =
            fs::read_to_string(format!("{}/src/store/{database}/mod.rs", env!("CARGO_MANIFEST_DIR")));
        let listed = listed.unwrap();
        for path in sources("src/store/sql") {
            let module = path.file_stem().unwrap().to_str().unwrap();
            let line = format!("#[path = \"../sql/{module}.rs\"]\nmod {module};");
            assert!(listed.contains(&line), "{database} lacks {}", shown(&path));
        }
    }
}

#[test]
fn flow_speaks_no_dialect() {
    for path in sources("src/flow") {
        let code = code(&path);
        for word in ["sqlx", "sqlite", "SELECT ", "UPDATE ", "INSERT ", "PRAGMA", "git2"] {
            assert!(!code.contains(word), "{} names {word}", shown(&path));
        }
    }
}

/// What people, and a check of ours in theirs, do in their own folders; all else goes through `git/command.rs`.
const OWN_GIT: &[&str] = &[
    "src/cli/demo/git.rs",
    "src/cli/product/clone.rs",
    "src/conformance/repository.rs",
    "src/git/command.rs",
];

#[test]
fn git_is_run_in_one_way() {
    let mut found = Vec::new();
    for path in sources("src") {
        let (name, code) = (shown(&path), code(&path));
        if code.contains("Command::new(\"git\")") {
            found.push(name.clone());
        }
        // nothing else starts a program there
        let starts = name.starts_with("src/git/")
            && (code.contains(" Command::new(") || code.contains("(Command::new("));
        assert!(!starts || name == "src/git/command.rs", "{name} starts a program");
        let library = ["git2::", "use git2"].iter().any(|word| code.contains(word));
        assert!(!library || name.starts_with("src/git/"), "{name} opens repositories");
    }
    assert_eq!(found, OWN_GIT);
}

#[test]
fn no_file_is_too_long_and_each_says_what_it_is() {
    let mut wrong = Vec::new();
    let mut lengths = Vec::new();
    let folders = ["src", "tests", "benches", "examples", "fuzz/fuzz_targets"];
    for path in folders.into_iter().flat_map(sources) {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("{} has {lines} lines", shown(&path)));
        }
        if !text.starts_with("//!") {
            wrong.push(format!("{} does not begin with what lives there", shown(&path)));
        }
        lengths.push(lines);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    lengths.sort_unstable();
    assert!(lengths[lengths.len() / 2] <= 130, "the median file has {} lines", lengths[lengths.len() / 2]);
}

#[test]
fn files_are_named_after_the_domain() {
    for path in sources("src") {
        let stem = path.file_stem().unwrap().to_str().unwrap();
        for vague in ["utils", "util", "common", "helpers", "helper", "manager", "misc"] {
            assert_ne!(stem, vague, "{}", shown(&path));
        }
        if stem == "mod" {
            let code = code(&path);
            for line in code.lines() {
                assert!(
                    !line.contains("fn ") || line.starts_with("//"),
                    "{} does more than list: {line}",
                    shown(&path)
                );
            }
        }
    }
}

#[test]
fn every_test_file_is_run() {
    for path in sources("tests") {
        let name = shown(&path);
        if name.starts_with("tests/compile_fail")
            || ["tests/main.rs", "tests/rules.rs"].contains(&name.as_str())
        {
            continue;
        }
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let (owner, module) = match stem {
            "mod" => {
                let folder = path.parent().unwrap();
                (folder.parent().unwrap(), folder.file_name().unwrap().to_str().unwrap())
            }
            _ => (path.parent().unwrap(), stem),
        };
        let lists = [
            owner.join("mod.rs"),
            owner.join("main.rs"),
            owner.join("rules.rs"),
            owner.join("compile_fail.rs"),
        ];
        let listed = lists.iter().filter_map(|list| fs::read_to_string(list).ok());
        let listed = listed.into_iter().any(|text| text.contains(&format!("mod {module};")));
        assert!(listed, "{name} is in no `mod` line");
    }
}
