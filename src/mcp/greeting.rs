//! The one line that goes before MCP on a socket: `SPRINTGATE/1 <token>`, or a lone `-` for none.

use std::time::Duration;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

use super::McpError;
use crate::flow::Secret;

const HELLO: &str = "SPRINTGATE/1 ";
/// Stands for no token.
const NOBODY: &str = "-";
/// The longest token, in bytes.
const LONGEST: usize = 200;
/// How long a client may take over the line.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// Why a client was not let in.
#[derive(Debug, thiserror::Error)]
pub(super) enum Rude {
    #[error("no greeting came in time")]
    Late,
    #[error("the greeting could not be read")]
    Unread(#[from] std::io::Error),
    #[error("the first line is no greeting of this version")]
    Foreign,
}

/// The line that shows a token.
pub(super) fn line(token: &Secret) -> Result<String, McpError> {
    let shown = token.reveal();
    if !good(shown) || shown == NOBODY {
        return Err(McpError::BadToken { longest: LONGEST });
    }
    Ok(format!("{HELLO}{shown}\n"))
}

fn good(token: &str) -> bool {
    (1..=LONGEST).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic())
}

/// Reads the line, and not a byte more.
pub(super) async fn receive<R: AsyncBufRead + Unpin>(
    reader: &mut R,
    patience: Duration,
) -> Result<Option<Secret>, Rude> {
    let mut line = Vec::new();
    let longest = u64::try_from(HELLO.len() + LONGEST + 1).unwrap_or(u64::MAX);
    let mut bounded = reader.take(longest);
    tokio::time::timeout(patience, bounded.read_until(b'\n', &mut line)).await.map_err(|_| Rude::Late)??;
    let text = String::from_utf8(line).map_err(|_| Rude::Foreign)?;
    let token = text.strip_prefix(HELLO).and_then(|rest| rest.strip_suffix('\n')).ok_or(Rude::Foreign)?;
    match token {
        NOBODY => Ok(None),
        token if good(token) => Ok(Some(Secret::shown(token))),
        _ => Err(Rude::Foreign),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_line_is_a_token_or_nobody_and_nothing_else() {
        let longest = "x".repeat(LONGEST);
        let fits = format!("{HELLO}{longest}\n");
        let too_long = format!("{HELLO}{longest}x\n");
        for (sent, token) in
            [("SPRINTGATE/1 sg_1\n{}", Some("sg_1")), ("SPRINTGATE/1 -\n", None), (&fits, Some(&longest))]
        {
            let mut bytes = sent.as_bytes();
            let read = receive(&mut bytes, PATIENCE).await.unwrap();
            assert_eq!(read.as_ref().map(Secret::reveal), token);
        }
        let mut rest: &[u8] = b"SPRINTGATE/1 t\n{\"jsonrpc\"";
        receive(&mut rest, PATIENCE).await.unwrap();
        assert_eq!(rest, b"{\"jsonrpc\"");
        for bad in [
            "",
            "\n",
            "SPRINTGATE/1 \n",
            "SPRINTGATE/1\n",
            "SPRINTGATE/2 t\n",
            "SPRINTGATE/1 t",
            "SPRINTGATE/1 a b\n",
            "sprintgate/1 t\n",
            "SPRINTGATE/1 t\r\n",
            "{\"jsonrpc\":\"2.0\"}\n",
            &too_long,
        ] {
            assert!(receive(&mut bad.as_bytes(), PATIENCE).await.is_err(), "{bad:?}");
        }
        assert!(matches!(receive(&mut &b"SPRINTGATE/1 \xff\n"[..], PATIENCE).await, Err(Rude::Foreign)));
    }

    #[tokio::test]
    async fn a_client_that_says_nothing_is_not_waited_for() {
        let (_kept, silent) = tokio::io::duplex(8);
        let mut silent = tokio::io::BufReader::new(silent);
        assert!(matches!(receive(&mut silent, Duration::from_millis(1)).await, Err(Rude::Late)));
    }

    #[test]
    fn what_is_sent_can_be_read() {
        assert_eq!(line(&Secret::shown("sg_1")).unwrap(), "SPRINTGATE/1 sg_1\n");
        for bad in ["", "-", "a b", "a\nb", "é"] {
            assert!(line(&Secret::shown(bad)).is_err(), "{bad:?}");
        }
    }
}
