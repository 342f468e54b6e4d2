//! The worktrees that jobs about ideas share: nothing that an earlier attempt left reaches the next one.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::id::ProductId;
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::git::{Found, GitError, Oddity, ProductAsk, ProductPlace, ProductTree};

use super::ground::{Ground, command, head, place, run};

impl Ground {
    async fn tree_of(&self, product: &str) -> Result<ProductTree, GitError> {
        self.tree_at(&self.url, product).await
    }

    async fn tree_at(&self, url: &RemoteUrl, product: &str) -> Result<ProductTree, GitError> {
        let folder = folder_of(product);
        let held = self.git.hold_product(&folder.product).await.unwrap();
        let (product, user) = (&folder.product, place("plan", 1));
        let ask = ProductAsk { url, product, user, reuse: Some(folder.clone()) };
        self.git.product_tree(ask, &held).await
    }

    /// Somebody else's commit on the default branch.
    fn goes_on(&self, file: &str) -> CommitId {
        let seed = self.dir.path().join("seed");
        let tip = super::ground::work(&seed, file, "new\n");
        run(&seed, &["push", "-q", self.origin.to_str().unwrap(), "trunk"]);
        tip
    }
}

/// The folder of a product that was made for the first attempt of `grill`.
fn folder_of(product: &str) -> ProductPlace {
    ProductPlace { product: ProductId::new(product).unwrap(), made_for: place("grill", 1) }
}

