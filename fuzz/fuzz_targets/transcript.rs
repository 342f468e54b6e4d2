//! Any bytes as an agent's transcript: every line is accounted for, no sum overflows, and reading it twice over counts
//! what has an identity once.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sprintgate::domain::usage::{Tally, Usage};
use sprintgate::reading::read_usage;

fn read(bytes: &[u8]) -> Usage {
    let mut tally = Tally::default();
    read_usage(&mut tally, bytes).expect("a slice can be read");
    tally.usage()
}

fuzz_target!(|bytes: &[u8]| {
    let usage = read(bytes);
    let reading = &usage.reading;
    let written =
        bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count() as u64;
    assert_eq!(reading.lines, written);
    assert!(reading.repeated + reading.malformed + reading.too_long <= reading.lines);
    for spent in [&usage.own, &usage.sub_agents] {
        let total = spent.total();
        for tokens in spent.by_model.values() {
            assert!(tokens.input <= total.input && tokens.output <= total.output);
        }
    }
    assert_eq!(read(bytes), usage);
});
