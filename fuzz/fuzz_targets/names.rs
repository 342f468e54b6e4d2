//! Any text as a branch, an id, a commit, an address: what is taken can be none of the things it must not be.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sprintgate::domain::branch::BranchName;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::id::{JobId, StoryId};
use sprintgate::domain::remote::RemoteUrl;

fn harmless(text: &str) {
    assert!(!text.is_empty() && !text.starts_with('-') && text.len() <= 200, "{text:?}");
    assert!(
        text.bytes().all(|b| b.is_ascii_graphic() && !b"~^:?*[\\'\"$`;&|<>()@{}#%!".contains(&b)),
        "{text:?}"
    );
    assert!(
        !text.contains("..") && !text.contains("//") && !text.starts_with('/') && !text.ends_with('/'),
        "{text:?}"
    );
}

fuzz_target!(|text: &str| {
    if let Ok(branch) = BranchName::new(text) {
        harmless(branch.as_str());
        assert!(!["head", "main", "master"].contains(&text.to_ascii_lowercase().as_str()));
        assert!(!text.ends_with(".lock") && !text.starts_with("refs/"));
        assert_eq!(branch.full(), format!("refs/heads/{text}"));
        assert_eq!(BranchName::new(branch.to_string()), Ok(branch));
    }
    if let Ok(id) = JobId::new(text) {
        harmless(id.as_str());
        assert!(!text.contains(['/', '.']) && text.len() <= 64);
        harmless(BranchName::job(&id).as_str());
        assert!(BranchName::new(BranchName::job(&id).to_string()).is_ok());
    }
    if let Ok(id) = StoryId::new(text) {
        assert!(BranchName::new(BranchName::story(&id).to_string()).is_ok());
    }
    if let Ok(commit) = CommitId::new(text) {
        assert!(commit.as_str().len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit()));
    }
    match RemoteUrl::new(text) {
        Ok(url) => {
            let shown = url.to_string();
            assert!(!shown.starts_with('-') && !shown.chars().any(char::is_control));
            // `name::rest` makes git run `git-remote-name`; an address in brackets may have two colons.
            let helper = shown
                .split_once("::")
                .is_some_and(|(name, _)| name.bytes().all(|b| b.is_ascii_alphanumeric()));
            assert!(!helper, "{shown:?}");
            assert!(!shown.chars().any(char::is_whitespace), "{shown:?}");
        }
        Err(refused) => {
            // A refusal may stand in a log, and the text may hold a password.
            if text.len() > 40 {
                assert!(!refused.to_string().contains(text));
            }
        }
    }
});