/// It has the files of the commit and nothing else, and is where its own git says.
fn is_clean_at(tree: &ProductTree, tip: &CommitId) {
    assert_eq!((&head(&tree.path), &tree.commit), (tip, tip));
    assert_eq!(run(&tree.path, &["status", "--porcelain", "--ignored"]), "");
    assert!(!command(&tree.path, &["symbolic-ref", "-q", "HEAD"]).status().unwrap().success(), "on a branch");
    assert_eq!(names(&tree.path.join(".scratch")), Vec::<String>::new());
    fs::write(tree.path.join(".scratch/mine"), "x").unwrap();
    assert_eq!(run(&tree.path, &["status", "--porcelain"]), "", "kept out of git");
    run(&tree.path, &["fsck", "--connectivity-only"]);
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn defect_073_a_half_made_product_folder_is_made_anew() {
    let ground = Ground::new(3);
    let tip = head(&ground.clone);
    let path = ground.git.settings().worktree_root.join("_products/shop_grill-a1");
    // a folder that nobody made to its end, whoever began it
    fs::create_dir_all(path.join("d")).unwrap();
    fs::write(path.join("d/f0"), "half of").unwrap();
    let made = ground.tree_of("shop").await.unwrap();
    assert_eq!((&made.path, made.reused), (&path, false));
    is_clean_at(&made, &tip);
    assert!(ground.tree_of("shop").await.unwrap().reused);

    // one that was killed in its middle, when it was made, reset or removed
    let mark = ground.git.settings().vault_root.join("places/_products-shop_grill-a1");
    for half in ["making\n", "", "made", "made plan-a1"] {
        fs::write(&mark, half).unwrap();
        fs::remove_file(path.join("d/f1")).unwrap();
        let again = ground.tree_of("shop").await.unwrap();
        assert!(!again.reused, "{half:?}");
        is_clean_at(&again, &tip);
    }
    // what is gone is made, and what could not be made leaves nothing that is taken for whole
    fs::remove_dir_all(&path).unwrap();
    is_clean_at(&ground.tree_of("shop").await.unwrap(), &tip);
    let nowhere = RemoteUrl::new(ground.dir.path().join("nowhere").to_str().unwrap()).unwrap();
    ground.tree_at(&nowhere, "shop").await.unwrap_err();
    is_clean_at(&ground.tree_of("shop").await.unwrap(), &tip);
}

#[tokio::test]
async fn git_gives_the_next_attempt_nothing_of_the_one_before() {
    let ground = Ground::new(3);
    let path = ground.tree_of("shop").await.unwrap().path;
    let root = ground.dir.path();
    let (sung, outside) = (root.join("sung"), root.join("outside"));
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("f0"), "outside").unwrap();
    let script = root.join("script");
    fs::write(&script, format!("#!/bin/sh\necho ran >> {}\n", sung.display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let plant = || {
        run(&path, &["init", "-q", "inner"]);
        for (file, text) in [
            ("untracked", "x"),
            ("ignored", "x"),
            ("read.me", "changed\n"),
            ("inner/deep/file", "x"),
            (".scratch/notes/mine", "x"),
            (".git/hooks/post-checkout", "x"),
            (".git/hooks/reference-transaction", "x"),
            (".gitattributes", "* filter=planted\n"),
        ] {
            let file = path.join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        for hook in ["post-checkout", "reference-transaction"] {
            fs::copy(&script, path.join(".git/hooks").join(hook)).unwrap();
        }
        let text = script.display();
        fs::write(
            path.join(".git/config"),
            format!(
                "[core]\n\tfsmonitor = {text}\n\tworktree = {}\n[filter \"planted\"]\n\tsmudge = {text}\n\
                 \tclean = {text}\n[remote \"origin\"]\n\turl = {}\n",
                outside.display(),
                outside.display()
            ),
        )
        .unwrap();
        fs::remove_file(path.join("d/f1")).unwrap();
        fs::set_permissions(path.join("d/f2"), fs::Permissions::from_mode(0o000)).unwrap();
        fs::create_dir(path.join("shut")).unwrap();
        fs::write(path.join("shut/file"), "x").unwrap();
        fs::set_permissions(path.join("shut"), fs::Permissions::from_mode(0o000)).unwrap();
    };
    plant();
    let tip = ground.goes_on("d/f9");
    let reset = ground.tree_of("shop").await.unwrap();
    assert!(reset.reused);
    is_clean_at(&reset, &tip);
    assert_eq!(run(&path, &["remote", "get-url", "origin"]), ground.url.as_str());
    assert!(!sung.exists(), "something that was planted ran");

    // links in place of folders, of `.git` and of the whole
    fs::rename(path.join("d"), path.join("e")).unwrap();
    symlink(&outside, path.join("d")).unwrap();
    fs::remove_dir_all(path.join(".git")).unwrap();
    symlink(&outside, path.join(".git")).unwrap();
    fs::remove_dir_all(path.join(".scratch")).unwrap();
    symlink(&outside, path.join(".scratch")).unwrap();
    is_clean_at(&ground.tree_of("shop").await.unwrap(), &tip);
    fs::remove_dir_all(&path).unwrap();
    symlink(&outside, &path).unwrap();
    is_clean_at(&ground.tree_of("shop").await.unwrap(), &tip);
    assert_eq!(
        (names(&outside), fs::read(outside.join("f0")).unwrap()),
        (vec!["f0".to_owned()], b"outside".to_vec())
    );

    // of another remote nothing is kept either
    run(root, &["clone", "-q", "--bare", ground.origin.to_str().unwrap(), "moved.git"]);
    let moved = RemoteUrl::new(root.join("moved.git").to_str().unwrap()).unwrap();
    let made = ground.tree_at(&moved, "shop").await.unwrap();
    assert!(!made.reused);
    is_clean_at(&made, &tip);
    assert_eq!(run(&path, &["remote", "get-url", "origin"]), moved.as_str());
}

#[tokio::test]
async fn git_names_products_worktrees_and_touches_no_stranger_there() {
    let ground = Ground::new(1);
    let root = ground.git.settings().worktree_root.clone();
    ground.tree_of("shop").await.unwrap();
    let shop = folder_of("shop");
    fs::create_dir(root.join("_products/barn_grill-a1")).unwrap();
    fs::create_dir(root.join("_products/barn")).unwrap();
    fs::create_dir(root.join("_products/No id")).unwrap();
    fs::write(root.join("_products/file"), "x").unwrap();
    symlink(ground.dir.path(), root.join("_products/link")).unwrap();
    let unknown = |name: &str, why| Found::Unknown { name: format!("_products/{name}"), why };
    let expected = [
        Found::Product(shop.clone()),
        unknown("No id", Oddity::Name),
        unknown("barn", Oddity::Name),
        unknown("barn_grill-a1", Oddity::NotMade),
        unknown("file", Oddity::NotAFolder),
        unknown("link", Oddity::Link),
    ];
    assert_eq!(ground.git.places().unwrap(), expected);
    assert!(!ground.git.is_half_made_product(&shop));
    let given = ground.git.folders_of_product(&shop.product).unwrap();
    assert_eq!(given, [(shop.clone(), Some(place("plan", 1)))]);

    // whoever may use none of them again has one of its own, and the other stays as it is
    let held = ground.git.hold_product(&shop.product).await.unwrap();
    let ask = ProductAsk { url: &ground.url, product: &shop.product, user: place("make", 3), reuse: None };
    let other = ground.git.product_tree(ask, &held).await.unwrap();
    assert!(other.path.ends_with("_products/shop_make-a3") && !other.reused, "{other:?}");
    assert_eq!(ground.git.folders_of_product(&shop.product).unwrap().len(), 2);
    let busy = ground.git.hold_product_now(&shop.product).await.unwrap_err();
    assert!(matches!(busy, GitError::Busy { .. }), "{busy}");
    let make = ProductPlace { made_for: place("make", 3), ..shop.clone() };
    assert!(ground.git.remove_product_tree(&make, &held).await.unwrap());
    drop(held);

    let held = ground.git.hold_product(&shop.product).await.unwrap();
    assert!(ground.git.remove_product_tree(&shop, &held).await.unwrap());
    assert!(!ground.git.remove_product_tree(&shop, &held).await.unwrap());
    assert_eq!(ground.git.places().unwrap(), expected[1..]);
    let left = names(&ground.git.settings().vault_root.join("places"));
    assert!(!left.iter().any(|name| name.contains("_products-")), "{left:?}");
    drop(held);

    // a link in place of the folder of all leads nowhere
    fs::remove_dir_all(root.join("_products")).unwrap();
    symlink(ground.dir.path(), root.join("_products")).unwrap();
    let refused = ground.tree_of("shop").await.unwrap_err();
    assert!(matches!(refused, GitError::BadRoot { .. }), "{refused}");
    let told = Found::Unknown { name: "_products".into(), why: Oddity::Link };
    assert_eq!(ground.git.places().unwrap(), [told]);
    assert!(!ground.dir.path().join("shop").exists());
}
