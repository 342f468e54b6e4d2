//! The address of a repository, parsed once, so that what reaches the git program can be neither an
//! option nor a command nor a carrier of secrets. Nothing here opens a connection.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// How a remote is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Transport {
    /// `https://`.
    Https,
    /// `http://`, to this machine only.
    Http,
    /// `ssh://` or `user@host:path`.
    Ssh,
    /// `file:///` or an absolute path.
    File,
}

/// The address of a repository. It has no password in it, so it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RemoteUrl {
    text: String,
    transport: Transport,
    host: String,
    path: String,
}

/// Text that is not the address of a repository. It does not repeat the text, which may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the address of a repository: {why}")]
pub struct BadRemoteUrl {
    /// The rule it breaks.
    pub why: &'static str,
}

impl RemoteUrl {
    /// The most bytes an address may have.
    pub const MAX: usize = 2048;

    /// Takes text for the address of a repository.
    ///
    /// # Errors
    /// [`BadRemoteUrl`] with the rule that it breaks.
    pub fn new(text: impl Into<String>) -> Result<Self, BadRemoteUrl> {
        let text = text.into();
        let (transport, host, path) = parse(&text).map_err(|why| BadRemoteUrl { why })?;
        Ok(Self { transport, host: host.to_owned(), path: path.to_owned(), text })
    }

    /// The address as git takes it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// How it is reached.
    #[must_use]
    pub fn transport(&self) -> Transport {
        self.transport
    }

    /// The host without user and port; none for a path.
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        (!self.host.is_empty()).then_some(self.host.as_str())
    }

    /// The path on the host without slashes at its ends and without `.git`: `owner/name` at a forge.
    #[must_use]
    pub fn path(&self) -> &str {
        let path = self.path.trim_matches('/');
        path.strip_suffix(".git").unwrap_or(path)
    }

    /// The name of the repository that all spellings of its address share: host and path. Two servers on one host
    /// are not told apart.
    #[must_use]
    pub fn repository(&self) -> String {
        format!("{}/{}", self.host.to_ascii_lowercase(), self.path())
    }

    /// The [`repository`](Self::repository) as rows know it: in lower case where there is a host, for no forge tells two
    /// repositories apart by case, and as it is spelled on this machine's disk, which does.
    #[must_use]
    pub fn key(&self) -> String {
        let repository = self.repository();
        if self.host.is_empty() { repository } else { repository.to_ascii_lowercase() }
    }

    /// The last part of the path without `.git`; safe as the name of a folder.
    #[must_use]
    pub fn repo_name(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }
}

type Parts<'a> = (Transport, &'a str, &'a str);

fn parse(text: &str) -> Result<Parts<'_>, &'static str> {
    if text.is_empty() || text.len() > RemoteUrl::MAX {
        return Err("it needs 1 to 2048 bytes");
    }
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || is_hidden(c)) {
        return Err("control characters and white space are not allowed");
    }
    if text.starts_with('-') {
        return Err("it reads as an option");
    }
    if text.contains(['\\', '?', '#', '"', '\'', '<', '>', '|', '`', '$', ';', '*', '^', '{', '}']) {
        return Err("it has a character that no address needs");
    }
    let parts = if let Some(path) = text.strip_prefix('/') {
        (Transport::File, "", path)
    } else if let Some((scheme, rest)) = text.split_once("://") {
        with_scheme(scheme, rest)?
    } else {
        scp_like(text)?
    };
    path_is_plain(parts.0, parts.2)?;
    Ok(parts)
}

fn with_scheme<'a>(scheme: &str, rest: &'a str) -> Result<Parts<'a>, &'static str> {
    let (authority, path) = rest.split_once('/').ok_or("it has no path")?;
    let transport = match scheme {
        "https" => Transport::Https,
        "http" => Transport::Http,
        "ssh" => Transport::Ssh,
        "file" if authority.is_empty() => return Ok((Transport::File, "", path)),
        "file" => return Err("a file address has three slashes"),
        _ => return Err("only https, ssh, file, and http to this machine"),
    };
    let host_port = match authority.split_once('@') {
        Some((user, after)) => {
            user_is_plain(transport, user)?;
            after
        }
        None => authority,
    };
    let (host, port) = split_port(host_port)?;
    if !port.is_none_or(|p| p.parse::<u16>().is_ok_and(|n| n > 0) && p.bytes().all(|b| b.is_ascii_digit())) {
        return Err("the port is a number from 1 to 65535");
    }
    host_is_plain(host)?;
    if transport == Transport::Http && !is_loopback(host) {
        return Err("http is for this machine only");
    }
    Ok((transport, host, path))
}

