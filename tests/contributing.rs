//! The worked example of `docs/CONTRIBUTING.md`, carried out: each step is applied to a copy of the core, and what the
//! compiler and the tests say then is what the page says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A piece of the page that does something.
#[derive(Debug)]
enum Piece<'a> {
    /// Lines to put into a file.
    Edit { file: &'a str, old: String, new: String },
    /// Lines that have to be said after the edits before it.
    Says(Vec<&'a str>),
}

fn pieces(page: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut fences = page.split("\n```");
    fences.next();
    while let (Some(block), rest) = (fences.next(), fences.next()) {
        assert!(rest.is_some(), "a fence is not closed");
        let (kind, text) = block.split_once('\n').unwrap();
        match kind {
            "diff" => {
                let (head, lines) = text.split_once('\n').unwrap();
                let side = |other: char| {
                    let kept = lines.lines().filter(|line| !line.starts_with(other));
                    kept.map(|line| line.get(1..).unwrap_or_default()).collect::<Vec<_>>().join("\n")
                };
                let file = head.strip_prefix("--- ").expect("a diff names its file");
                pieces.push(Piece::Edit { file, old: side('+'), new: side('-') });
            }
            "says" => pieces.push(Piece::Says(text.lines().collect())),
            other => panic!("what is ```{other}?"),
        }
    }
    pieces
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// A copy of the package: manifest, lock, sources, and the tests of the core.
fn checkout(root: &Path) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let copied = root.join("contributing");
    let _ = fs::remove_dir_all(&copied);
    for folder in ["src", "tests", "benches", "docs"] {
        copy(&here.join(folder), &copied.join(folder));
    }
    for file in ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "README.md"] {
        fs::copy(here.join(file), copied.join(file)).unwrap();
    }
    copied
}

/// What cargo prints when the question machine's tests are built and run.
fn said(copied: &Path) -> String {
    let out = Command::new(env!("CARGO"))
        .args([
            "test",
            "--no-default-features",
            "--test",
            "rules",
            "--offline",
            "--",
            "small::question",
            "machines::question",
        ])
        .current_dir(copied)
        // Beside what is built already: only the core is built anew, and again after each step.
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .env("CARGO_INCREMENTAL", "1")
        .env("CARGO_TERM_COLOR", "never")
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned()
}

#[test]
fn the_worked_example_goes_as_the_page_says() {
    let copied = checkout(Path::new(env!("CARGO_TARGET_TMPDIR")));
    let page = fs::read_to_string(copied.join("docs/CONTRIBUTING.md")).unwrap();
    let (mut edits, mut checks) = (0, 0);
    for piece in pieces(&page) {
        match piece {
            Piece::Edit { file, old, new } => {
                let path = copied.join(file);
                let text = fs::read_to_string(&path).unwrap();
                // A line that ends an example may be the beginning of a longer one.
                assert_eq!(text.matches(&old).count(), 1, "{file} has this once:\n{old}");
                fs::write(&path, text.replacen(&old, &new, 1)).unwrap();
                edits += 1;
            }
            Piece::Says(lines) => {
                let said = said(&copied);
                for line in lines {
                    assert!(said.contains(line), "`{line}` is not in:\n{said}");
                }
                checks += 1;
            }
        }
    }
    assert_eq!((edits, checks), (9, 5));
}
