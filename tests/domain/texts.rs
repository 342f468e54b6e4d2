//! Texts with a type: what was taken is given back letter by letter, and nothing else is taken on any way in.

use sprintgate::domain::branch::{BadBranchName, BranchName};
use sprintgate::domain::commit::{BadCommitId, CommitId};
use sprintgate::domain::forge::ForgeHost;
use sprintgate::domain::id::{BadId, JobId};
use sprintgate::domain::idea::{BadMarkdown, Markdown};
use sprintgate::domain::remote::{BadRemoteUrl, RemoteUrl};
use sprintgate::domain::usage::{BadModelId, ModelId};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// The text on every way through its type.
macro_rules! kept {
    ($type:ident, $good:expr) => {{
        let text = $type::new($good).unwrap();
        assert_eq!((text.as_str(), text.to_string()), ($good, $good.to_owned()));
        assert_eq!(format!("{text:>50}"), format!("{:>50}", $good));
        assert_eq!($type::try_from($good.to_owned()), Ok(text.clone()));
        assert_eq!(String::from(text), $good);
    }};
}

#[test]
fn a_text_comes_back_as_it_was() {
    kept!(JobId, "0199c2f0-job");
    kept!(BranchName, "feat/story-1a2b3c4d");
    kept!(CommitId, COMMIT);
    kept!(RemoteUrl, "https://forge.example/owner/name.git");
    kept!(ForgeHost, "git.example.org:3000");
    kept!(ModelId, "claude-opus-4-7-1m");
    let text = Markdown::try_from("# Plan".to_owned()).unwrap();
    assert_eq!(text.as_str(), "# Plan");
    assert_eq!(String::from(text), "# Plan");
}

#[test]
fn a_bad_text_is_refused_on_every_way_in() {
    let id = BadId { what: "job" };
    assert_eq!((JobId::try_from("J".to_owned()), "J".parse::<JobId>()), (Err(id.clone()), Err(id)));
    let branch = BadBranchName { why: "people own that branch" };
    assert_eq!(BranchName::try_from("main".to_owned()), Err(branch.clone()));
    assert_eq!("main".parse::<BranchName>(), Err(branch));
    assert_eq!(CommitId::try_from("a".repeat(39)), Err(BadCommitId));
    assert_eq!("HEAD".parse::<CommitId>(), Err(BadCommitId));
    let remote = BadRemoteUrl { why: "it has no path" };
    assert_eq!(RemoteUrl::try_from("https://h".to_owned()), Err(remote.clone()));
    assert_eq!("https://h".parse::<RemoteUrl>(), Err(remote));
    assert_eq!(ModelId::try_from("a model".to_owned()), Err(BadModelId));
    assert_eq!(Markdown::try_from(String::new()), Err(BadMarkdown::BadLength { found: 0 }));
}

#[test]
fn a_commit_id_is_forty_lower_case_hexadecimal_digits() {
    assert_eq!(CommitId::new(COMMIT).unwrap().short(), "0123456789");
    let upper = COMMIT.to_uppercase();
    let letter = COMMIT.replace('a', "g");
    for bad in ["", "0123456", &upper, &letter, &COMMIT[1..], &format!("{COMMIT}0")] {
        assert_eq!(CommitId::new(bad), Err(BadCommitId), "{bad}");
    }
}

#[test]
fn an_id_is_lent_as_text() {
    let id = JobId::new("j-1").unwrap();
    assert_eq!(AsRef::<str>::as_ref(&id), "j-1");
}

#[test]
fn a_models_id_has_up_to_two_hundred_visible_characters() {
    assert_eq!(ModelId::new("x[1m]").unwrap().as_str(), "x-1m");
    assert!(ModelId::new(&"m".repeat(200)).is_ok());
    for bad in ["", "]", "]]", "a b", "a\n", "é", &"m".repeat(201)] {
        assert_eq!(ModelId::new(bad), Err(BadModelId), "{bad:?}");
    }
}
