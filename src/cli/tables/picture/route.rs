//! The lines of the arrows: straight down through a row, curved between rows, each with a port of its own at a box.

use super::chart::Chart;
use super::grid::{Grid, at};
use super::place::Places;

/// The points of each arrow, from its upper end to its lower one.
pub(super) fn lines(chart: &Chart, grid: &Grid, places: &Places) -> Vec<Vec<(f64, f64)>> {
    let ports = |bottom: bool| ports(chart, grid, places, bottom);
    let (leaving, arriving) = (ports(true), ports(false));
    let line = |(arrow, path): (usize, &Vec<usize>)| {
        let last = path.len().saturating_sub(1);
        let mut points = Vec::new();
        for (number, spot) in path.iter().enumerate() {
            let (top, bottom) = at(&places.rows, grid.spot(*spot).row);
            match number {
                0 => points.push((at(&leaving, arrow), bottom)),
                _ if number == last => points.push((at(&arriving, arrow), top)),
                _ => points.extend([(at(&places.x, *spot), top), (at(&places.x, *spot), bottom)]),
            }
        }
        points
    };
    grid.paths.iter().enumerate().map(line).collect()
}

/// Where each arrow touches the box at its upper end (`bottom` of that box) or its lower end, from left to right as
/// the arrows come.
fn ports(chart: &Chart, grid: &Grid, places: &Places, bottom: bool) -> Vec<f64> {
    let mut ports = vec![0.0; chart.arrows.len()];
    for (number, state) in chart.states.iter().enumerate() {
        let mut touching: Vec<(usize, f64)> = Vec::new();
        for (arrow, path) in grid.paths.iter().enumerate() {
            let (end, next) = match bottom {
                true => (path.first(), path.get(1)),
                false => (path.last(), path.len().checked_sub(2).and_then(|next| path.get(next))),
            };
            if let (Some(end), Some(next)) = (end, next)
                && *end == number
            {
                touching.push((arrow, at(&places.x, *next)));
            }
        }
        touching.sort_by(|a, b| a.1.total_cmp(&b.1));
        let width = (2.0 * state.half - 20.0).min(26.0 * (touching.len().saturating_sub(1)) as f64);
        let step = width / (touching.len().saturating_sub(1)).max(1) as f64;
        for (place, (arrow, _)) in touching.iter().enumerate() {
            if let Some(port) = ports.get_mut(*arrow) {
                *port = at(&places.x, number) - width / 2.0 + step * place as f64;
            }
        }
    }
    ports
}
