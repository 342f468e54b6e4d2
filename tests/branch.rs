//! Which names a job's branch may have.

use proptest::prelude::*;
use sprintgate::domain::branch::{BadBranchName, BranchName};
use sprintgate::domain::id::{JobId, RunId, StoryId};

const GOOD: &[&str] = &[
    "feat/story-1a2b3c4d",
    "feat/sprint-1a2b3c4d",
    "feat/job-1a2b3c4d",
    "a",
    "0",
    "fix/A_b.c-d",
    "main2",
    "maintenance",
    "feat/main",
    "feat/head",
    "references",
    "tags",
    "x.lockfile",
    "deadbeef",
    "feat/this-has-forty-characters-as-a-sha1",
];

const BAD: &[&str] = &[
    "",
    " ",
    "-",
    "--",
    "--mirror",
    "--force",
    "--all",
    "-u",
    "--receive-pack=touch x",
    "--exec=x",
    "+main",
    "+HEAD:refs/heads/main",
    ":main",
    "a:b",
    "HEAD",
    "head",
    "FETCH_HEAD",
    "ORIG_HEAD",
    "main",
    "MAIN",
    "master",
    "Master",
    "@",
    "@{u}",
    "a@{1}",
    "a@b",
    "refs",
    "refs/heads/x",
    "refs/x",
    "heads/x",
    "tags/x",
    "remotes/origin/x",
    "Feature",
    ".x",
    "a/.x",
    "..",
    "a..b",
    "a/../b",
    "../x",
    "/",
    "/x",
    "x/",
    "a//b",
    "a/",
    "x.",
    "a./b",
    "x.lock",
    "x.LOCK",
    "a.lock/b",
    "a/-b",
    "-a/b",
    "a b",
    "a\tb",
    "a\nb",
    "a\0b",
    "a\rb",
    "a\x1b[0m",
    "a~1",
    "a^",
    "a?",
    "a*",
    "a[b]",
    "a\\b",
    "a\"b",
    "a'b",
    "a`b`",
    "a$b",
    "a;b",
    "a|b",
    "a&b",
    "a<b",
    "a>b",
    "a(b)",
    "a{b}",
    "a#b",
    "a%b",
    "a!b",
    "a=b",
    "a,b",
    "é",
    "a/é",
    "\u{202e}a",
    "a\u{200b}b",
    "_a",
    "0123456789012345678901234567890123456789",
    "abcdefabcdefabcdefabcdefabcdefabcdefabcd",
];

#[test]
fn branch_names_that_jobs_use_are_taken() {
    for name in GOOD {
        assert_eq!(BranchName::new(*name).map(|b| b.to_string()), Ok((*name).to_owned()));
    }
    assert!(BranchName::new("a".repeat(200)).is_ok());
}

#[test]
fn bad_branch_names_cannot_be_built() {
    assert!(BAD.len() >= 60, "{}", BAD.len());
    for name in BAD {
        assert!(BranchName::new(*name).is_err(), "{name:?}");
        assert!(name.parse::<BranchName>().is_err(), "{name:?}");
    }
    assert!(BranchName::new("a".repeat(201)).is_err());
}

#[test]
fn a_refusal_names_the_rule() {
    for (name, why) in [
        ("", "it needs 1 to 200 characters"),
        ("a b", "only a-z, A-Z, 0-9 and . _ / - are allowed"),
        ("Feature", "it starts with a lower-case letter or a digit"),
        ("a..b", "two dots are a range"),
        ("a//b", "no part between slashes is empty"),
        ("a/.x", "no part starts with a dot or a hyphen"),
        ("a/x.LOCK", "no part ends with a dot or .lock"),
        ("mAIN", "people own that branch"),
        ("refs", "it reads as a full ref"),
        ("heads/x", "it reads as a full ref"),
        ("abcdefabcdefabcdefabcdefabcdefabcdefabcd", "it reads as a commit"),
    ] {
        assert_eq!(BranchName::new(name), Err(BadBranchName { why }), "{name}");
    }
}

#[test]
fn derived_branch_names_end_with_the_tail_of_the_id() {
    let id = "0199c2f0-aaaa-7bbb-8ccc-ddddeeee1234";
    assert_eq!(BranchName::story(&StoryId::new(id).unwrap()).as_str(), "feat/story-eeee1234");
    assert_eq!(BranchName::run(&RunId::new(id).unwrap()).as_str(), "feat/sprint-eeee1234");
    assert_eq!(BranchName::job(&JobId::new(id).unwrap()).full(), "refs/heads/feat/job-eeee1234");
}

proptest! {
    #[test]
    fn branch_parsing_never_panics(text in "\\PC*") {
        let _ = BranchName::new(text);
    }

    #[test]
    fn derived_branch_names_obey_the_rules(id in "[a-z0-9][a-z0-9-]{0,63}") {
        let name = BranchName::story(&StoryId::new(id.as_str()).unwrap());
        prop_assert_eq!(BranchName::new(name.as_str()), Ok(name.clone()));
        let name = BranchName::job(&JobId::new(id).unwrap());
        prop_assert_eq!(BranchName::new(name.as_str()), Ok(name.clone()));
    }
}
