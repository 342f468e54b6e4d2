//! The rows of the picture: even rows hold states, odd rows the words of arrows; an arrow has a spot in each row
//! that it passes.

use super::chart::{Chart, State, WORD, width};
use super::rank::ranks;

/// What stands at a spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// The state of that number.
    State(usize),
    /// The words of the arrow of that number.
    Words(usize),
    /// An arrow that only passes.
    Bend,
}

/// A spot in a row, with the room it takes to either side of its middle, in pixels.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot {
    pub(super) row: usize,
    pub(super) holds: Holds,
    pub(super) left: f64,
    pub(super) right: f64,
}

/// A piece of an arrow between spots of neighbouring rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub(super) above: usize,
    pub(super) below: usize,
    /// How much it would like to be straight.
    pub(super) weight: f64,
}

/// All spots, the rows that they stand in from left to right, and how they are joined.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) spots: Vec<Spot>,
    pub(super) rows: Vec<Vec<usize>>,
    pub(super) links: Vec<Link>,
    /// The spots of each arrow, from its upper end to its lower one.
    pub(super) paths: Vec<Vec<usize>>,
}

/// The value at an index, or the default one beyond the end.
pub(super) fn at<T: Copy + Default>(list: &[T], index: usize) -> T {
    list.get(index).copied().unwrap_or_default()
}

impl Grid {
    pub(super) fn of(chart: &Chart) -> Self {
        let ranks = ranks(chart);
        let rows = ranks.iter().max().map_or(0, |last| 2 * last + 1);
        let mut grid =
            Self { spots: Vec::new(), rows: vec![Vec::new(); rows], links: Vec::new(), paths: Vec::new() };
        for (number, state) in chart.states.iter().enumerate() {
            let (left, right) = room(state);
            grid.add(Spot { row: 2 * at(&ranks, number), holds: Holds::State(number), left, right });
        }
        let mut filled = vec![0.0; rows];
        for number in 0..chart.arrows.len() {
            grid.lay(chart, number, &ranks, &mut filled);
        }
        grid
    }

    /// Lays the spots of an arrow; its words go into the emptiest of its rows.
    fn lay(&mut self, chart: &Chart, number: usize, ranks: &[usize], filled: &mut [f64]) {
        let Some(arrow) = chart.arrows.get(number) else { return };
        let (above, below) = arrow.ends();
        let between = 2 * at(ranks, above) + 1..2 * at(ranks, below);
        let emptiest = |a: &usize, b: &usize| at(filled, *a).total_cmp(&at(filled, *b));
        let words = between.clone().step_by(2).min_by(emptiest).unwrap_or(between.start);
        let half = width(&arrow.events, WORD) / 2.0 + 5.0;
        if let Some(filled) = filled.get_mut(words) {
            *filled += 2.0 * half + 20.0;
        }
        let mut path = vec![above];
        for row in between {
            let spot = match row == words {
                true => Spot { row, holds: Holds::Words(number), left: half, right: half },
                false => Spot { row, holds: Holds::Bend, left: 2.0, right: 2.0 },
            };
            path.push(self.add(spot));
        }
        path.push(below);
        for (above, below) in path.iter().zip(path.iter().skip(1)) {
            let at_state =
                usize::from(*above < chart.states.len()) + usize::from(*below < chart.states.len());
            let weight = if at_state == 0 { 8.0 } else { 2.0 };
            self.links.push(Link { above: *above, below: *below, weight });
        }
        self.paths.push(path);
    }

    fn add(&mut self, spot: Spot) -> usize {
        if let Some(row) = self.rows.get_mut(spot.row) {
            row.push(self.spots.len());
        }
        self.spots.push(spot);
        self.spots.len() - 1
    }

    pub(super) fn spot(&self, number: usize) -> Spot {
        let nothing = Spot { row: 0, holds: Holds::Bend, left: 0.0, right: 0.0 };
        self.spots.get(number).copied().unwrap_or(nothing)
    }
}

/// The room of a state: its box, the dot of birth to its left and its loop to its right.
fn room(state: &State) -> (f64, f64) {
    let dot = if state.born { 34.0 } else { 0.0 };
    let stays = if state.stays.is_empty() { 0.0 } else { width(&state.stays, WORD) + 34.0 };
    (state.half + dot, state.half + stays)
}
