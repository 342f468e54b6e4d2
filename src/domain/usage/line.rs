//! A line of a transcript, as far as it is read (`original` 12). Whoever has the bytes parses them into this.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::tokens::Tokens;

/// One line.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Line {
    /// `assistant`, `user`, `summary` and others.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Names the line, also where the transcript repeats it.
    pub uuid: Option<String>,
    /// A sub-agent wrote it.
    #[serde(rename = "isSidechain")]
    pub sidechain: Option<bool>,
    /// What was said.
    pub message: Option<Message>,
}

/// A message, or a block of one: a message of several blocks stands on several lines, each with the usage of the
/// whole and all with the same id.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct Message {
    /// Names the message.
    pub id: Option<String>,
    /// `assistant` or `user`.
    pub role: Option<String>,
    /// The model that wrote it.
    pub model: Option<String>,
    /// What it says.
    pub content: Option<Content>,
    /// What it used.
    pub usage: Option<Tokens>,
}

/// What a message says.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Content {
    /// Blocks.
    Blocks(Vec<Block>),
    /// Text, or a form of a later time.
    Other(IgnoredAny),
}

/// A block of a message.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Block {
    /// The call of a tool, or another block that may have a name.
    Named {
        /// `tool_use`, `text` and others.
        #[serde(rename = "type")]
        kind: String,
        /// The tool.
        #[serde(default)]
        name: Option<String>,
    },
    /// A form of a later time.
    Other(IgnoredAny),
}

impl Line {
    /// Whether the agent asks for a job here, whatever name the server is registered under.
    pub(super) fn waits_for_a_job(&self) -> bool {
        let content = self.message.as_ref().and_then(|message| message.content.as_ref());
        let Some(Content::Blocks(blocks)) = content else { return false };
        blocks.iter().any(|block| match block {
            Block::Named { kind, name: Some(name) } => {
                kind == "tool_use" && name.starts_with("mcp__") && name.ends_with("__wait_for_job")
            }
            _ => false,
        })
    }

    /// The message, if the model wrote it.
    pub(super) fn by_the_model(self) -> Option<Message> {
        let message = self.message?;
        let assistant = |word: &Option<String>| word.as_deref() == Some("assistant");
        (assistant(&self.kind) && assistant(&message.role)).then_some(message)
    }
}
