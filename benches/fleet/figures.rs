//! What was measured, and how it is told.

use std::time::Duration;

/// Measurements of one thing, in the order they were made.
#[derive(Default, Clone)]
pub(crate) struct Figures(Vec<f64>);

impl Figures {
    pub(crate) fn add(&mut self, figure: f64) {
        self.0.push(figure);
    }

    /// Milliseconds.
    pub(crate) fn add_time(&mut self, time: Duration) {
        self.add(time.as_secs_f64() * 1000.0);
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }

    /// The figure below which that part of them lies.
    pub(crate) fn part(&self, part: f64) -> f64 {
        let sorted = self.sorted();
        let last = sorted.len().saturating_sub(1);
        sorted.get((part * last as f64).round() as usize).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn median(&self) -> f64 {
        self.part(0.5)
    }

    /// Each of these by the one of the other that was measured in the same round.
    pub(crate) fn by(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(mine, theirs)| mine / theirs).collect())
    }

    /// The median, and from where to where they go.
    pub(crate) fn told(&self, digits: usize) -> String {
        format!("{:.digits$} ({:.digits$} to {:.digits$})", self.median(), self.part(0.0), self.part(1.0))
    }
}
