//! The diff out of the vault against the one of the git program.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::ground::{Ground, place, run, work};

#[tokio::test]
async fn git_diff_is_the_patch_that_git_prints() {
    let ground = Ground::new(12);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let at = |name: &str| made.path.join(name);
    fs::rename(at("d/f1"), at("d/moved")).unwrap();
    fs::rename(at("d/f2"), at("d/moved and changed")).unwrap();
    fs::write(at("d/moved and changed"), "2\n".repeat(99)).unwrap();
    fs::remove_file(at("d/f3")).unwrap();
    fs::write(at("d/f4"), [0_u8, 159, 146, 150]).unwrap();
    fs::set_permissions(at("d/f5"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(at("d/f6"), "6\n".repeat(50) + "--- a/looks like\n+++ b/a header\r\n" + &"6\n".repeat(50))
        .unwrap();
    fs::write(at("no newline"), "end").unwrap();
    fs::write(at("empty"), "").unwrap();
    fs::write(at("n\u{e4}me"), "x\n").unwrap();
    symlink("d/f7", at("link")).unwrap();
    fs::remove_file(at("d/f8")).unwrap();
    symlink("f7", at("d/f8")).unwrap();
    let head = work(&made.path, "read.me", "hello");
    // the default branch went on meanwhile: that is no part of the attempt's diff
    let newer = work(&ground.clone, "theirs", "x");
    run(&ground.clone, &["push", "-q", "origin", "trunk"]);
    ground.make(&place("two", 1), "feat/y").await.unwrap();
    ground.git.take(&ground.url, &one, &head).await.unwrap();

    let feed = |lines: &mut Vec<String>, line: &[u8]| lines.push(String::from_utf8_lossy(line).into_owned());
    let ours = ground.git.diff(&ground.url, &newer, &head, Vec::new(), feed).await.unwrap();
    let range = format!("{newer}...{head}");
    let theirs = run(&made.path, &["diff", "-M", "--no-color", &range]);
    let plain = |line: &str| !line.starts_with("index ") && !line.starts_with("similarity index ");
    let theirs: Vec<_> = theirs.split('\n').filter(|line| plain(line)).collect();
    let ours: Vec<_> = ours.iter().map(String::as_str).filter(|line| plain(line)).collect();
    assert_eq!(blocks(&ours).len(), blocks(&theirs).len());
    for (ours, theirs) in blocks(&ours).into_iter().zip(blocks(&theirs)) {
        assert_eq!(ours, theirs);
    }
    assert!(ours.contains(&"rename to d/moved") && ours.contains(&"new mode 100755"));
}

#[tokio::test]
async fn git_diff_obeys_no_attributes_of_what_it_judges() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let hide = "* binary -diff -text\nd/* export-ignore linguist-generated\n.gitattributes -diff\n";
    fs::write(made.path.join(".gitattributes"), hide).unwrap();
    fs::write(made.path.join(".git/info/attributes"), hide).unwrap();
    let first = work(&made.path, "read.me", "hello\n\n");
    let head = work(&made.path, "d/f1", "other\n");
    let feed = |lines: &mut Vec<String>, line: &[u8]| lines.push(String::from_utf8_lossy(line).into_owned());
    ground.git.take(&ground.url, &one, &head).await.unwrap();
    for base in [&made.base, &first] {
        let lines = ground.git.diff(&ground.url, base, &head, Vec::new(), feed).await.unwrap();
        assert!(lines.iter().any(|line| line == "+other"), "{lines:?}");
        assert!(!lines.iter().any(|line| line.starts_with("Binary files")), "{lines:?}");
    }
}

/// The parts of a patch, sorted: of a file that becomes a link git shows the end first, the library the beginning.
fn blocks(lines: &[&str]) -> Vec<Vec<String>> {
    let mut all: Vec<Vec<String>> = Vec::new();
    for line in lines {
        if line.starts_with("diff --git ") {
            all.push(Vec::new());
        }
        all.last_mut().unwrap().push((*line).to_owned());
    }
    all.sort();
    all
}
