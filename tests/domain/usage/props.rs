//! What holds for every transcript.

use proptest::collection::vec;
use proptest::prelude::*;
use sprintgate::domain::usage::{Line, Tokens};

use super::{by_sub_agent, calls, named, said, usage};

/// Lines with few ids, so that they repeat each other; a message has one model and a uuid is one line, as in life.
fn line() -> impl Strategy<Value = Line> {
    let number = prop_oneof![0..1000u64, Just(u64::MAX)];
    (0..6usize, 0..3usize, number.clone(), number, 0..12usize, any::<bool>()).prop_map(
        |(id, model, input, output, uuid, sub_agent)| {
            let message = ["", "m1", "m2", "m3", "m4", "m5"][id];
            let models = ["opus", "sonnet[1m]", ""];
            let line = said(message, models[if message.is_empty() { model } else { id % 3 }], input, output);
            let line = if uuid < 8 {
                named(line, &format!("u{id} {model} {input} {output} {sub_agent}"))
            } else {
                line
            };
            if sub_agent { by_sub_agent(line) } else { line }
        },
    )
}

proptest! {
    #[test]
    fn the_order_of_lines_changes_no_sum(
        (lines, shuffled) in vec(line(), 0..20).prop_flat_map(|l| (Just(l.clone()), Just(l).prop_shuffle())),
    ) {
        let (one, other) = (usage(lines), usage(shuffled));
        prop_assert_eq!(one.own, other.own);
        prop_assert_eq!(one.sub_agents, other.sub_agents);
        prop_assert_eq!(one.reading, other.reading);
    }

    #[test]
    fn a_transcript_told_twice_is_told_once(lines in vec(line(), 0..20)) {
        let lines: Vec<Line> =
            lines.into_iter().enumerate().map(|(at, line)| named(line, &at.to_string())).collect();
        let twice = usage(lines.iter().cloned().chain(lines.clone()));
        let once = usage(lines.clone());
        prop_assert_eq!(&once.own, &twice.own);
        prop_assert_eq!(&once.sub_agents, &twice.sub_agents);
        prop_assert_eq!(twice.reading.repeated, lines.len() as u64);
    }

    /// A message told on `n` lines is told on one.
    #[test]
    fn splitting_a_message_changes_nothing(lines in vec(line(), 0..10), n in 1..5usize) {
        let whole: Vec<Line> = lines
            .into_iter()
            .enumerate()
            .map(|(at, line)| {
                let mut line = line;
                line.uuid = None;
                line.message.as_mut().unwrap().id = Some(format!("m{at}"));
                line
            })
            .collect();
        let split = whole.iter().flat_map(|line| vec![line.clone(); n]);
        let (one, many) = (usage(whole.clone()), usage(split));
        prop_assert_eq!(one.own, many.own);
        prop_assert_eq!(one.sub_agents, many.sub_agents);
    }

    /// What stands before the last claim counts nowhere, whatever it is.
    #[test]
    fn the_window_is_the_rest_of_the_file(before in vec(line(), 0..10), after in vec(line(), 0..10)) {
        let apart = |lines: Vec<Line>, mark: &str| -> Vec<Line> {
            lines.into_iter().enumerate().map(|(at, mut line)| {
                line.uuid = Some(format!("{mark}{at}"));
                let message = line.message.as_mut().unwrap();
                message.id = message.id.take().map(|id| format!("{mark}{id}"));
                line
            }).collect()
        };
        let (before, after) = (apart(before, "b"), apart(after, "a"));
        let claim = calls(said("w", "opus", 5, 5), "mcp__sprintgate__wait_for_job");
        let all = usage(before.into_iter().chain([claim]).chain(after.clone()));
        let rest = usage(after);
        prop_assert_eq!(all.own, rest.own);
        prop_assert_eq!(all.sub_agents, rest.sub_agents);
        prop_assert_eq!(all.last_model, rest.last_model);
    }

    #[test]
    fn no_sum_overflows_and_none_is_more_than_its_parts(lines in vec(line(), 0..20)) {
        let most = lines.iter().fold(Tokens::default(), |sum, line| {
            sum.and(line.message.as_ref().unwrap().usage.unwrap())
        });
        let seen = usage(lines);
        let total = seen.own.total().and(seen.sub_agents.total());
        prop_assert!(total.input <= most.input && total.output <= most.output);
        prop_assert_eq!((total.cache_read, total.cache_write), (0, 0));
    }
}