/// `user@host:path`. Without a user it could be `ext::command`, so a user is asked for.
fn scp_like(text: &str) -> Result<Parts<'_>, &'static str> {
    let (user, rest) =
        text.split_once('@').ok_or("it is neither a URL nor user@host:path nor an absolute path")?;
    let (host, path) = rest.split_once(':').ok_or("it has no path")?;
    if path.starts_with([':', '-', '~']) {
        return Err("the path starts with a letter, a digit or a slash");
    }
    user_is_plain(Transport::Ssh, user)?;
    host_is_plain(host)?;
    Ok((Transport::Ssh, host, path.strip_prefix('/').unwrap_or(path)))
}

fn user_is_plain(transport: Transport, user: &str) -> Result<(), &'static str> {
    if user.contains(':') {
        return Err("a password does not belong in an address");
    }
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if user.is_empty() || user.starts_with('-') || !user.bytes().all(plain) {
        return Err("the user name has a character that is not allowed");
    }
    // forges accept a token as user name; no forge has user names as long as its tokens
    let token = user.len() >= 40 || TOKENS.iter().any(|prefix| user.starts_with(prefix));
    if transport != Transport::Ssh && token {
        return Err("a token does not belong in an address");
    }
    Ok(())
}

fn split_port(text: &str) -> Result<(&str, Option<&str>), &'static str> {
    if let Some(rest) = text.strip_prefix('[') {
        let (host, after) = rest.split_once(']').ok_or("the host has an open bracket")?;
        if host.parse::<Ipv6Addr>().is_err() {
            return Err("brackets are for IPv6 addresses");
        }
        return match after.strip_prefix(':') {
            Some(port) => Ok((host, Some(port))),
            None if after.is_empty() => Ok((host, None)),
            None => Err("the host has text after its bracket"),
        };
    }
    Ok(match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    })
}

fn host_is_plain(host: &str) -> Result<(), &'static str> {
    if host.parse::<Ipv6Addr>().is_ok() {
        return Ok(());
    }
    let label = |l: &str| {
        !l.is_empty()
            && !l.starts_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    if host.is_empty() || host.len() > 253 || !host.split('.').all(label) {
        return Err("the host has letters, digits, hyphens and single dots");
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
}

fn path_is_plain(transport: Transport, path: &str) -> Result<(), &'static str> {
    if transport != Transport::File && !path.is_ascii() {
        return Err("characters beyond ASCII are written as %XX");
    }
    if path.contains('%')
        && !(matches!(transport, Transport::Https | Transport::Http) && escapes_are_plain(path))
    {
        return Err("a %XX of the path is not allowed");
    }
    if path.contains(['@', ':']) && transport != Transport::File {
        return Err("the path has an @ or a colon");
    }
    if path.split('/').any(|part| part == ".." || part == "." || part.starts_with('-')) {
        return Err("no part of the path is a dot, two dots or starts with a hyphen");
    }
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let name = last.strip_suffix(".git").unwrap_or(last);
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    if name.is_empty() || name == "." || name == ".." || !name.bytes().all(plain) {
        return Err("the name of the repository has letters, digits and . _ - only");
    }
    Ok(())
}

/// Escapes may stand for printable characters that mean nothing in a path.
fn escapes_are_plain(path: &str) -> bool {
    path.split('%').skip(1).all(|after| {
        after
            .get(..2)
            .filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .is_some_and(|b| {
                b >= 0x20 && !matches!(b, 0x7f | b'.' | b'/' | b'\\' | b'%' | b'-' | b'@' | b':')
            })
    })
}

/// Characters that change how text looks without being seen.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// How the tokens of the usual forges begin.
const TOKENS: &[&str] = &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-"];

impl fmt::Display for RemoteUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl TryFrom<String> for RemoteUrl {
    type Error = BadRemoteUrl;
    fn try_from(text: String) -> Result<Self, BadRemoteUrl> {
        Self::new(text)
    }
}

impl std::str::FromStr for RemoteUrl {
    type Err = BadRemoteUrl;
    fn from_str(text: &str) -> Result<Self, BadRemoteUrl> {
        Self::new(text)
    }
}

impl From<RemoteUrl> for String {
    fn from(url: RemoteUrl) -> String {
        url.text
    }
}
