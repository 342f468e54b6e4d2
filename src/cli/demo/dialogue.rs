//! What agents say to the gate and what it answers, as lines of JSON that agents append and the demo reads; and the
//! marks by which agents wait for each other.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::cli::error::CliError;

/// One exchange.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Exchange {
    /// Milliseconds since 1970.
    pub(super) at: i64,
    /// The task's code.
    pub(super) task: String,
    /// The attempt that spoke.
    pub(super) attempt: i64,
    /// What was said.
    pub(super) said: String,
    /// The code of a refusal.
    pub(super) refused: Option<String>,
    /// The answer in words.
    pub(super) answer: String,
}

/// Now, in milliseconds since 1970.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn path(folder: &Path) -> PathBuf {
    folder.join("dialogue.jsonl")
}

/// Appends an exchange.
pub(super) fn note(folder: &Path, exchange: &Exchange) -> Result<(), CliError> {
    let mut line = serde_json::to_string(exchange).map_err(|error| CliError::failed("DEMO", error))?;
    line.push('\n');
    let file = OpenOptions::new().create(true).append(true).open(path(folder));
    file.and_then(|mut file| file.write_all(line.as_bytes())).map_err(CliError::io("note what was said"))
}

/// All exchanges so far. The last line may be half written; it is read the next time.
pub(super) fn read(folder: &Path) -> Vec<Exchange> {
    let text = fs::read_to_string(path(folder)).unwrap_or_default();
    text.lines().map_while(|line| serde_json::from_str(line).ok()).collect()
}

/// Sets a mark that others wait for.
pub(super) fn mark(folder: &Path, name: &str) -> Result<(), CliError> {
    fs::write(folder.join("signals").join(name), "").map_err(CliError::io("set a mark"))
}

/// Waits for a mark, so long at most; false when it did not come.
pub(super) async fn marked(folder: &Path, name: &str, patience: Duration) -> bool {
    let path = folder.join("signals").join(name);
    let seen = async {
        while !path.exists() {
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    };
    tokio::time::timeout(patience, seen).await.is_ok()
}
