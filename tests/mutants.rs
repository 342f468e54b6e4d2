//! The mutants that are left out of a run: each is explained, and each is still there to be made.

use std::fs;
use std::path::Path;

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The expressions of the list, in its order.
fn excluded(list: &str) -> Vec<&str> {
    list.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\",")).collect()
}

/// The expressions of the table, in its order.
fn explained(page: &str) -> Vec<&str> {
    let (_, page) = page.split_once("\n## What no test can tell\n").unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"));
    rows.filter_map(|row| row.split_once("` | "))
        .filter(|(_, why)| why.len() > 20)
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn every_mutant_that_is_left_out_is_explained() {
    let (list, page) = (read(".cargo/mutants.toml"), read("docs/mutants.md"));
    let entries = excluded(&list);
    assert!(!entries.is_empty() && entries.len() == list.matches('"').count() / 2, "{entries:?}");
    assert_eq!(entries, explained(&page));
    for entry in entries {
        let before = list.split(entry).next().unwrap().trim_end_matches(['"', ' ']);
        assert!(before.lines().last().unwrap().trim().starts_with("# "), "{entry} has no comment");
    }
}

#[test]
fn what_is_left_out_is_one_function_of_one_file() {
    for entry in excluded(&read(".cargo/mutants.toml")) {
        let (path, change) = entry.split_once(":.*").unwrap();
        let code = read(path);
        let named =
            |word: &str| code.contains(&format!("fn {word}(")) || code.contains(&format!("fn {word}<"));
        assert!(path.starts_with("src/domain/") && change.split(' ').any(named), "{entry}");
    }
}
