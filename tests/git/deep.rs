//! Folders that are deeper in each other than most programs read.

use std::fs;
use std::path::PathBuf;

use sprintgate::git::GitError;

use super::ground::{Ground, command, place, work};

fn levels(count: usize) -> PathBuf {
    std::iter::repeat_n("d", count).collect()
}

#[tokio::test]
async fn git_keeps_what_is_deeper_than_the_library_reads_and_removes_it() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let head = work(&made.path, "a", "1");
    let (deep, beside) = (PathBuf::from("new").join(levels(150)), PathBuf::from("new [x]!").join(levels(99)));
    for folder in [&deep, &beside] {
        fs::create_dir_all(made.path.join(folder)).unwrap();
        fs::write(made.path.join(folder).join("file"), "deep").unwrap();
        fs::write(made.path.join(folder).join("ignored"), "not kept").unwrap();
    }
    fs::create_dir_all(made.path.join("empty").join(levels(120))).unwrap();
    fs::write(made.path.join("shallow"), "s").unwrap();
    let name = |folder: &PathBuf| folder.join("file").to_str().unwrap().to_owned();
    let look = ground.git.look(&ground.url, &one).await.unwrap();
    assert_eq!(look.head, head);
    assert_eq!(look.dirty, [name(&beside), name(&deep), "shallow".to_owned()]);

    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    assert!(removed.salvaged.is_some_and(|kept| kept.paths == 3) && !made.path.exists());
    for folder in [&deep, &beside] {
        assert_eq!(ground.file_at("refs/salvage/one/1", &name(folder)), b"deep");
        let ignored = format!("refs/salvage/one/1:{}", folder.join("ignored").display());
        assert!(!command(&ground.vault(), &["cat-file", "-e", &ignored]).status().unwrap().success());
    }
}

#[tokio::test]
async fn git_leaves_folders_without_end_as_they_are_and_says_so() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    work(&made.path, "a", "1");
    let bottom = made.path.join(levels(1000));
    fs::create_dir_all(&bottom).unwrap();
    fs::write(bottom.join("file"), "deep").unwrap();
    let looked = ground.git.look(&ground.url, &one).await.unwrap_err();
    assert!(matches!(looked, GitError::TooDeep { .. }), "{looked}");
    let refused = ground.git.remove_worktree(&ground.url, &one).await.unwrap_err();
    assert!(refused.to_string().starts_with("folders are too deep in each other at "), "{refused}");
    assert!(refused.to_string().len() < 600, "{refused}");
    assert_eq!(fs::read_to_string(bottom.join("file")).unwrap(), "deep");
    // whoever moves it away has the rest kept and removed
    fs::rename(made.path.join("d"), ground.dir.path().join("mine")).unwrap();
    let removed = ground.git.remove_worktree(&ground.url, &one).await.unwrap();
    assert!(removed.salvaged.is_some() && !made.path.exists());
}
