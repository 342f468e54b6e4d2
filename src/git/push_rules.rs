//! Reads from what a remote says by which rule it refuses a push. Pure.

use crate::domain::push_rule::PushRule;

use super::classify::classify;
use super::error::ErrorClass;

/// Why a remote refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A file, or all of it, is larger than it takes.
    TooLarge,
    /// It could not unpack what came, for a reason that may pass.
    Unable,
    /// By a rule.
    By(PushRule),
}

/// What a refusal rests on: the remote's verdict on the ref, and what it wrote besides. Forges refuse by hooks, so
/// that what these write tells more than that one declined.
pub(super) fn refusal(summary: &str, stderr: &str) -> Refusal {
    let (summary, said) = (summary.to_ascii_lowercase(), stderr.to_ascii_lowercase());
    let has = |parts: &[&str]| parts.iter().any(|part| summary.contains(part) || said.contains(part));
    if has(TOO_LARGE) {
        Refusal::TooLarge
    } else if has(PROTECTED) {
        Refusal::By(PushRule::ProtectedBranch)
    } else if summary.contains("hook declined") {
        Refusal::By(PushRule::Hook)
    } else if summary.contains("unpacker error") && classify(stderr) == ErrorClass::Transient {
        Refusal::Unable
    } else {
        Refusal::By(PushRule::Unnamed)
    }
}

/// Of git, GitHub, GitLab, and what stands before a server.
const TOO_LARGE: &[&str] = &[
    "exceeds maximum allowed size",
    "gh001:",
    "exceeds github's file size limit",
    "which exceed the",
    "returned error: 413",
];

/// Of GitHub and its rulesets, GitLab, Gitea and Forgejo, Bitbucket.
const PROTECTED: &[&str] = &[
    "protected branch",
    "gh013:",
    "repository rule violations",
    "can only be modified through pull requests",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forge_is_understood() {
        let hook = "[remote rejected] (pre-receive hook declined)";
        let unpack = "[remote rejected] (unpacker error)";
        let protected = Refusal::By(PushRule::ProtectedBranch);
        for (summary, stderr, expected) in [
            (hook, "remote: no, not today", Refusal::By(PushRule::Hook)),
            ("[remote rejected] (hook declined)", "", Refusal::By(PushRule::Hook)),
            (
                "[remote rejected] (protected branch hook declined)",
                "remote: error: GH006: Protected branch update failed for refs/heads/f.",
                protected,
            ),
            (
                "[remote rejected] (push declined due to repository rule violations)",
                "remote: error: GH013: Repository rule violations found for refs/heads/f.",
                protected,
            ),
            (
                hook,
                "remote: GitLab: You are not allowed to push code to protected branches on this project.",
                protected,
            ),
            (hook, "remote: Forgejo: Not allowed to push to protected branch f", protected),
            (hook, "remote: Branch refs/heads/f can only be modified through pull requests.", protected),
            (
                hook,
                "remote: error: GH001: Large files detected. You may want to try Git Large File Storage",
                Refusal::TooLarge,
            ),
            (
                hook,
                "remote: GitLab: You are attempting to check in one or more blobs which exceed the 100.0MiB limit:",
                Refusal::TooLarge,
            ),
            (unpack, "remote: fatal: pack exceeds maximum allowed size (2.00 GiB)", Refusal::TooLarge),
            (
                unpack,
                "remote: fatal: unable to write loose object file: No space left on device",
                Refusal::Unable,
            ),
            (unpack, "remote: error: object 1: hasDotgit: contains '.git'", Refusal::By(PushRule::Unnamed)),
            (
                "[remote rejected] (deletion prohibited)",
                "remote: error: denying ref deletion",
                Refusal::By(PushRule::Unnamed),
            ),
            (
                "",
                "error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413",
                Refusal::TooLarge,
            ),
            ("", "", Refusal::By(PushRule::Unnamed)),
        ] {
            assert_eq!(refusal(summary, stderr), expected, "{summary} {stderr}");
        }
    }
}
