//! What a worktree does not have, and how its agent is told of it.

use std::fs;

use sprintgate::git::Notice;

use super::ground::{Ground, head, place, run, work};

const POINTER: &str = "version https://git-lfs.github.com/spec/v1\noid sha256:0000\nsize 12345\n";

#[tokio::test]
async fn git_says_what_is_not_in_a_worktree() {
    let ground = Ground::new(3);
    let one = place("one", 1);
    ground.make(&one, "feat/x").await.unwrap();
    assert_eq!(ground.git.notices(&ground.url, &one).await.unwrap(), []);
    // without an attribute it is a text like any other
    let seed = ground.clone.with_file_name("seed");
    work(&seed, "read.lfs", POINTER);
    let commit = head(&seed);
    for path in ["lib/one", "two"] {
        fs::create_dir_all(seed.join(path)).unwrap();
        run(&seed, &["update-index", "--add", "--cacheinfo", &format!("160000,{commit},{path}")]);
    }
    run(&seed, &["commit", "-q", "-m", "submodules"]);
    run(&seed, &["push", "-q", ground.url.as_str(), "trunk"]);
    let two = place("two", 1);
    let made = ground.make(&two, "feat/y").await.unwrap();
    let submodules = Notice::EmptySubmodules(vec!["lib/one".into(), "two".into()]);
    assert_eq!(ground.git.notices(&ground.url, &two).await.unwrap(), std::slice::from_ref(&submodules));
    assert_eq!(fs::read_dir(made.path.join("two")).unwrap().count(), 0);
    assert!(ground.git.look(&ground.url, &two).await.unwrap().dirty.is_empty());
    assert_eq!(ground.git.salvage(&ground.url, &two).await.unwrap(), None);
    fs::remove_dir(made.path.join("two")).unwrap();
    fs::write(made.path.join("two"), "in its place").unwrap();
    let kept = ground.git.salvage(&ground.url, &two).await.unwrap().unwrap();
    // a submodule that goes, and a file that comes
    assert_eq!((kept.paths, ground.file_at(&kept.reference, "two")), (2, b"in its place".to_vec()));

    fs::create_dir(seed.join("art")).unwrap();
    fs::write(seed.join("art/.gitattributes"), "*.bin filter=lfs diff=lfs merge=lfs -text\n").unwrap();
    fs::write(seed.join("art/a.bin"), POINTER).unwrap();
    fs::write(seed.join("art/b.bin"), "small and no pointer\n").unwrap();
    work(&seed, "art/c.bin", &format!("{POINTER}{}", "and a text that only speaks of it\n".repeat(40)));
    run(&seed, &["push", "-q", ground.url.as_str(), "trunk"]);
    let three = place("three", 1);
    let made = ground.make(&three, "feat/z").await.unwrap();
    assert_eq!(fs::read_to_string(made.path.join("art/a.bin")).unwrap(), POINTER);
    let pointers = Notice::LfsPointers(vec!["art/a.bin".into(), "read.lfs".into()]);
    let expected = [submodules, pointers];
    assert_eq!(ground.git.notices(&ground.url, &three).await.unwrap(), expected);
    // what the agent does there changes nothing of it, and what it leaves empty is not taken for a change
    fs::remove_dir_all(made.path.join("art")).unwrap();
    assert_eq!(ground.git.notices(&ground.url, &three).await.unwrap(), expected);
    assert_eq!(ground.git.notices(&ground.url, &place("none", 1)).await.unwrap(), []);
}
