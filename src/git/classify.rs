//! Reads from the text of a failed git command of what sort the failure is. Pure.

use super::error::ErrorClass;

/// The class of a failure; the first row that has a part of the text decides.
pub(super) fn classify(stderr: &str) -> ErrorClass {
    let text = stderr.to_ascii_lowercase();
    TABLE
        .iter()
        .find(|(_, parts)| parts.iter().any(|part| text.contains(part)))
        .map_or(ErrorClass::Unknown, |(class, _)| *class)
}

/// More telling texts come first: every failed connection also says that the remote hung up.
const TABLE: &[(ErrorClass, &[&str])] = &[
    (ErrorClass::Rejected, &["returned error: 413", "exceeds maximum allowed size"]),
    (
        ErrorClass::Credentials,
        &[
            "authentication failed",
            "could not read username",
            "could not read password",
            "terminal prompts disabled",
            "invalid username or",
            "permission denied (",
            "host key verification failed",
            "returned error: 401",
            "returned error: 403",
            "access denied",
            "write access to repository not granted",
        ],
    ),
    (
        ErrorClass::Missing,
        &[
            "repository not found",
            "returned error: 404",
            "returned error: 410",
            "does not appear to be a git repository",
            "does not exist",
            "couldn't find remote ref",
            "not our ref",
            "not a valid object",
            "invalid reference",
            "unable to find remote helper",
        ],
    ),
    (
        ErrorClass::Busy,
        &[".lock': file exists", "another git process", "is already used by worktree", "already checked out"],
    ),
    (
        ErrorClass::Transient,
        &[
            "could not resolve host",
            "couldn't resolve host",
            "temporary failure in name resolution",
            "name or service not known",
            "failed to connect",
            "couldn't connect",
            "connection refused",
            "connection reset",
            "connection timed out",
            "connection closed",
            "operation timed out",
            "operation too slow",
            "network is unreachable",
            "no route to host",
            "broken pipe",
            "early eof",
            "rpc failed",
            "unexpected disconnect",
            "hung up unexpectedly",
            "remote end hung up",
            "returned error: 408",
            "returned error: 429",
            "returned error: 5",
            "gnutls",
            "ssl_",
            "tls",
            "cannot lock ref",
            "unable to lock",
            "no space left on device",
            "disk quota exceeded",
        ],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_git_have_their_class() {
        use ErrorClass::{Busy, Credentials, Missing, Rejected, Transient, Unknown};
        for (text, class) in [
            ("fatal: Authentication failed for 'https://h/x/'", Credentials),
            ("fatal: could not read Username for 'https://h': terminal prompts disabled", Credentials),
            (
                "git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.",
                Credentials,
            ),
            ("fatal: unable to access 'https://h/x/': The requested URL returned error: 403", Credentials),
            ("Host key verification failed.\nfatal: Could not read from remote repository.", Credentials),
            ("fatal: unable to access 'https://h/x/': Could not resolve host: h", Transient),
            (
                "ssh: connect to host h port 22: Connection refused\nfatal: Could not read from remote",
                Transient,
            ),
            ("fatal: unable to access 'https://h/x/': The requested URL returned error: 503", Transient),
            (
                "error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413\nfatal: the remote end hung up",
                Rejected,
            ),
            ("error: RPC failed; curl 92\nfatal: the remote end hung up unexpectedly", Transient),
            ("fatal: '/x.git' does not appear to be a git repository", Missing),
            ("remote: Repository not found.\nfatal: repository 'https://h/x/' not found", Missing),
            ("fatal: couldn't find remote ref refs/heads/x", Missing),
            ("fatal: Unable to create '/x/packed-refs.lock': File exists.", Busy),
            ("fatal: bad object", Unknown),
            ("", Unknown),
        ] {
            assert_eq!(classify(text), class, "{text}");
        }
    }
}
