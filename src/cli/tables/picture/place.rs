//! The coordinates of the spots: each as near to what it is joined with as the order of its row allows.

use super::chart::{Chart, LINE};
use super::grid::{Grid, Holds, at};
use super::straighten::straighten;

/// Half of the height of a state's box, in pixels.
pub(super) const HALF: f64 = 16.0;
/// The room around the picture and between neighbours in a row, in pixels.
const MARGIN: f64 = 16.0;
const GAP: f64 = 18.0;
const GAP_OF_LINES: f64 = 12.0;
/// Rounds of moving nearer; more change nothing that can be seen.
const ROUNDS: usize = 300;

/// The middle of each spot, the upper and lower edge of each row, and the size of all, in pixels.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) x: Vec<f64>,
    pub(super) rows: Vec<(f64, f64)>,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Places {
    pub(super) fn of(chart: &Chart, grid: &Grid) -> Self {
        let mut x = vec![0.0; grid.spots.len()];
        for round in 0..ROUNDS {
            let mut rows: Vec<&Vec<usize>> = grid.rows.iter().collect();
            if round % 2 == 1 {
                rows.reverse();
            }
            for row in rows {
                settle(grid, row, &mut x);
            }
        }
        straighten(grid, &mut x);
        let spots = || grid.spots.iter().zip(&x);
        let left = spots().map(|(spot, x)| x - spot.left).fold(f64::INFINITY, f64::min);
        let right = spots().map(|(spot, x)| x + spot.right).fold(f64::NEG_INFINITY, f64::max);
        for x in &mut x {
            *x += MARGIN - left;
        }
        let rows = heights(chart, grid, &x);
        let height = rows.last().map_or(0.0, |row| row.1) + MARGIN;
        Self { x, rows, width: right - left + 2.0 * MARGIN, height }
    }
}

/// Neighbours that stand as near to each other as they may.
struct Block {
    /// The sum of the weights, and that of each weight with its wish.
    weight: f64,
    sum: f64,
    /// The spots, and how far each is from the left end.
    spots: Vec<(usize, f64)>,
}

impl Block {
    /// Where its left end suits its spots best.
    fn left(&self) -> f64 {
        self.sum / self.weight
    }
}

/// Moves the spots of a row to the mean of their neighbours, keeping order and distance: those that would collide
/// are moved as one block, to the place that suits them best together.
fn settle(grid: &Grid, row: &[usize], x: &mut [f64]) {
    let mut blocks: Vec<Block> = Vec::new();
    let mut offset = 0.0;
    let mut before: Option<usize> = None;
    for spot in row {
        if let Some(before) = before {
            offset += distance(grid, before, *spot);
        }
        before = Some(*spot);
        let (weight, wish) = wish(grid, *spot, x);
        let mut block = Block { weight, sum: weight * (wish - offset), spots: vec![(*spot, offset)] };
        while let Some(mut last) = blocks.pop_if(|last| last.left() > block.left()) {
            last.weight += block.weight;
            last.sum += block.sum;
            last.spots.extend(block.spots);
            block = last;
        }
        blocks.push(block);
    }
    for block in blocks {
        for (spot, offset) in &block.spots {
            if let Some(x) = x.get_mut(*spot) {
                *x = block.left() + offset;
            }
        }
    }
}

/// How far apart the middles of two neighbours in a row must be.
pub(super) fn distance(grid: &Grid, left: usize, right: usize) -> f64 {
    let (left, right) = (grid.spot(left), grid.spot(right));
    let lines_only = left.holds == Holds::Bend && right.holds == Holds::Bend;
    left.right + if lines_only { GAP_OF_LINES } else { GAP } + right.left
}

/// Where a spot would like to be, and how much.
fn wish(grid: &Grid, spot: usize, x: &[f64]) -> (f64, f64) {
    let mut weight = 0.001;
    let mut sum = 0.001 * at(x, spot);
    for link in &grid.links {
        let other = match spot {
            _ if link.above == spot => link.below,
            _ if link.below == spot => link.above,
            _ => continue,
        };
        weight += link.weight;
        sum += link.weight * at(x, other);
    }
    (weight, sum / weight)
}

/// The rows from top to bottom; where lines go far to the side, they get more height to do so.
fn heights(chart: &Chart, grid: &Grid, x: &[f64]) -> Vec<(f64, f64)> {
    let mut rows = Vec::new();
    let mut y = MARGIN;
    for (number, row) in grid.rows.iter().enumerate() {
        let lines = row.iter().filter_map(|spot| match grid.spot(*spot).holds {
            Holds::Words(arrow) => chart.arrows.get(arrow).map(|arrow| arrow.events.len()),
            _ => None,
        });
        let tall = match number % 2 {
            0 => 2.0 * HALF,
            _ => lines.max().unwrap_or(0) as f64 * LINE + 4.0,
        };
        let links = grid.links.iter().filter(|link| grid.spot(link.above).row == number);
        let aside = links.map(|link| (at(x, link.above) - at(x, link.below)).abs()).fold(0.0, f64::max);
        rows.push((y, y + tall));
        y += tall + 22.0 + (aside / 9.0).min(34.0);
    }
    if let Some(last) = rows.last_mut() {
        last.1 = last.0 + 2.0 * HALF;
    }
    rows
}
