//! Asks a remote where its branches stand.

use std::path::Path;

use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::remote::RemoteUrl;
use crate::git::command::{GitCommand, Reach};
use crate::git::error::GitError;
use crate::git::redact::redact;
use crate::git::settings::Git;

/// What the remote says of its default branch and of one other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::git) struct Tips {
    /// The default branch, without `refs/heads/`.
    pub default: Option<String>,
    /// The tip of the branch that was asked for.
    pub branch: Option<CommitId>,
}

impl Git {
    /// Asks the remote for its default branch and the tip of `branch`.
    pub(in crate::git) async fn tips(
        &self,
        vault: &Path,
        url: &RemoteUrl,
        branch: &BranchName,
    ) -> Result<Tips, GitError> {
        let call = GitCommand::new("ls-remote", vault).reach(Reach::Remote(url));
        let call = call.args(["--symref", "--", url.as_str(), "HEAD", &branch.full()]);
        parse_tips(&self.must(call).await?, Some(branch))
    }

    /// Asks the remote for its default branch.
    pub(in crate::git) async fn default_of(
        &self,
        vault: &Path,
        url: &RemoteUrl,
    ) -> Result<Option<String>, GitError> {
        let call = GitCommand::new("ls-remote", vault).reach(Reach::Remote(url));
        let call = call.args(["--symref", "--", url.as_str(), "HEAD"]);
        Ok(parse_tips(&self.must(call).await?, None)?.default)
    }
}

fn parse_tips(stdout: &[u8], branch: Option<&BranchName>) -> Result<Tips, GitError> {
    let text = String::from_utf8_lossy(stdout);
    let wanted = branch.map(BranchName::full);
    let mut tips = Tips::default();
    for line in text.lines() {
        let bad = || GitError::Answer { what: "ls-remote", text: redact(line).chars().take(200).collect() };
        let (value, name) = line.split_once('\t').ok_or_else(bad)?;
        if let Some(target) = value.strip_prefix("ref: ") {
            if name == "HEAD" {
                tips.default = target.strip_prefix("refs/heads/").map(str::to_owned);
            }
        } else if Some(name) == wanted.as_deref() {
            tips.branch = Some(CommitId::new(value).map_err(|_| bad())?);
        }
    }
    Ok(tips)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tips_are_read_by_their_whole_name() {
        let branch = BranchName::new("feat/x").unwrap();
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let text = format!(
            "ref: refs/heads/trunk\tHEAD\n{a}\tHEAD\nref: refs/heads/no\trefs/remotes/origin/HEAD\n\
             {a}\trefs/heads/feat/x/refs/heads/feat/y\n{b}\trefs/heads/feat/x\n"
        );
        let tips = parse_tips(text.as_bytes(), Some(&branch)).unwrap();
        assert_eq!(tips, Tips { default: Some("trunk".into()), branch: CommitId::new(b).ok() });
        assert_eq!(parse_tips(b"", None).unwrap(), Tips::default());
        for bad in ["x", "zz\trefs/heads/feat/x", "no tab"] {
            assert!(parse_tips(bad.as_bytes(), Some(&branch)).is_err());
        }
    }
}
