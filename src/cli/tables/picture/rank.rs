//! Which row each state stands in: below every earlier state that an arrow joins it with.

use super::chart::Chart;
use super::grid::at;

/// The row of each state, counted from 0 at the top.
pub(super) fn ranks(chart: &Chart) -> Vec<usize> {
    let mut ranks = vec![0; chart.states.len()];
    for state in 0..ranks.len() {
        let above = joined(chart, state).filter(|other| *other < state);
        let row = above.map(|other| at(&ranks, other) + 1).max().unwrap_or(0);
        put(&mut ranks, state, row);
    }
    // a state that could stand lower may thereby shorten its arrows
    for state in (0..ranks.len()).rev() {
        let lowest = joined(chart, state).filter(|other| *other > state).map(|other| at(&ranks, other)).min();
        let lowest = lowest.map_or(at(&ranks, state), |below| below.saturating_sub(1));
        let length =
            |row: usize| joined(chart, state).map(|other| row.abs_diff(at(&ranks, other))).sum::<usize>();
        let best = (at(&ranks, state)..=lowest).min_by_key(|row| length(*row));
        put(&mut ranks, state, best.unwrap_or(lowest));
    }
    ranks
}

/// The states that an arrow joins with this one.
fn joined(chart: &Chart, state: usize) -> impl Iterator<Item = usize> {
    chart.arrows.iter().filter_map(move |arrow| match (arrow.from, arrow.to) {
        (from, to) if from == state => Some(to),
        (from, to) if to == state => Some(from),
        _ => None,
    })
}

fn put(ranks: &mut [usize], state: usize, row: usize) {
    if let Some(rank) = ranks.get_mut(state) {
        *rank = row;
    }
}
