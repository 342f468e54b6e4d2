//! Where a database is and how it is entered, as one text that may hold a password.

use std::fmt;

use sqlx::postgres::PgConnectOptions;

use super::pools;

/// The address of a PostgreSQL database: `postgres://user:password@host:port/database`, or with `?host=/folder` for a
/// socket. What it prints of itself has no password.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    text: String,
    place: String,
}

/// A text that is no address of a PostgreSQL database. It is not repeated, for it may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an address of the form postgres://user:password@host:port/database")]
pub struct NotAnAddress;

impl DatabaseUrl {
    /// Whether the text means to be one, well formed or not.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        ["postgres:", "postgresql:"]
            .iter()
            .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)))
    }

    /// Takes text for an address.
    ///
    /// # Errors
    /// [`NotAnAddress`] when it is none.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let ours = text.starts_with("postgres://") || text.starts_with("postgresql://");
        if !ours || text.chars().any(char::is_control) {
            return Err(NotAnAddress);
        }
        let options = pools::options(text).map_err(|_| NotAnAddress)?;
        Ok(Self { text: text.to_owned(), place: place(&options) })
    }

    /// The text, password included: for the driver and for the settings of a program that is started, and for nothing
    /// that anybody else reads.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// Whether a password stands in it.
    #[must_use]
    pub fn has_password(&self) -> bool {
        let rest = self.text.split_once("://").map_or("", |(_, rest)| rest);
        let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
        let entry =
            authority.split('/').next().and_then(|part| part.rsplit_once('@')).map(|(entry, _)| entry);
        entry.is_some_and(|entry| entry.contains(':'))
            // A name that is written in another way may be anything.
            || query.split('&').filter_map(|pair| pair.split('=').next()).any(|name| {
                name.eq_ignore_ascii_case("password") || name.contains('%')
            })
    }

    /// The arguments by which PostgreSQL's own programs enter it, without its password.
    #[must_use]
    pub fn entry(&self) -> Vec<String> {
        let Ok(options) = pools::options(&self.text) else { return Vec::new() };
        let host = match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => options.get_host().to_owned(),
        };
        let user = options.get_username();
        vec![
            format!("--host={host}"),
            format!("--port={}", options.get_port()),
            format!("--username={user}"),
            options.get_database().unwrap_or(user).to_owned(),
        ]
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.place)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseUrl({})", self.place)
    }
}

/// Where it is, without its password.
pub(super) fn place(options: &PgConnectOptions) -> String {
    let host = match options.get_socket() {
        Some(folder) => folder.display().to_string(),
        None => options.get_host().to_owned(),
    };
    let database = options.get_database().unwrap_or_else(|| options.get_username());
    format!("{host}:{}/{database}", options.get_port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_and_never_shown() {
        for (text, place, password) in [
            ("postgres://ann:secret@db:5433/shop", "db:5433/shop", true),
            ("postgresql://ann:@db/shop", "db:5432/shop", true),
            ("postgres://ann@db/shop?password=secret", "db:5432/shop", true),
            ("postgres://ann@db/shop?pass%77ord=secret", "db:5432/shop", true),
            ("postgres://ann@db/shop", "db:5432/shop", false),
            ("postgres:///shop?host=/run/pg&user=ann", "/run/pg:5432/shop", false),
            ("postgres://[::1]:5433/shop", "[::1]:5433/shop", false),
        ] {
            let url = DatabaseUrl::parse(text).unwrap();
            assert_eq!((url.to_string().as_str(), url.has_password()), (place, password), "{text}");
            assert!(!format!("{url} {url:?}").contains("secret"), "{text}");
            assert!(!url.entry().concat().contains("secret"), "{text}");
            assert_eq!(url.reveal(), text);
        }
    }

    #[test]
    fn what_is_none_is_refused_without_being_repeated() {
        for text in [
            "",
            "secret",
            "mysql://ann:secret@h/d",
            "postgres:secret",
            "postgres://h:secret/d",
            "postgres://h/d\n",
        ] {
            let error = DatabaseUrl::parse(text).unwrap_err();
            assert!(!error.to_string().contains("secret"), "{text}");
        }
        assert!(DatabaseUrl::is_meant("POSTGRES:x") && DatabaseUrl::is_meant("postgresql://"));
        assert!(!DatabaseUrl::is_meant("/postgres:/x") && !DatabaseUrl::is_meant("pöstgres:"));
    }
}
