//! Reads an agent's transcript, a JSON object a line, and has its tokens counted.

use std::io::{self, BufRead};

use crate::domain::usage::{Entry, Tally};

/// The longest line that is read, in bytes: tool results with pictures in them stand on one line.
pub const LINE_MAX: usize = 16 << 20;

/// Counts what the transcript says; lines that are no transcript's are counted as such. Sub-agents' transcripts that
/// are kept in files of their own go into the same tally, after the agent's.
///
/// # Errors
/// What the reader answers when it fails; the lines before it are counted.
pub fn read_usage(tally: &mut Tally, from: impl BufRead) -> io::Result<()> {
    read_lines(from, LINE_MAX, |entry| tally.add(entry))
}

fn read_lines(mut from: impl BufRead, max: usize, mut each: impl FnMut(Entry)) -> io::Result<()> {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let part = match from.fill_buf() {
            Ok(part) => part,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = part.iter().position(|byte| *byte == b'\n');
        let (text, used) = match end {
            Some(at) => (part.get(..at).unwrap_or(part), at + 1),
            None => (part, part.len()),
        };
        if too_long || line.len() + text.len() > max {
            too_long = true;
            line = Vec::new();
        } else {
            line.extend_from_slice(text);
        }
        let ended = part.is_empty();
        from.consume(used);
        if end.is_some() || ended {
            if too_long {
                each(Entry::TooLong);
            } else if !line.trim_ascii().is_empty() {
                each(serde_json::from_slice(&line).map_or(Entry::Malformed, Entry::Line));
            }
            line.clear();
            too_long = false;
        }
        if ended {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// What each line is, read through a buffer of that size: `l`, `m` or `t`.
    fn kinds(text: &[u8], max: usize, buffer: usize) -> String {
        let mut kinds = String::new();
        read_lines(BufReader::with_capacity(buffer, text), max, |entry| {
            kinds.push(match entry {
                Entry::Line(_) => 'l',
                Entry::Malformed => 'm',
                Entry::TooLong => 't',
            });
        })
        .unwrap();
        kinds
    }

    #[test]
    fn lines_are_cut_where_they_end_and_no_longer_than_the_limit() {
        for buffer in [1, 2, 3, 7, 64] {
            for (text, want) in [
                ("", ""),
                ("\n \r\n\t\n", ""),
                ("{}", "l"),
                ("{}\n", "l"),
                ("{}\r\n{}", "ll"),
                ("{}\nx\n{}", "lml"),
                // The limit is eight bytes.
                ("{     }\n", "l"),
                ("{      }\n{}", "ll"),
                ("{       }\n{}", "tl"),
                ("         \n{}", "tl"),
                ("{}\n{       }", "lt"),
                ("0123456789abcdef0123456789abcdef\n\n{}", "tl"),
            ] {
                assert_eq!(kinds(text.as_bytes(), 8, buffer), want, "{text:?} by {buffer}");
            }
        }
        assert_eq!(kinds(b"\xff\n{}\n\0", 8, 4), "mlm");
    }

    struct Fails;

    impl io::Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("gone"))
        }
    }

    #[test]
    fn a_reader_that_fails_is_an_error_and_what_was_read_stays() {
        let mut tally = Tally::default();
        let from = io::Read::chain(&b"{}\n{\"type\":"[..], Fails);
        assert!(read_usage(&mut tally, BufReader::new(from)).is_err());
        let reading = tally.usage().reading;
        assert_eq!((reading.lines, reading.malformed), (1, 0));
    }
}
