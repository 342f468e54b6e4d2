//! Pages that are made from the code: a page that is stale is rewritten, and the test fails once.

use std::fs;
use std::path::Path;

use sprintgate::cli::tables::page;
use sprintgate::domain::law::law;

#[track_caller]
fn is_fresh(path: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if fs::read_to_string(&path).is_ok_and(|found| found == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    panic!("{} was stale; it is rewritten, so run the test again and commit it", path.display());
}

#[test]
fn every_page_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in
        ["README.md", "CHANGELOG.md", "docs/ARCHITECTURE.md", "docs/benchmarks.md", "docs/transitions.md"]
    {
        let page = root.join(page);
        let text = fs::read_to_string(&page).unwrap();
        let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        for link in links.filter(|link| !link.contains("://") && !link.is_empty()) {
            assert!(page.with_file_name(link).exists(), "{}: {link}", page.display());
        }
    }
}

#[test]
fn transitions() {
    is_fresh("docs/transitions.md", &page(&law()));
}
