//! `product add`: where the repository is, and where its clone.

use super::home::{Home, git};

fn roots(home: &Home) -> toml::Table {
    let table: toml::Table = std::fs::read_to_string(home.config()).unwrap().parse().unwrap();
    table.get("repo_roots").and_then(|roots| roots.as_table().cloned()).unwrap_or_default()
}

#[test]
fn the_clone_tells_its_origin_and_is_kept_by_name_and_id() {
    let home = Home::ready();
    let clone = home.clone_of("app");
    let product = home.run(&["product", "add", "App", "--clone", "clones/app", "--json"]).json();
    assert_eq!(product["repo_url"], home.path().join("origins/app.git").to_str().unwrap());
    let roots = roots(&home);
    for name in ["app", product["id"].as_str().unwrap()] {
        assert_eq!(roots[name].as_str(), clone.to_str(), "{name}");
    }
}

#[test]
fn relative_addresses_become_absolute() {
    let home = Home::ready();
    let clone = home.clone_of("app");
    git(&clone, &["remote", "set-url", "origin", "../../origins/app.git"]);
    let origin = home.path().join("origins/app.git");
    let by_clone = home.run(&["product", "add", "One", "--clone", "clones/app", "--json"]).json();
    let by_path = home.run(&["product", "add", "Two", "--repo-url", "origins/app.git", "--json"]).json();
    assert_eq!(by_clone["repo_url"], origin.to_str().unwrap());
    assert_eq!(by_path["repo_url"], origin.to_str().unwrap());
}

#[test]
fn what_is_no_clone_is_refused_before_the_product_is_made() {
    let home = Home::ready();
    home.clone_of("app");
    let lonely = home.path().join("lonely");
    git(&home.path(), &["init", "-q", "lonely"]);
    std::fs::create_dir(lonely.join("sub")).unwrap();
    for (clone, status, code) in [
        ("none", 1, "IO"),
        (".", 2, "BAD_ARGUMENT"),
        ("lonely", 2, "BAD_ARGUMENT"),
        ("lonely/sub", 2, "BAD_ARGUMENT"),
        ("origins/app.git", 2, "BAD_ARGUMENT"),
    ] {
        home.run(&["product", "add", "App", "--clone", clone]).refused(status, code);
    }
    assert_eq!(home.run(&["product", "list", "--json"]).json()["result"].as_array().unwrap().len(), 0);
    assert!(roots(&home).is_empty());
}

#[test]
fn addresses_with_secrets_or_options_are_refused() {
    let home = Home::ready();
    for address in [
        "https://ann:secret@example.org/a.git",
        "--upload-pack=x",
        "ext::sh -c x",
        "https://example.org/a\u{202e}",
    ] {
        let url = format!("--repo-url={address}");
        let refused = home.run(&["product", "add", "App", &url]);
        refused.refused(2, "BAD_ARGUMENT");
        assert!(!refused.stderr.contains("secret"));
    }
}

#[test]
fn a_repository_name_cannot_stand_for_two_clones() {
    let home = Home::with_product();
    git(&home.path(), &["clone", "-q", "origins/app.git", "second"]);
    home.run(&["product", "add", "Again", "--clone", "second"]).refused(2, "BAD_ARGUMENT");
    assert_eq!(home.run(&["product", "list", "--json"]).json()["result"].as_array().unwrap().len(), 1);
}

#[test]
fn what_a_product_asks_for_is_changed_and_shown() {
    let home = Home::with_product();
    let name =
        home.run(&["product", "list", "--json"]).json()["result"][0]["name"].as_str().unwrap().to_owned();
    home.run(&["product", "set", &name]).refused(1, "VALIDATION_ERROR");
    let after = home.run(&["product", "set", &name, "--trailers", "--push-salvage=true", "--json"]).json();
    assert_eq!((after["trailers"].as_bool(), after["push_salvage"].as_bool()), (Some(true), Some(true)));
    let listed = home.run(&["product", "list"]).stdout;
    assert!(listed.contains("salvage at the remote, trailers"), "{listed}");
    let after = home.run(&["product", "set", &name, "--trailers=false", "--json"]).json();
    assert_eq!((after["trailers"].as_bool(), after["push_salvage"].as_bool()), (Some(false), Some(true)));
    home.run(&["product", "set", &name, "--auto-pr"]).refused(1, "FORGE_NOT_CONFIGURED");
    home.run(&["product", "set", "nobody", "--trailers"]).refused(1, "NOT_FOUND");
}
