//! Who the user is, and with which access token.

use crate::cli::config::Loaded;
use crate::cli::error::CliError;
use crate::cli::wiring::{self, Secret};
use crate::flow::{FlowError, Sprintgate};

/// A user with a token that is good.
pub(super) struct Enrolled {
    /// The user's name.
    pub(super) user: String,
    /// The token.
    pub(super) token: Token,
}

/// Where the token came from.
pub(super) enum Token {
    /// It was there.
    Found,
    /// It is new, and stands nowhere else yet.
    Made(Secret),
}

/// Keeps the token that is there when it is good, else makes one.
pub(super) async fn enrol(
    app: &Sprintgate,
    loaded: &Loaded,
    asked: Option<String>,
) -> Result<Enrolled, CliError> {
    if loaded.config.token.is_some() {
        match app.who(&wiring::person(&loaded.config)?).await {
            Ok(user) => return keep(user, asked),
            // a token that stands in the environment would hide the one that is written to the file
            Err(FlowError::Unauthenticated { why }) if !token_is_from_file(loaded) => {
                return Err(CliError::argument(
                    "SPRINTGATE_TOKEN",
                    format!("the token of the environment is {why} in this database; unset it"),
                ));
            }
            Err(FlowError::Unauthenticated { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let name = match asked {
        Some(name) => name,
        None => login_name()?,
    };
    let label = format!("init on {}", loaded.config.host);
    let (user, secret) = app.enrol(&name, &label).await?;
    Ok(Enrolled { user: user.username, token: Token::Made(secret) })
}

fn keep(user: String, asked: Option<String>) -> Result<Enrolled, CliError> {
    match asked {
        Some(asked) if asked != user => Err(CliError::argument(
            "--user",
            format!(
                "the token belongs to `{user}`; name another config file with --config for a second user"
            ),
        )),
        _ => Ok(Enrolled { user, token: Token::Found }),
    }
}

fn token_is_from_file(loaded: &Loaded) -> bool {
    let written = loaded.found.as_ref().and_then(|found| found.token.as_deref()).map(Secret::shown);
    written == loaded.config.token
}

fn login_name() -> Result<String, CliError> {
    let set = |name| std::env::var(name).ok().filter(|value: &String| !value.is_empty());
    set("USER")
        .or_else(|| set("LOGNAME"))
        .ok_or_else(|| CliError::argument("--user", "USER is not set, so the name must be given"))
}
