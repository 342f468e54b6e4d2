//! A checkpoint against the rows that it binds: whether they fit, and which do not.

use std::collections::HashMap;

use crate::store::{Checkpoint, MARK, Seal};

/// How rows differ from what a checkpoint binds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Difference {
    /// This row was changed since, or inserted.
    Strange(i64),
    /// A row is missing.
    Missing {
        /// The row before it, where there is one.
        behind: Option<i64>,
        /// The first digits of its hash.
        mark: String,
    },
    /// This row stands where another one was.
    Moved(i64),
    /// Each row can be found, and still something is different.
    Hidden,
}

/// What is different, when something is.
pub(super) fn differences(checkpoint: &Checkpoint, rows: &[Seal]) -> Vec<Difference> {
    let bound = Checkpoint::over(None, checkpoint.at, rows);
    if bound.is_some_and(|bound| (bound.root, bound.rows) == (checkpoint.root.clone(), checkpoint.rows)) {
        return Vec::new();
    }
    let marks: Vec<&[u8]> = checkpoint.marks.as_bytes().chunks(MARK).collect();
    let mut found: HashMap<&[u8], Vec<i64>> = HashMap::new();
    for row in rows.iter().rev() {
        found.entry(row.mark().as_bytes()).or_default().push(row.seq);
    }
    let (mut missing, mut behind) = (Vec::new(), None);
    for mark in &marks {
        match found.get_mut(mark).and_then(Vec::pop) {
            Some(seq) => behind = Some(seq),
            None => {
                let mark = String::from_utf8_lossy(mark).into_owned();
                missing.push(Difference::Missing { behind, mark });
            }
        }
    }
    let mut strange: Vec<i64> = found.into_values().flatten().collect();
    strange.sort_unstable();
    // A row that was changed is both: one that is strange, and one that is missing.
    let gone = missing.len().saturating_sub(strange.len());
    let mut different: Vec<_> = strange.into_iter().map(Difference::Strange).collect();
    if gone > 0 {
        different.extend(missing);
    }
    if different.is_empty() {
        let moved = rows.iter().zip(&marks).filter(|(row, mark)| row.mark().as_bytes() != **mark);
        different.extend(moved.map(|(row, _)| Difference::Moved(row.seq)));
    }
    if different.is_empty() {
        different.push(Difference::Hidden);
    }
    different
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::Timestamp;

    fn rows(numbers: &[i64]) -> Vec<Seal> {
        numbers.iter().map(|n| Seal { seq: *n, hash: format!("{n:064x}").chars().rev().collect() }).collect()
    }

    fn found(rows: &[Seal]) -> Vec<Difference> {
        let bound = self::rows(&[1, 2, 3, 4, 5]);
        differences(&Checkpoint::over(None, Timestamp(0), &bound).unwrap(), rows)
    }

    fn missing(behind: Option<i64>, mark: &str) -> Difference {
        Difference::Missing { behind, mark: mark.to_owned() }
    }

    #[test]
    fn what_is_different_is_told_row_by_row() {
        assert_eq!(found(&rows(&[1, 2, 3, 4, 5])), []);
        assert_eq!(found(&rows(&[1, 2, 9, 4, 5])), [Difference::Strange(9)]);
        assert_eq!(found(&rows(&[1, 2, 3, 7, 4, 5])), [Difference::Strange(7)]);
        assert_eq!(found(&rows(&[1, 2, 4, 5])), [missing(Some(2), "30000000")]);
        assert_eq!(found(&rows(&[2, 3, 4])), [missing(None, "10000000"), missing(Some(4), "50000000")]);
        assert_eq!(found(&[]).len(), 5);
        let mut swapped = rows(&[1, 4, 3, 2, 5]);
        swapped[1].seq = 2;
        swapped[3].seq = 4;
        assert_eq!(found(&swapped), [Difference::Moved(2), Difference::Moved(4)]);
        let mut renumbered = rows(&[1, 2, 3, 4, 5]);
        renumbered[4].seq = 6;
        assert_eq!(found(&renumbered), [Difference::Hidden]);
        let mut rehashed = rows(&[1, 2, 3, 4, 5]);
        rehashed[0].hash.replace_range(60.., "ffff");
        assert_eq!(found(&rehashed), [Difference::Hidden]);
        // Two rows of one mark are two rows.
        let twice = rows(&[1, 2, 2, 3, 4, 5]);
        assert_eq!(found(&twice), [Difference::Strange(2)]);
    }
}
