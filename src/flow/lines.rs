//! Who waits for the same stands in one line. Only who is first does something, and when it is through, the next one does:
//! a job that comes costs one look and one claim, however many wait.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// A line. Who holds the lock is first; the others get it in the order in which they came.
pub(super) type Line = Arc<tokio::sync::Mutex<()>>;

/// The lines of this process, one for each thing that somebody waits for.
pub(super) struct Lines<K>(Mutex<Known<K>>);

struct Known<K> {
    lines: HashMap<K, Weak<tokio::sync::Mutex<()>>>,
    /// When there are more, those in which nobody stands any more are forgotten.
    many: usize,
}

impl<K> Default for Lines<K> {
    fn default() -> Self {
        Self(Mutex::new(Known { lines: HashMap::new(), many: 0 }))
    }
}

impl<K: Eq + Hash> Lines<K> {
    /// The line for that.
    pub(super) fn of(&self, what: K) -> Line {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.lines.len() > known.many {
            known.lines.retain(|_, line| line.strong_count() > 0);
            known.many = known.lines.len() * 2 + 16;
        }
        let line = known.lines.entry(what).or_default();
        line.upgrade().unwrap_or_else(|| {
            let new = Line::default();
            *line = Arc::downgrade(&new);
            new
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thing_has_a_line_as_long_as_somebody_stands_in_it() {
        let lines = Lines::default();
        let one = lines.of((1, None));
        assert!(Arc::ptr_eq(&one, &lines.of((1, None))));
        assert!(!Arc::ptr_eq(&one, &lines.of((1, Some("p")))));
        assert!(!Arc::ptr_eq(&one, &lines.of((2, None))));
        for n in 0..1000 {
            lines.of((n, None));
        }
        assert!(Arc::ptr_eq(&one, &lines.of((1, None))));
        assert!(lines.0.lock().unwrap().lines.len() < 40, "what nobody stands in is forgotten");
    }
}
