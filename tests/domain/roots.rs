//! Where a clone is looked for: the order by hand, and who decides.

use sprintgate::domain::id::ProductId;
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::domain::root::{BadRoot, Found, Root, order, root};

const SHOP: &str = "https://example.org/ann/shop.git";

fn url(text: &str) -> RemoteUrl {
    text.parse().unwrap()
}

fn name(text: &str) -> Root {
    Root::Name(text.into())
}

fn projects(text: &str) -> Root {
    Root::Projects(text.into())
}

fn product() -> Root {
    Root::Product(ProductId::new("p-1").unwrap())
}

#[test]
fn the_order_by_hand() {
    let shop = || [name("shop"), projects("shop")];
    let rows: &[(&str, bool, Option<&str>, Vec<Root>)] = &[
        // The product's own repository, by default: by the product first.
        (SHOP, false, Some(SHOP), vec![product(), name("shop"), projects("shop")]),
        // A task names the product's repository: by its name first.
        (SHOP, true, Some(SHOP), vec![name("shop"), projects("shop"), product()]),
        // The same repository in another spelling.
        ("git@EXAMPLE.org:ann/shop", true, Some(SHOP), vec![name("shop"), projects("shop"), product()]),
        // Another repository than the product has, or has by now.
        ("https://example.org/ann/tools", true, Some(SHOP), vec![name("tools"), projects("tools")]),
        ("https://example.org/ann/tools", false, Some(SHOP), vec![name("tools"), projects("tools")]),
        // The same name elsewhere is another repository.
        ("https://example.org/bob/shop.git", true, Some(SHOP), shop().to_vec()),
        ("https://other.example/ann/shop.git", true, Some(SHOP), shop().to_vec()),
        ("https://example.org/ann/Shop.git", true, Some(SHOP), vec![name("Shop"), projects("Shop")]),
        // A product without a repository.
        (SHOP, true, None, shop().to_vec()),
        (SHOP, false, None, shop().to_vec()),
    ];
    for (repo, own, its, want) in rows {
        let its = its.map(url);
        let got = order(&url(repo), *own, &"p-1".parse().unwrap(), its.as_ref());
        assert_eq!(&got, want, "{repo} {own} {its:?}");
    }
}

#[test]
fn defect_070_a_tasks_own_repository_is_never_served_by_its_products_root() {
    // The product's folder is a clone all right, and nothing else is there: it is not even looked at.
    let roots = order(&url("https://example.org/ann/tools"), true, &"p-1".parse().unwrap(), Some(&url(SHOP)));
    let mut asked = Vec::new();
    let found = root(&roots, |root| {
        asked.push(root.clone());
        if *root == product() { Found::Clone("/srv/shop") } else { Found::Nothing }
    });
    assert_eq!((found, asked), (Ok(None), vec![name("tools"), projects("tools")]));
}

/// One letter a folder: `.` nothing, `x` no clone, `o` of another repository, `c` a clone.
fn decided(roots: &[Root], letters: &str) -> (Result<Option<usize>, BadRoot>, usize) {
    let mut asked = 0;
    let found = root(roots, |root| {
        let at = roots.iter().position(|other| other == root).unwrap();
        asked += 1;
        match letters.as_bytes()[at] {
            b'.' => Found::Nothing,
            b'x' => Found::NoClone,
            b'o' => Found::OtherRepository("https://example.org/bob/shop".into()),
            _ => Found::Clone(at),
        }
    });
    (found, asked)
}

#[test]
fn the_first_that_is_configured_decides() {
    let roots = [name("shop"), projects("shop"), product()];
    let no_clone = |root: &Root| Err(BadRoot::NoClone { root: root.clone() });
    let other = |root: &Root| {
        Err(BadRoot::OtherRepository { root: root.clone(), origin: "https://example.org/bob/shop".into() })
    };
    for (letters, want, asked) in [
        ("...", Ok(None), 3),
        ("c..", Ok(Some(0)), 1),
        ("ccc", Ok(Some(0)), 1),
        ("xcc", no_clone(&roots[0]), 1),
        ("occ", other(&roots[0]), 1),
        (".cc", Ok(Some(1)), 2),
        // Nobody said that this folder is the repository: it is passed over.
        (".xc", Ok(Some(2)), 3),
        (".oc", Ok(Some(2)), 3),
        (".x.", Ok(None), 3),
        (".o.", Ok(None), 3),
        ("..c", Ok(Some(2)), 3),
        ("..x", no_clone(&roots[2]), 3),
        (".oo", other(&roots[2]), 3),
    ] {
        assert_eq!(decided(&roots, letters), (want, asked), "{letters}");
    }
    assert_eq!(decided(&[], ""), (Ok(None), 0));
}

#[test]
fn a_bad_folder_is_named_by_how_it_is_configured() {
    let shown = |root: Root| BadRoot::NoClone { root }.to_string();
    assert_eq!(shown(name("shop")), "the folder for repository shop is no clone");
    assert_eq!(shown(product()), "the folder for product p-1 is no clone");
    assert_eq!(shown(projects("shop")), "the folder for project shop is no clone");
}
