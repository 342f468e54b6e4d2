//! Settings of any text are obeyed or refused, and never anything else.

use std::path::Path;

use proptest::prelude::*;
use sprintgate::cli::config::{Database, Environment, FileConfig, Flags, LEASE_SECONDS, load};

fn absolute(database: &Database) -> bool {
    matches!(database, Database::File(path) if path.is_absolute())
}

proptest! {
    #[test]
    fn any_text_is_a_file_or_an_error(text in "(?s).{0,200}") {
        let _ = FileConfig::parse(Path::new("/c"), &text);
    }

    #[test]
    fn any_variables_make_sound_settings_or_an_error(
        values in proptest::collection::vec("(/|~/|[0-9]|\\PC|\\[|\"|\n){0,12}", 8),
    ) {
        let names = ["DATABASE", "TOKEN", "AGENT_WORKTREE_DIR", "LEASE_SECONDS", "HOST", "AGENT", "PROJECTS", "REPO_ROOT_x"];
        let names: Vec<String> = names.iter().map(|name| format!("SPRINTGATE_{name}")).collect();
        let pairs = names.iter().map(String::as_str).zip(values.iter().map(String::as_str));
        let env = Environment::of([("HOME", "/nowhere")].into_iter().chain(pairs));
        if let Ok(loaded) = load(&Flags::default(), &env, false) {
            let config = loaded.config;
            prop_assert!(LEASE_SECONDS.contains(&config.lease_seconds));
            prop_assert!(absolute(&config.database) && config.worktree_root.is_absolute());
            prop_assert!(config.repo_roots.values().all(|path| path.is_absolute()));
            prop_assert!(config.token.is_none_or(|token| token.reveal().bytes().all(|b| b.is_ascii_graphic())));
            prop_assert!(!config.host.is_empty() && !config.host.contains(char::is_whitespace));
        }
    }
}
