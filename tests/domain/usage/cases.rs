//! Transcripts by hand.

use serde::Deserialize;
use serde::de::value::{Error, MapDeserializer};
use sprintgate::domain::usage::{
    BadModelId, Block, Content, Entry, Line, Message, ModelId, Reading, Spent, Tally, Tokens,
};

use super::{by_sub_agent, calls, model, named, said, tokens, usage};

const WAIT: &str = "mcp__scrum4me__wait_for_job";

fn spent(by_model: &[(&str, u64, u64)]) -> Spent {
    Spent {
        by_model: by_model.iter().map(|(id, read, wrote)| (model(id), tokens(*read, *wrote))).collect(),
        unnamed: Tokens::default(),
    }
}

#[test]
fn tokens_are_read_in_both_spellings() {
    let read = |counts: [(&'static str, u64); 4]| {
        Tokens::deserialize(MapDeserializer::<_, Error>::new(counts.into_iter()))
    };
    let want = Ok(Tokens { input: 1, output: 2, cache_read: 3, cache_write: 4 });
    let theirs = [
        ("cache_creation_input_tokens", 4),
        ("output_tokens", 2),
        ("input_tokens", 1),
        ("cache_read_input_tokens", 3),
    ];
    assert_eq!(read(theirs), want);
    assert_eq!(read([("input", 1), ("output", 2), ("cache_read", 3), ("cache_write", 4)]), want);
}

#[test]
fn without_a_claim_the_whole_file_counts() {
    let seen = usage([said("a", "opus", 1, 2), said("b", "opus", 10, 20)]);
    assert_eq!(seen.own, spent(&[("opus", 11, 22)]));
    assert_eq!((seen.sub_agents, seen.last_model), (Spent::default(), Some(model("opus"))));
    assert_eq!(usage([]).own, Spent::default());
}

#[test]
fn only_what_follows_the_last_claim_counts() {
    let first = calls(said("w1", "opus", 1, 1), WAIT);
    let second = calls(said("w2", "opus", 2, 2), WAIT);
    let lines = [first, said("a", "opus", 100, 100), second.clone(), said("b", "sonnet", 7, 8)];
    assert_eq!(usage(lines.clone()).own, spent(&[("sonnet", 7, 8)]));
    // A claim at the very end leaves nothing, and no model either.
    let ended = usage(lines.into_iter().chain([calls(said("w3", "opus", 3, 3), WAIT)]));
    assert_eq!((ended.own, ended.last_model), (Spent::default(), None));
}

#[test]
fn a_claim_is_a_call_of_that_tool_by_the_agent_itself() {
    let counted = |wait: Line| usage([said("a", "opus", 1, 1), wait, said("b", "opus", 10, 10)]).own.total();
    let said_it = || said("w", "opus", 0, 0);
    for tool in [WAIT, "mcp__sprintgate__wait_for_job", "mcp__my-server__wait_for_job"] {
        assert_eq!(counted(calls(said_it(), tool)), tokens(10, 10), "{tool}");
    }
    for tool in ["wait_for_job", "mcp__scrum4me__wait_for_jobs", "x_mcp__a__wait_for_job", "Bash"] {
        assert_eq!(counted(calls(said_it(), tool)), tokens(11, 11), "{tool}");
    }
    // A result that repeats the name, a text that does, a sub-agent's call: none of them is a claim.
    let with = |block| Line {
        message: Some(Message { content: Some(Content::Blocks(vec![block])), ..Message::default() }),
        ..Line::default()
    };
    let result = Block::Named { kind: "tool_result".into(), name: Some(WAIT.into()) };
    assert_eq!(counted(with(result)), tokens(11, 11));
    assert_eq!(counted(with(Block::Named { kind: "tool_use".into(), name: None })), tokens(11, 11));
    assert_eq!(counted(by_sub_agent(calls(said_it(), WAIT))), tokens(11, 11));
    // A claim need not be the model's to move the window (`original` 12: "a line whose content has").
    let user = Line { kind: Some("user".into()), ..calls(said_it(), WAIT) };
    assert_eq!(counted(user), tokens(10, 10));
}

#[test]
fn a_repeated_claim_is_the_first_one() {
    let wait = named(calls(said("w", "opus", 1, 1), WAIT), "u1");
    let seen = usage([wait.clone(), said("a", "opus", 5, 5), wait]);
    assert_eq!(seen.own, spent(&[("opus", 5, 5)]));
    assert_eq!(seen.reading.repeated, 1);
}

#[test]
fn a_message_begun_before_the_claim_belongs_before_it() {
    let block = |tool| calls(said("m", "opus", 50, 50), tool);
    let seen = usage([block("Read"), block(WAIT), block("Grep"), said("n", "opus", 3, 3)]);
    assert_eq!(seen.own, spent(&[("opus", 3, 3)]));
}

#[test]
fn only_what_the_model_said_counts() {
    let as_if = |kind: Option<&str>, role: Option<&str>| {
        let mut line = said("a", "opus", 1, 1);
        line.kind = kind.map(str::to_owned);
        line.message.as_mut().unwrap().role = role.map(str::to_owned);
        usage([line]).own.total()
    };
    assert_eq!(as_if(Some("assistant"), Some("assistant")), tokens(1, 1));
    for (kind, role) in [
        (Some("user"), Some("assistant")),
        (Some("assistant"), Some("user")),
        (Some("assistant"), None),
        (None, Some("assistant")),
    ] {
        assert_eq!(as_if(kind, role), Tokens::default(), "{kind:?} {role:?}");
    }
    assert_eq!(usage([Line { kind: Some("assistant".into()), ..Line::default() }]).own, Spent::default());
}

#[test]
fn sub_agents_count_apart_and_in_the_same_window() {
    let seen = usage([
        by_sub_agent(said("s0", "haiku", 1000, 1000)),
        calls(said("w", "opus", 1, 1), WAIT),
        by_sub_agent(said("s1", "haiku", 7, 8)),
        said("a", "opus", 10, 20),
    ]);
    assert_eq!((seen.own, seen.sub_agents), (spent(&[("opus", 10, 20)]), spent(&[("haiku", 7, 8)])));
    assert_eq!(seen.last_model, Some(model("opus")));
}

#[test]
fn defect_096_blocks_of_a_message_are_one_message() {
    // Three blocks on three lines with ids of their own; the first was told before the message was whole.
    let block = |uuid, output| named(said("m1", "opus", 100, output), uuid);
    let seen = usage([block("u1", 1), block("u2", 40), block("u3", 40), said("m2", "opus", 1, 1)]);
    assert_eq!(seen.own, spent(&[("opus", 101, 41)]));
}

#[test]
fn defect_096_each_model_keeps_its_tokens() {
    let seen = usage([
        said("a", "claude-opus-4-7[1m]", 1, 2),
        said("b", "claude-sonnet-4-6", 10, 20),
        said("c", "claude-opus-4-7-1m", 100, 200),
        said("d", "", 1000, 2000),
        said("e", "<synthetic>", 0, 0),
    ]);
    let want = Spent {
        unnamed: tokens(1000, 2000),
        ..spent(&[("claude-opus-4-7-1m", 101, 202), ("claude-sonnet-4-6", 10, 20)])
    };
    assert_eq!((seen.own.total(), &seen.own), (tokens(1111, 2222), &want));
    assert_eq!(seen.last_model, Some(model("claude-opus-4-7-1m")));
}

#[test]
fn lines_are_told_apart_by_their_uuid_only() {
    let twice = |line: Line| usage([line.clone(), line]).own.total();
    assert_eq!(twice(named(said("", "opus", 5, 5), "u")), tokens(5, 5));
    // Without one, each line is a line of its own; a message id still makes it one message.
    assert_eq!(twice(said("", "opus", 5, 5)), tokens(10, 10));
    assert_eq!(twice(said("m", "opus", 5, 5)), tokens(5, 5));
}

#[test]
fn what_cannot_be_read_is_counted_and_loses_nothing_else() {
    let mut tally = Tally::default();
    for entry in [
        Entry::Malformed,
        Entry::Line(Box::new(said("a", "opus", 1, 1))),
        Entry::TooLong,
        Entry::Malformed,
        Entry::Line(Box::default()),
    ] {
        tally.add(entry);
    }
    let seen = tally.usage();
    assert_eq!(seen.own, spent(&[("opus", 1, 1)]));
    assert_eq!(seen.reading, Reading { lines: 5, repeated: 0, malformed: 2, too_long: 1 });
}

#[test]
fn sums_stop_at_the_most_there_is() {
    let seen = usage([said("a", "opus", u64::MAX, 1), said("b", "opus", 1, u64::MAX), said("c", "x", 9, 9)]);
    assert_eq!(seen.own.by_model[&model("opus")], tokens(u64::MAX, u64::MAX));
    assert_eq!(seen.own.total(), tokens(u64::MAX, u64::MAX));
}

#[test]
fn models_have_one_spelling() {
    for (text, want) in [
        ("claude-opus-4-7", "claude-opus-4-7"),
        ("claude-opus-4-7[1m]", "claude-opus-4-7-1m"),
        ("a[b][c]", "a-b-c"),
        ("a[b", "a-b"),
        ("<synthetic>", "<synthetic>"),
    ] {
        assert_eq!(ModelId::new(text).unwrap().as_str(), want);
    }
    for bad in ["", "]", "a b", "a\n", "modèle", &"x".repeat(201)] {
        assert_eq!(ModelId::new(bad), Err(BadModelId), "{bad:?}");
    }
    assert_eq!(ModelId::new(&"x".repeat(200)).unwrap().as_str().len(), 200);
}
