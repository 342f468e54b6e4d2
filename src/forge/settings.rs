//! One host as the operator lists it.

use std::path::PathBuf;
use std::time::Duration;

use super::error::BadForge;
use crate::domain::credential::Credential;
use crate::domain::forge::{BadForgeHost, ForgeHost, ForgeKind};

/// A forge that may be spoken to. `Debug` shows no secret. Proxies that the environment names are not used.
#[derive(Debug, Clone)]
pub struct ForgeSettings {
    /// Its host, as remotes and pull requests name it.
    pub host: ForgeHost,
    /// What it speaks.
    pub kind: ForgeKind,
    /// Where its interface is, without a slash at the end: https, and http to this machine only.
    pub api: String,
    /// The token for this host and no other.
    pub token: Credential,
    /// Certificates to be believed beside the system's, as PEM: for a forge with an authority of its own.
    pub ca_file: Option<PathBuf>,
    /// How long one call may take.
    pub timeout: Duration,
    /// How long to wait between two calls that change something.
    pub gap: Duration,
    /// How long to wait before a read is tried again, growing with each try.
    pub pause: Duration,
}

impl ForgeSettings {
    /// github.com.
    #[must_use]
    pub fn github(token: Credential) -> Self {
        Self::at(ForgeHost::github(), ForgeKind::GitHub, "https://api.github.com".to_owned(), token)
    }

    /// A host by its name, with its interface where such hosts have it.
    ///
    /// # Errors
    /// [`BadForgeHost`] for text that is no host.
    pub fn new(host: &str, kind: ForgeKind, token: Credential) -> Result<Self, BadForgeHost> {
        let host = ForgeHost::new(host)?;
        let api = match kind {
            ForgeKind::GitHub if host.as_str() == "github.com" => "https://api.github.com".to_owned(),
            ForgeKind::GitHub => format!("https://{host}/api/v3"),
            ForgeKind::Forgejo => format!("https://{host}/api/v1"),
        };
        Ok(Self::at(host, kind, api, token))
    }

    fn at(host: ForgeHost, kind: ForgeKind, api: String, token: Credential) -> Self {
        let gap = match kind {
            // What GitHub asks for: one change a second.
            ForgeKind::GitHub => Duration::from_secs(1),
            ForgeKind::Forgejo => Duration::ZERO,
        };
        let (timeout, pause) = (Duration::from_secs(20), Duration::from_millis(500));
        Self { host, kind, api, token, ca_file: None, timeout, gap, pause }
    }

    /// The address of the interface, looked at.
    pub(super) fn checked_api(&self) -> Result<String, BadForge> {
        let bad = || BadForge::Address { api: self.token.hide(&self.api) };
        let url = reqwest::Url::parse(&self.api).map_err(|_| bad())?;
        let own = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        let secure = url.scheme() == "https" || (url.scheme() == "http" && own);
        let plain = url.username().is_empty() && url.password().is_none();
        let bare = url.query().is_none() && url.fragment().is_none();
        if secure && plain && bare { Ok(self.api.trim_end_matches('/').to_owned()) } else { Err(bad()) }
    }
}
