//! What an agent used: transcripts by hand, what holds for all of them, and prices.

mod cases;
mod price;
mod props;

use sprintgate::domain::usage::{Block, Content, Entry, Line, Message, ModelId, Tally, Tokens, Usage};

/// A line of the model's: message, model, and input and output tokens.
fn said(id: &str, model: &str, input: u64, output: u64) -> Line {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Line {
        kind: Some("assistant".into()),
        message: Some(Message {
            id: some(id),
            role: Some("assistant".into()),
            model: some(model),
            content: None,
            usage: Some(tokens(input, output)),
        }),
        ..Line::default()
    }
}

/// The line with the call of a tool in it.
fn calls(mut line: Line, tool: &str) -> Line {
    if let Some(message) = &mut line.message {
        let block = Block::Named { kind: "tool_use".into(), name: Some(tool.into()) };
        message.content = Some(Content::Blocks(vec![block]));
    }
    line
}

fn named(line: Line, uuid: &str) -> Line {
    Line { uuid: Some(uuid.into()), ..line }
}

fn by_sub_agent(line: Line) -> Line {
    Line { sidechain: Some(true), ..line }
}

fn tokens(input: u64, output: u64) -> Tokens {
    Tokens { input, output, ..Tokens::default() }
}

fn model(text: &str) -> ModelId {
    ModelId::new(text).unwrap()
}

fn usage(lines: impl IntoIterator<Item = Line>) -> Usage {
    let mut tally = Tally::default();
    lines.into_iter().for_each(|line| tally.add(Entry::Line(Box::new(line))));
    tally.usage()
}
