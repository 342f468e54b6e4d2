//! The address of a pull request. It is made from its parts; what a forge says its address is is not believed.

use std::fmt;

use super::{ForgeHost, ForgeKind, RepoPath};

/// A pull request: which host, which repository, which number. Shown, it is the address for people, and what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrUrl {
    /// The host.
    pub host: ForgeHost,
    /// What it speaks; `…/pull/7` at GitHub, `…/pulls/7` at Forgejo.
    pub kind: ForgeKind,
    /// The repository that it is to be merged into.
    pub repo: RepoPath,
    /// Its number there, from 1.
    pub number: u64,
}

/// Text that is not the address of a pull request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the address of a pull request: {why}")]
pub struct BadPrUrl {
    /// The rule it breaks.
    pub why: &'static str,
}

impl fmt::Display for PrUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.kind {
            ForgeKind::GitHub => "pull",
            ForgeKind::Forgejo => "pulls",
        };
        write!(f, "https://{}/{}/{word}/{}", self.host, self.repo, self.number)
    }
}

impl std::str::FromStr for PrUrl {
    type Err = BadPrUrl;
    fn from_str(text: &str) -> Result<Self, BadPrUrl> {
        let bad = |why| BadPrUrl { why };
        let rest = text.strip_prefix("https://").ok_or(bad("it begins with https://"))?;
        let parts: Vec<&str> = rest.split('/').collect();
        let [host, owner, name, word, number] = parts.as_slice() else {
            return Err(bad("it is https://host/owner/name/pull/number"));
        };
        let kind = match *word {
            "pull" => ForgeKind::GitHub,
            "pulls" => ForgeKind::Forgejo,
            _ => return Err(bad("it has pull (GitHub) or pulls (Forgejo) before the number")),
        };
        let plain = number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0');
        let number = number.parse().ok().filter(|_| plain).ok_or(bad("its number is not one"))?;
        let host = ForgeHost::new(host).map_err(|error| bad(error.why))?;
        let repo = RepoPath::new(owner, name).map_err(|_| bad("its repository is owner/name"))?;
        Ok(Self { host, kind, repo, number })
    }
}
