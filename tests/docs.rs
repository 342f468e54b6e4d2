//! Pages that are made from the code: a page that is stale is rewritten, and the test fails once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sprintgate::cli::tables::{card, csv, dot, json, page, svg};
use sprintgate::domain::law::machines;

/// Whether the file is not this text; if so it is rewritten.
pub(crate) fn was_stale(path: &str, text: &str) -> bool {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if fs::read_to_string(&path).is_ok_and(|found| found == text) {
        return false;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    true
}

#[test]
fn every_page_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in [
        "README.md",
        "CHANGELOG.md",
        "docs/ARCHITECTURE.md",
        "docs/audit-bundle.md",
        "docs/CONTRIBUTING.md",
        "docs/benchmarks.md",
        "docs/defects.md",
        "docs/hostile.md",
        "docs/model.md",
        "docs/mutants.md",
        "docs/reliability.md",
        "docs/schema.md",
        "docs/transitions.md",
    ] {
        let page = root.join(page);
        let text = fs::read_to_string(&page).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        for link in links.filter(|link| !link.contains("://") && !link.is_empty()) {
            assert!(page.with_file_name(link).exists(), "{}: {link}", page.display());
        }
    }
}

#[test]
fn the_law_in_each_format() {
    let law = machines();
    let made = [("md", page(&law)), ("csv", csv(&law)), ("json", json(&law).unwrap()), ("dot", dot(&law))];
    let mut stale = made.map(|(format, text)| (format!("docs/transitions.{format}"), text)).to_vec();
    stale.retain(|(path, text)| was_stale(path, text));
    let stale: Vec<_> = stale.into_iter().map(|(path, _)| path).collect();
    assert!(stale.is_empty(), "rewritten, so run the test again and commit: {stale:?}");
}

#[test]
fn a_picture_and_a_card_of_each_machine_and_of_nothing_else() {
    let mut wrong = Vec::new();
    let mut made = BTreeSet::new();
    for machine in machines() {
        for (format, text) in [("svg", svg(&machine)), ("md", card(&machine))] {
            let name = format!("{}.{format}", machine.name);
            if was_stale(&format!("docs/transitions/{name}"), &text) {
                wrong.push(name.clone());
            }
            made.insert(name);
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/transitions");
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if !made.contains(&name) {
            fs::remove_file(entry.path()).unwrap();
            wrong.push(format!("{name} (removed: no machine has it)"));
        }
    }
    assert!(wrong.is_empty(), "rewritten, so run the test again and commit: {wrong:?}");
}

#[test]
fn the_documentation_of_each_machine_shows_its_card() {
    let mut shown = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path if path.ends_with("mod.rs") => {
                    let text = fs::read_to_string(path).unwrap();
                    let card =
                        text.split("docs/transitions/").nth(1).and_then(|rest| rest.split(".md\")]").next());
                    shown.extend(card.map(str::to_owned));
                }
                _ => {}
            }
        }
    }
    let mut names: Vec<_> = machines().iter().map(|machine| machine.name.to_owned()).collect();
    shown.sort();
    names.sort();
    assert_eq!(shown, names);
}
