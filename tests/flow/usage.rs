//! Transcripts as a client writes them.

use proptest::prelude::*;
use sprintgate::domain::usage::{Tally, Tokens, Usage};
use sprintgate::reading::read_usage;

fn usage(text: impl AsRef<[u8]>) -> Usage {
    let mut tally = Tally::default();
    read_usage(&mut tally, text.as_ref()).unwrap();
    tally.usage()
}

const TRANSCRIPT: &str = r#"{"type":"summary","summary":"an older talk","leafUuid":"0"}
{"type":"user","uuid":"1","message":{"role":"user","content":"next job, please"}}
{"type":"assistant","uuid":"2","isSidechain":false,"message":{"id":"m1","role":"assistant","model":"claude-opus-4-7[1m]","content":[{"type":"tool_use","id":"t","name":"mcp__scrum4me__wait_for_job","input":{"wait_seconds":300}}],"usage":{"input_tokens":9000,"output_tokens":9000}}}
{"type":"user","uuid":"3","message":{"role":"user","content":[{"tool_use_id":"t","type":"tool_result","content":[{"type":"text","text":"{}"}]}]},"toolUseResult":{"a":[1]}}
{"type":"assistant","uuid":"4","isSidechain":false,"message":{"id":"m2","role":"assistant","model":"claude-opus-4-7[1m]","content":[{"type":"thinking","thinking":"hm"}],"usage":{"input_tokens":3,"cache_creation_input_tokens":200,"cache_read_input_tokens":1000,"output_tokens":1,"service_tier":"standard","cache_creation":{"ephemeral_5m_input_tokens":200}}}}
{"type":"assistant","uuid":"5","isSidechain":false,"message":{"id":"m2","role":"assistant","model":"claude-opus-4-7[1m]","content":[{"type":"text","text":"mcp__scrum4me__wait_for_job"}],"usage":{"input_tokens":3,"cache_creation_input_tokens":200,"cache_read_input_tokens":1000,"output_tokens":50}}}

{"type":"assistant","uuid":"5","isSidechain":false,"message":{"id":"m2","role":"assistant","model":"claude-opus-4-7[1m]","usage":{"output_tokens":50}}}
{"type":"assistant","uuid":"6","isSidechain":true,"message":{"id":"s1","role":"assistant","model":"claude-haiku-4-5-20251001","content":"ok","usage":{"input_tokens":5,"output_tokens":6}}}
{"type":"assistant","uuid":"7","message":{"id":"m3","role":"assistant","model":"claude-sonnet-4-6","content":[],"usage":{"input_tokens":10,"output_tokens":20}}}
{"type":"assistant","uuid":"8","message":{"id":"m4","role":"assist
"#;

#[test]
fn a_transcript_is_read_as_it_is_written() {
    let seen = usage(TRANSCRIPT);
    let models: Vec<(&str, Tokens)> =
        seen.own.by_model.iter().map(|(id, tokens)| (id.as_str(), *tokens)).collect();
    let opus = Tokens { input: 3, output: 50, cache_read: 1000, cache_write: 200 };
    let sonnet = Tokens { input: 10, output: 20, ..Tokens::default() };
    assert_eq!(models, [("claude-opus-4-7-1m", opus), ("claude-sonnet-4-6", sonnet)]);
    assert_eq!(seen.sub_agents.total(), Tokens { input: 5, output: 6, ..Tokens::default() });
    assert_eq!(seen.last_model.unwrap().as_str(), "claude-sonnet-4-6");
    let reading = seen.reading;
    assert_eq!((reading.lines, reading.repeated, reading.malformed, reading.too_long), (10, 1, 1, 0));
}

#[test]
fn odd_lines_cost_at_most_themselves() {
    let good =
        r#"{"type":"assistant","message":{"role":"assistant","model":"x","usage":{"input_tokens":1}}}"#;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (odd, malformed) in [
        ("null", 1),
        ("[]", 1),
        ("7", 1),
        ("{\"type\":7}", 1),
        ("{\"uuid\":null,\"isSidechain\":null,\"message\":null}", 0),
        ("{\"message\":{\"content\":{\"a\":1}}}", 0),
        ("{\"message\":{\"content\":[7,\"x\",{\"type\":\"tool_use\"},{\"type\":null,\"name\":3}]}}", 0),
        (deep.as_str(), 1),
        (&format!("{{\"message\":{{\"content\":{deep}}}}}"), 1),
        // What nobody reads may be as deep as it likes.
        (&format!("{{\"else\":{deep}}}"), 0),
    ] {
        let seen = usage(format!("{good}\n{odd}\n{good}"));
        let read: String = odd.chars().take(60).collect();
        assert_eq!((seen.own.total().input, seen.reading.malformed), (2, malformed), "{read}");
    }
}

#[test]
fn odd_numbers_are_bent_and_keep_their_line() {
    let read = |number: &str| {
        let usage = format!("{{\"input_tokens\":{number},\"output_tokens\":4}}");
        let line = format!(
            "{{\"type\":\"assistant\",\"message\":{{\"role\":\"assistant\",\"model\":\"x\",\"usage\":{usage}}}}}"
        );
        self::usage(line).own.total()
    };
    for (number, want) in [
        ("18446744073709551615", u64::MAX),
        ("18446744073709551616", u64::MAX),
        ("1e30", u64::MAX),
        ("-3", 0),
        ("2.9", 2),
        ("null", 0),
    ] {
        assert_eq!(read(number), Tokens { input: want, output: 4, ..Tokens::default() }, "{number}");
    }
    // What is no number at all makes the line malformed.
    assert_eq!(read("\"3\""), Tokens::default());
}

#[test]
fn what_was_counted_can_be_kept_and_read_again() {
    let tokens = Tokens { input: 1, output: 2, cache_read: 3, cache_write: 4 };
    let text = serde_json::to_string(&tokens).unwrap();
    assert_eq!(text, r#"{"input":1,"output":2,"cache_read":3,"cache_write":4}"#);
    assert_eq!(serde_json::from_str::<Tokens>(&text).unwrap(), tokens);
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let seen = usage(&bytes);
        prop_assert!(seen.reading.malformed <= seen.reading.lines);
    }

    /// A file cut anywhere is read up to there.
    #[test]
    fn a_cut_transcript_counts_no_more(at in 0..TRANSCRIPT.len()) {
        let seen = usage(&TRANSCRIPT.as_bytes()[..at]);
        prop_assert!(seen.reading.malformed <= 1);
        prop_assert!(seen.sub_agents.total().input <= 5);
    }
}
