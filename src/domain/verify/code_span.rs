//! What stands between back-ticks.

use std::collections::BTreeMap;

/// The contents of a block's code spans.
///
/// A span is closed by as many back-ticks as opened it. A back-tick whose span would begin or end with
/// white space opens nothing: it is a slip, and the next one is tried.
pub(super) fn code_spans(block: &str) -> Vec<&str> {
    let ticks = ticks(block);
    let twins = twins(&ticks);
    let mut spans = Vec::new();
    let mut at = 0;
    while let (Some(&(start, length)), Some(twin)) = (ticks.get(at), twins.get(at)) {
        at += 1;
        let closed = twin.and_then(|twin| Some((twin, block.get(start + length..ticks.get(twin)?.0)?)));
        let Some((twin, span)) = closed else { continue };
        if span.trim() == span {
            spans.push(span);
            at = twin + 1;
        }
    }
    spans
}

/// Runs of back-ticks: where they start and how long they are.
fn ticks(block: &str) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for (at, _) in block.bytes().enumerate().filter(|&(_, byte)| byte == b'`') {
        match runs.last_mut() {
            Some((start, length)) if *start + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}

/// For each run, the next of the same length.
fn twins(ticks: &[(usize, usize)]) -> Vec<Option<usize>> {
    let mut seen = BTreeMap::new();
    let mut twins: Vec<_> =
        ticks.iter().enumerate().rev().map(|(at, &(_, length))| seen.insert(length, at)).collect();
    twins.reverse();
    twins
}

#[cfg(test)]
mod tests {
    use super::code_spans;

    #[test]
    fn spans_pair_by_length() {
        assert_eq!(code_spans("`a` and ``b`c`` and ```d```"), ["a", "b`c", "d"]);
        assert_eq!(code_spans("`a\nb`"), ["a\nb"]);
        assert_eq!(code_spans("`` `a.ts` ``"), ["a.ts"]);
        assert_eq!(code_spans("`a`,`b`"), ["a", "b"]);
    }

    #[test]
    fn a_stray_tick_opens_nothing() {
        assert_eq!(code_spans("don` touch `src/a.ts`, but `b`"), ["src/a.ts", "b"]);
        assert_eq!(code_spans("`` x ` y"), Vec::<&str>::new());
        assert_eq!(code_spans("a `"), Vec::<&str>::new());
    }
}
