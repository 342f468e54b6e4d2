//! Long arrows made straight: pieces of one that can stand below each other do.

use super::grid::{Grid, at};
use super::place::distance;

/// Each pass gives way to what the others straightened.
const PASSES: usize = 12;

/// Moves the passing spots of each arrow onto as few verticals as the room between their neighbours allows.
pub(super) fn straighten(grid: &Grid, x: &mut [f64]) {
    for _ in 0..PASSES {
        for path in &grid.paths {
            let inner = path.get(1..path.len().saturating_sub(1)).unwrap_or_default();
            let mut run: Vec<usize> = Vec::new();
            let mut room = (f64::NEG_INFINITY, f64::INFINITY);
            for spot in inner {
                let (left, right) = free(grid, *spot, x);
                let both = (room.0.max(left), room.1.min(right));
                if both.0 > both.1 {
                    align(&run, room, x);
                    run.clear();
                    room = (left, right);
                } else {
                    room = both;
                }
                run.push(*spot);
            }
            align(&run, room, x);
        }
    }
}

fn align(run: &[usize], (left, right): (f64, f64), x: &mut [f64]) {
    let mean = run.iter().map(|spot| at(x, *spot)).sum::<f64>() / run.len().max(1) as f64;
    for spot in run {
        if let Some(x) = x.get_mut(*spot) {
            *x = mean.max(left).min(right);
        }
    }
}

/// How far to either side a spot can move before it comes too near to its neighbours.
fn free(grid: &Grid, spot: usize, x: &[f64]) -> (f64, f64) {
    let row = grid.rows.get(grid.spot(spot).row).map(Vec::as_slice).unwrap_or_default();
    let place = row.iter().position(|other| *other == spot).unwrap_or_default();
    let before = place.checked_sub(1).and_then(|before| row.get(before));
    let after = row.get(place + 1);
    (
        before.map_or(f64::NEG_INFINITY, |before| at(x, *before) + distance(grid, *before, spot)),
        after.map_or(f64::INFINITY, |after| at(x, *after) - distance(grid, spot, *after)),
    )
}
