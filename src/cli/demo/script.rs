//! The parts that the demo's agents play. Which one is theirs, the task's title says.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::process::Command;

use super::dialogue::{mark, marked};
use super::git::git;
use super::voice::{Voice, call, connect};
use crate::cli::error::CliError;

/// Set when the worker that is to be killed has written half of its work.
pub(super) const HALF_WAY: &str = "half-way";
/// Set when the agent that does nothing was refused.
const REFUSED: &str = "refused";
/// How long agents wait for each other at most.
const PATIENCE: Duration = Duration::from_secs(15);

/// Plays the part of an agent that a runner started.
pub(in crate::cli) async fn play(folder: PathBuf) -> Result<(), CliError> {
    let variable = |name| {
        std::env::var(name).map_err(|_| CliError::argument("demo-agent", format!("{name} is not set")))
    };
    let (payload, tree) = (variable("SPRINTGATE_PAYLOAD")?, variable("SPRINTGATE_WORKTREE")?);
    let payload = fs::read(payload).map_err(CliError::io("read the payload"))?;
    let job: Value = serde_json::from_slice(&payload).map_err(|error| CliError::failed("DEMO", error))?;
    let program = std::env::current_exe().map_err(CliError::io("find this program"))?;
    let mut mcp = Command::new(program);
    mcp.arg("mcp");
    let voice = Voice::of(folder, connect(mcp).await?, &job);
    let title = job.pointer("/task/title").and_then(Value::as_str).unwrap_or_default();
    act(&voice, title, Path::new(&tree)).await
}

async fn act(voice: &Voice, title: &str, tree: &Path) -> Result<(), CliError> {
    voice.report("running", json!({})).await?;
    match title {
        "Add a discount to the cart" => {
            append(
                tree,
                "shop/cart.py",
                "\n    def discounted(self, percent):\n        return self.total() * (100 - percent) // 100\n",
            )?;
            append(
                tree,
                "tests/test_cart.py",
                "\n\ndef test_discount():\n    cart = Cart()\n    cart.add(\"apple\", 40, 3)\n    assert cart.discounted(10) == 108\n",
            )?;
            commit(tree, "cart: a discount in percent").await?;
            voice.verify().await?;
            voice
                .report("done", json!({ "summary": "The cart takes a discount in percent, with a test." }))
                .await?;
        }
        "Show the discount on the receipt" => {
            append(
                tree,
                "shop/receipt.py",
                "\n\ndef discount_line(percent):\n    return f\"{percent} % off\"\n",
            )?;
            commit(tree, "receipt: a line for the discount").await?;
            voice.verify().await?;
            voice.report("done", json!({})).await?;
            let summary =
                "The receipt shows the discount. The example in docs is left out: the layout is not settled.";
            voice.report("done", json!({ "summary": summary })).await?;
        }
        "Refuse orders without an address" => {
            append(
                tree,
                "shop/order.py",
                "        if not address:\n            raise ValueError(\"an order needs an address\")\n",
            )?;
            commit(tree, "order: an address is needed").await?;
            voice.verify().await?;
            voice.report("done", json!({ "summary": "Orders without an address are refused." })).await?;
        }
        "Refuse unknown articles" => {
            for file in ["shop/price.py", "shop/cart.py", "shop/order.py", "README.md"] {
                append(tree, file, "\n# rewritten while at it\n")?;
            }
            commit(tree, "prices: a fresh start for everything").await?;
            voice.verify().await?;
            let summary = "Prices are checked, and much else is better now too.";
            voice.report("done", json!({ "summary": summary })).await?;
            marked(&voice.folder, REFUSED, PATIENCE).await;
            let error = "The change grew far beyond its plan, and the gate wants it to the letter.";
            voice.report("failed", json!({ "error": error })).await?;
        }
        "Log every payment" => {
            let summary = json!({ "summary": "Everything is logged now, I am quite sure." });
            voice.report("done", summary.clone()).await?;
            voice.verify().await?;
            voice.report("done", summary).await?;
            mark(&voice.folder, REFUSED)?;
            wait_for_the_end(voice).await?;
        }
        other => {
            voice.report("failed", json!({ "error": format!("no part is called `{other}`") })).await?;
        }
    }
    Ok(())
}

/// Says that it lives until it is told to stop.
async fn wait_for_the_end(voice: &Voice) -> Result<(), CliError> {
    let told = async {
        while !voice.beat().await?.is_error {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        Ok(())
    };
    tokio::time::timeout(PATIENCE, told).await.unwrap_or(Ok(()))
}

/// Plays the worker that is killed: it claims without a runner, writes half a file, and never gets further.
pub(in crate::cli) async fn play_victim(folder: PathBuf) -> Result<(), CliError> {
    let program = std::env::current_exe().map_err(CliError::io("find this program"))?;
    let mut mcp = Command::new(program);
    mcp.arg("--config").arg(folder.join("config.toml")).arg("mcp");
    let client = connect(mcp).await?;
    let job = call(&client, "wait_for_job", json!({ "wait_seconds": 10 })).await?.json;
    let tree = job.get("worktree_path").and_then(Value::as_str).map(PathBuf::from);
    let tree = tree.ok_or_else(|| CliError::failed("DEMO", format!("no job was handed out: {job}")))?;
    let voice = Voice::of(folder, client, &job);
    voice.report("running", json!({})).await?;
    append(&tree, "shop/order.py", "        if not addr")?;
    mark(&voice.folder, HALF_WAY)?;
    std::future::pending().await
}

fn append(tree: &Path, file: &str, text: &str) -> Result<(), CliError> {
    let path = tree.join(file);
    let opened = fs::OpenOptions::new().append(true).create(true).open(&path);
    opened
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(CliError::io(format!("change {}", path.display())))
}

async fn commit(tree: &Path, message: &str) -> Result<(), CliError> {
    git(tree, &["add", "-A"]).await?;
    git(tree, &["commit", "-qm", message]).await.map(drop)
}
