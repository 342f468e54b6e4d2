//! Who waits for the same jobs stands in one line. Only who is first looks, and when it has got a job or gives up, the
//! next one does: a job that comes costs one look and one claim, however many wait.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::domain::id::UserId;

/// A line. Who holds the lock is first; the others get it in the order in which they came.
pub(super) type Line = Arc<tokio::sync::Mutex<()>>;

/// The lines of this process, one for each user and product that somebody waits for.
#[derive(Default)]
pub(super) struct Lines(Mutex<Known>);

#[derive(Default)]
struct Known {
    lines: HashMap<(UserId, Option<String>), Weak<tokio::sync::Mutex<()>>>,
    /// When there are more, those in which nobody stands any more are forgotten.
    many: usize,
}

impl Lines {
    /// The line for that user's jobs, of one product or of all.
    pub(super) fn of(&self, user: &UserId, product: Option<&str>) -> Line {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.lines.len() > known.many {
            known.lines.retain(|_, line| line.strong_count() > 0);
            known.many = known.lines.len() * 2 + 16;
        }
        let line = known.lines.entry((user.clone(), product.map(str::to_owned))).or_default();
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
    fn each_user_and_product_has_a_line_as_long_as_somebody_stands_in_it() {
        let lines = Lines::default();
        let user = |n: u32| UserId::new(format!("u{n}")).unwrap();
        let one = lines.of(&user(1), None);
        assert!(Arc::ptr_eq(&one, &lines.of(&user(1), None)));
        assert!(!Arc::ptr_eq(&one, &lines.of(&user(1), Some("p"))));
        assert!(!Arc::ptr_eq(&one, &lines.of(&user(2), None)));
        for n in 0..1000 {
            lines.of(&user(n), None);
        }
        assert!(Arc::ptr_eq(&one, &lines.of(&user(1), None)));
        assert!(lines.0.lock().unwrap().lines.len() < 40, "what nobody stands in is forgotten");
    }
}
