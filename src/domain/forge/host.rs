//! The host of a forge, by which tokens are kept apart.

use std::fmt;

/// The name of a host in lower case, with its port if that is not the usual one. Which hosts are spoken to is decided by a
/// list of the operator's; the form alone allows none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ForgeHost(String);

/// Text that is no host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the host of a forge: {why}")]
pub struct BadForgeHost {
    /// The rule it breaks.
    pub why: &'static str,
}

impl ForgeHost {
    /// Takes text for a host: `github.com`, `git.example.org:3000`.
    ///
    /// # Errors
    /// [`BadForgeHost`] with the rule that it breaks.
    pub fn new(text: impl AsRef<str>) -> Result<Self, BadForgeHost> {
        let text = text.as_ref().to_ascii_lowercase();
        let (name, port) = match text.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (text.as_str(), None),
        };
        if name.is_empty() || name.len() > 253 || !name.split('.').all(is_label) {
            return Err(BadForgeHost { why: "it has letters, digits, hyphens and single dots" });
        }
        let number = |port: &str| !port.starts_with(['0', '+']) && port.parse::<u16>().is_ok();
        if !port.is_none_or(number) {
            return Err(BadForgeHost { why: "a port is a number from 1 to 65535" });
        }
        let usual = port.is_some_and(|port| port == "443");
        Ok(Self(if usual { name.to_owned() } else { text.clone() }))
    }

    /// `github.com`.
    #[must_use]
    pub fn github() -> Self {
        Self("github.com".to_owned())
    }

    /// The host as text, with its port.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The host without its port.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.split(':').next().unwrap_or_default()
    }
}

fn is_label(label: &str) -> bool {
    let plain = label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    !label.is_empty() && label.len() <= 63 && plain && !label.starts_with('-') && !label.ends_with('-')
}

impl fmt::Display for ForgeHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for ForgeHost {
    type Err = BadForgeHost;
    fn from_str(text: &str) -> Result<Self, BadForgeHost> {
        Self::new(text)
    }
}

impl TryFrom<String> for ForgeHost {
    type Error = BadForgeHost;
    fn try_from(text: String) -> Result<Self, BadForgeHost> {
        Self::new(text)
    }
}

impl From<ForgeHost> for String {
    fn from(host: ForgeHost) -> String {
        host.0
    }
}
