//! A plan's Markdown, cut into blocks: what a code span may reach across and what it may not.

use std::ops::Range;

/// The blocks of a plan without its fenced code.
///
/// A block is a paragraph, a heading or one list item. What stands in a fence is an example, not a
/// promise to change a file, and its back-ticks pair with nothing outside. A fence that is never closed
/// is taken for a slip: only its own line is left out, else it would hide the rest of the plan.
pub(super) fn blocks(plan: &str) -> Vec<&str> {
    let lines = lines(plan);
    let mut blocks = Vec::new();
    let mut block: Option<Range<usize>> = None;
    let (mut open_ticks, mut open_tildes) = (usize::MAX, usize::MAX);
    let mut next = 0;
    while let Some(line) = lines.get(next) {
        let text = plan.get(line.clone()).unwrap_or_default().trim();
        next += 1;
        if let Some(fence) = Fence::opening(text) {
            blocks.extend(block.take());
            // What was searched for in vain once is not searched for again.
            let unclosed = if fence.tilde { &mut open_tildes } else { &mut open_ticks };
            if fence.length < *unclosed {
                let rest = lines.get(next..).unwrap_or_default();
                let end =
                    rest.iter().position(|line| fence.closed_by(plan.get(line.clone()).unwrap_or_default()));
                match end {
                    Some(end) => next += end + 1,
                    None => *unclosed = fence.length,
                }
            }
        } else if text.is_empty() {
            blocks.extend(block.take());
        } else {
            if starts_block(text) {
                blocks.extend(block.take());
            }
            let start = block.map_or(line.start, |block| block.start);
            block = Some(start..line.end);
        }
    }
    blocks.extend(block);
    blocks.into_iter().filter_map(|block| plan.get(block)).collect()
}

/// Where the lines of a text are, without their ends.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    text.split('\n')
        .map(|line| {
            let range = start..start + line.len();
            start = range.end + 1;
            range
        })
        .collect()
}

/// Whether a trimmed line begins a heading or a list item.
fn starts_block(text: &str) -> bool {
    let number = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = number.len() < text.len() && number.starts_with(['.', ')']);
    numbered || text.starts_with('#') || ["- ", "* ", "+ "].iter().any(|mark| text.starts_with(mark))
}

/// The line before a block of code.
struct Fence {
    tilde: bool,
    length: usize,
}

impl Fence {
    fn opening(text: &str) -> Option<Self> {
        let sign = text.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let info = text.trim_start_matches(sign);
        let length = text.len() - info.len();
        // Three back-ticks with more of them on the line are a code span.
        (length >= 3 && !(sign == '`' && info.contains('`'))).then_some(Self { tilde: sign == '~', length })
    }

    fn closed_by(&self, line: &str) -> bool {
        let sign = if self.tilde { '~' } else { '`' };
        let text = line.trim();
        text.len() >= self.length && text.trim_start_matches(sign).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::blocks;

    #[test]
    fn a_block_ends_where_a_reader_stops() {
        let plan = "# Plan\nfirst `a\nb`\n\n- one\n  more\n- two\r\n1. three\n";
        assert_eq!(blocks(plan), ["# Plan\nfirst `a\nb`", "- one\n  more", "- two\r", "1. three"]);
        assert_eq!(blocks("one\n.env and\n12 more"), ["one\n.env and\n12 more"]);
        assert_eq!(
            blocks("one\n2) two\n* three\n+ four\n-five"),
            ["one", "2) two", "* three", "+ four\n-five"]
        );
    }

    #[test]
    fn fenced_code_is_left_out() {
        let plan = "a\n```ts\nx `y`\n```\nb\n~~~\n```\n~~~~\nc ```d``` e";
        assert_eq!(blocks(plan), ["a", "b", "c ```d``` e"]);
        assert_eq!(blocks("```a``` b\nc"), ["```a``` b\nc"]);
        assert_eq!(blocks("~~~ of `a`\nb\n~~~\nc"), ["c"]);
    }

    #[test]
    fn an_open_fence_hides_only_itself() {
        assert_eq!(blocks("a\n````\nb\n```\nc"), ["a", "b", "c"]);
    }
}
