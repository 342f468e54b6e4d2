//! What lies on this machine's disk, as people and programs see it.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::home::Home;

#[test]
fn everything_on_the_disk_is_explained_and_only_what_can_go_goes() {
    let home = Home::with_sprint();
    let claimed = home.tool("wait_for_job", &json!({ "wait_seconds": 0 }));
    let tree = Path::new(claimed["worktree_path"].as_str().unwrap());
    let folder = tree.file_name().unwrap().to_str().unwrap();
    let root = tree.parent().unwrap();
    fs::create_dir(root.join("holiday\u{1b}[31m")).unwrap();

    let list = home.run(&["worktree", "list", "--json"]).json();
    let views = list["worktrees"].as_array().unwrap();
    let one = views.iter().find(|view| view["folder"] == folder).unwrap();
    assert_eq!((&one["state"], &one["fate"], &one["why"]), (&json!("held"), &json!("stays"), &json!("held")));
    assert_eq!(
        (&one["attempt"]["job_id"], &one["attempt"]["user_id"]),
        (&claimed["job_id"], &list["user_id"])
    );
    assert_eq!((one["attempt"]["host"].clone(), one["path"].as_str()), (list["host"].clone(), tree.to_str()));
    assert!(one["bytes"].as_u64().unwrap() > 0 && one["bytes_are_least"] == false, "{one}");
    assert!(views.iter().any(|view| view["fate"] == "foreign" && view["why"] == "not_our_name"), "{list}");
    let vault = list["vaults"].as_array().unwrap().iter().find(|vault| vault["state"] == "vault").unwrap();
    assert_eq!(vault["worktrees"], 1, "{list}");

    let text = home.run(&["worktree", "list"]).ok();
    for words in
        [folder, "you", "Its attempt holds the job.", r"holiday\u{1b}[31m", "free)", "borrow its objects"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }

    home.run(&["job", "cancel", claimed["job_id"].as_str().unwrap()]).ok();
    let text = home.run(&["worktree", "clean", "--dry-run"]).ok();
    assert!(text.contains("cancelled_not_confirmed") && text.contains("It can go at "), "{text}");
    let cleaned = home.run(&["worktree", "clean", "--json"]).json();
    assert_eq!((&cleaned["removed"], &cleaned["kept"]), (&json!([]), &json!([folder])));
    assert_eq!(cleaned["skipped"].as_array().unwrap().len(), 1);
    assert!(tree.is_dir() && root.join("holiday\u{1b}[31m").is_dir());
}
