//! Several processes at once.

use std::thread;

use super::home::Home;

#[test]
fn many_inits_at_once_leave_one_good_token() {
    let home = Home::new();
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| home.run(&["init"]).ok());
        }
    });
    home.run(&["product", "list"]).ok();
    home.run(&["init"]).ok();
}

#[test]
fn many_products_at_once_lose_no_clone() {
    let home = Home::ready();
    let names: Vec<String> = (0..6).map(|i| format!("app{i}")).collect();
    names.iter().for_each(|name| drop(home.clone_of(name)));
    thread::scope(|scope| {
        for name in &names {
            let clone = format!("clones/{name}");
            let home = &home;
            scope.spawn(move || home.run(&["product", "add", name, "--clone", &clone]).ok());
        }
    });
    let table: toml::Table = std::fs::read_to_string(home.config()).unwrap().parse().unwrap();
    let roots = table["repo_roots"].as_table().unwrap();
    assert_eq!(roots.len(), 12, "a name and an id each: {roots:?}");
    assert!(names.iter().all(|name| roots.contains_key(name)));
}
