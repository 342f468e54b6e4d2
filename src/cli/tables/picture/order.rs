//! The order of the spots in each row: sorted by where their neighbours are, until fewer arrows do not cross.

use super::grid::{Grid, at};

/// Beginnings that are tried, and sweeps made from each.
const TRIES: u64 = 40;
const SWEEPS: usize = 16;

/// Sorts the rows so that few arrows cross. The same grid always gets the same order.
pub(super) fn sort(grid: &mut Grid) {
    let mut best = grid.rows.clone();
    let mut fewest = crossings(grid);
    let first = grid.rows.clone();
    for attempt in 0..TRIES {
        grid.rows = first.iter().map(|row| shuffled(row, attempt)).collect();
        for sweep in 0..SWEEPS {
            sweep_rows(grid, sweep % 2 == 0);
            let found = crossings(grid);
            if found < fewest {
                (fewest, best) = (found, grid.rows.clone());
            }
        }
    }
    grid.rows = best;
    while swap_neighbours(grid) {}
}

/// Row after row, each spot goes to the mean place of what it is joined with in the row before.
fn sweep_rows(grid: &mut Grid, down: bool) {
    let count = grid.rows.len();
    for step in 1..count {
        let row = if down { step } else { count - 1 - step };
        let places = places(grid);
        let mean = |spot: usize| {
            let near: Vec<f64> = grid
                .links
                .iter()
                .filter_map(|link| other(*link, spot, down))
                .map(|n| at(&places, n))
                .collect();
            if near.is_empty() { at(&places, spot) } else { near.iter().sum::<f64>() / near.len() as f64 }
        };
        let Some(mut sorted) = grid.rows.get(row).cloned() else { continue };
        sorted.sort_by(|a, b| mean(*a).total_cmp(&mean(*b)));
        if let Some(row) = grid.rows.get_mut(row) {
            *row = sorted;
        }
    }
}

/// The other end of a link of this spot, on the side that is looked at.
fn other(link: super::grid::Link, spot: usize, above: bool) -> Option<usize> {
    match above {
        true => (link.below == spot).then_some(link.above),
        false => (link.above == spot).then_some(link.below),
    }
}

/// Swaps the first neighbours that cross less the other way round.
fn swap_neighbours(grid: &mut Grid) -> bool {
    let before = crossings(grid);
    for row in 0..grid.rows.len() {
        for left in 1..grid.rows.get(row).map_or(0, Vec::len) {
            swap(grid, row, left);
            if crossings(grid) < before {
                return true;
            }
            swap(grid, row, left);
        }
    }
    false
}

fn swap(grid: &mut Grid, row: usize, right: usize) {
    if let Some(row) = grid.rows.get_mut(row) {
        row.swap(right - 1, right);
    }
}

/// The place of each spot within its row.
fn places(grid: &Grid) -> Vec<f64> {
    let mut places = vec![0.0; grid.spots.len()];
    for row in &grid.rows {
        for (place, spot) in row.iter().enumerate() {
            if let Some(at) = places.get_mut(*spot) {
                *at = place as f64;
            }
        }
    }
    places
}

/// How often arrows cross.
fn crossings(grid: &Grid) -> usize {
    let places = places(grid);
    let mut by_row: Vec<Vec<(f64, f64)>> = vec![Vec::new(); grid.rows.len()];
    for link in &grid.links {
        if let Some(row) = by_row.get_mut(grid.spot(link.above).row) {
            row.push((at(&places, link.above), at(&places, link.below)));
        }
    }
    let mut count = 0;
    for row in &by_row {
        for (number, a) in row.iter().enumerate() {
            let cross = |b: &&(f64, f64)| (a.0 - b.0) * (a.1 - b.1) < 0.0;
            count += row.iter().skip(number + 1).filter(cross).count();
        }
    }
    count
}

/// The row in another order, the same for the same number; as it is for number 0.
fn shuffled(row: &[usize], number: u64) -> Vec<usize> {
    let mut keyed: Vec<(u64, usize)> = row.iter().map(|spot| (mixed(number, *spot as u64), *spot)).collect();
    if number > 0 {
        keyed.sort_unstable();
    }
    keyed.into_iter().map(|(_, spot)| spot).collect()
}

fn mixed(a: u64, b: u64) -> u64 {
    let x = (a.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ b).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (x ^ (x >> 29)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 17
}
