//! The table of defects, held: every number once, and every test that it names is there.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const PAGE: &str = "docs/defects.md";

struct Row<'a> {
    state: &'a str,
    how: &'a str,
    tests: Vec<&'a str>,
}

fn rows(page: &str) -> BTreeMap<u32, Row<'_>> {
    let mut rows = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let Ok(number) = cells[0].parse() else { continue };
        assert_eq!(cells.len(), 5, "{line}");
        let tests = cells[4].split(", ").filter(|name| !name.is_empty()).map(|name| name.trim_matches('`'));
        let row = Row { state: cells[2], how: cells[3], tests: tests.collect() };
        assert!(rows.insert(number, row).is_none(), "{number} stands twice");
    }
    rows
}

/// Whether a test of that path is written: `flow::push::name` in `tests/flow/push.rs` or in `src`.
fn exists(test: &str) -> bool {
    let Some((module, name)) = test.rsplit_once("::") else { return false };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = module.replace("::", "/");
    ["tests", "src"].iter().any(|top| {
        let files = [format!("{top}/{file}.rs"), format!("{top}/{file}/mod.rs")];
        files.iter().filter_map(|file| fs::read_to_string(root.join(file)).ok()).any(|text| {
            let at = text.find(&format!("fn {name}("));
            at.is_some_and(|at| is_test(&text[..at])) || is_listed(&text, name)
        })
    })
}

/// Whether it stands in the list of a macro that makes a test of each.
fn is_listed(text: &str, name: &str) -> bool {
    let list = text.split("\nchecks! {\n").nth(1).and_then(|rest| rest.split("\n}").next());
    list.is_some_and(|list| list.lines().any(|line| line.trim() == name))
}

/// Whether the attributes at the end of this text, which stand right above a function, make it a test that runs.
fn is_test(above: &str) -> bool {
    let above = above.trim_end().trim_end_matches("async").trim_end();
    let attributes: Vec<&str> =
        above.lines().rev().map(str::trim).take_while(|line| line.starts_with("#[")).collect();
    let tests = attributes.iter().any(|line| line.ends_with("test]") || line.contains("test("));
    tests && !attributes.iter().any(|line| line.contains("cfg(") || line.contains("ignore"))
}

#[test]
fn every_defect_is_accounted_for_and_every_test_it_names_is_there() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE)).unwrap();
    let rows = rows(&page);
    assert_eq!(rows.keys().copied().collect::<Vec<u32>>(), (1..=100).collect::<Vec<u32>>());
    let mut wrong = Vec::new();
    for (number, row) in &rows {
        let known = ["closed", "law", "open"].contains(&row.state);
        if !known || row.how.is_empty() || (row.state == "open") != row.tests.is_empty() {
            wrong.push(format!("{number}: {} with {} tests: {}", row.state, row.tests.len(), row.how));
        }
        let missing = row.tests.iter().filter(|test| !exists(test));
        wrong.extend(missing.map(|test| format!("{number}: there is no test {test}")));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn a_test_that_is_not_there_is_missed() {
    assert!(exists("domain::gate::every_cell") && exists("domain::id::ids_are_safe_in_paths_and_refs"));
    assert!(is_test("#[tokio::test(flavor = \"current_thread\")]\nasync ") && is_test("#[test]\n"));
    assert!(
        !is_test("#[cfg(test)]\n") && !is_test("#[test]\n#[ignore]\n") && !is_test("#[test]\nfn a() {}\n")
    );
    assert!(exists("conformance::every::moves_are_the_law") && !exists("conformance::every::checks"));
    assert!(!exists("domain::gate::every") && !exists("domain::gate::no_such") && !exists("gate"));
}
