//! The picture of a machine as SVG.

use super::chart::{Arrow, Chart, LINE, State, WORD, width};
use super::grid::{Grid, Holds, at};
use super::order::sort;
use super::place::{HALF, Places};
use super::route::lines;
use super::style::STYLE;
use crate::domain::law::Machine;

/// A machine as a state diagram that stands for itself: no script, no font, no reference to anything else.
#[must_use]
pub fn svg(machine: &Machine) -> String {
    let chart = Chart::of(machine);
    let mut grid = Grid::of(&chart);
    sort(&mut grid);
    let places = Places::of(&chart, &grid);
    let (width, height) = (places.width.ceil(), places.height.ceil());
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title about\">\n\
         <title id=\"title\">The {name} machine</title>\n<desc id=\"about\">{about}</desc>\n\
         <style>\n{STYLE}</style>\n<rect class=\"sheet\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n",
        name = escaped(machine.name),
        about = escaped(machine.about),
    );
    for (arrow, line) in chart.arrows.iter().zip(lines(&chart, &grid, &places)) {
        svg.push_str(&drawn_line(arrow, &line));
    }
    for (number, spot) in grid.spots.iter().enumerate() {
        let (x, (top, bottom)) = (at(&places.x, number), at(&places.rows, spot.row));
        let y = (top + bottom) / 2.0;
        match spot.holds {
            Holds::State(state) => svg.extend(chart.states.get(state).map(|state| drawn_state(state, x, y))),
            Holds::Words(arrow) => svg.extend(chart.arrows.get(arrow).map(|arrow| words(arrow, x, y))),
            Holds::Bend => {}
        }
    }
    svg + "</svg>\n"
}

fn drawn_line(arrow: &Arrow, points: &[(f64, f64)]) -> String {
    let mut d = String::new();
    let mut before: Option<(f64, f64)> = None;
    for (x, y) in points.iter().copied() {
        match before {
            None => d.push_str(&format!("M{x:.1} {y:.1}")),
            Some((last, _)) if (last - x).abs() < 0.5 => d.push_str(&format!("L{x:.1} {y:.1}")),
            Some((last, above)) => {
                let middle = (above + y) / 2.0;
                d.push_str(&format!("C{last:.1} {middle:.1} {x:.1} {middle:.1} {x:.1} {y:.1}"));
            }
        }
        before = Some((x, y));
    }
    let class = if arrow.goes_back() { " back" } else { "" };
    let mut drawn = format!("<path class=\"line{class}\" d=\"{d}\"/>\n");
    if arrow.goes_back() || arrow.both_ways {
        drawn.extend(points.first().map(|(x, y)| tip(*x, *y, 7.0, arrow.goes_back())));
    }
    if !arrow.goes_back() || arrow.both_ways {
        drawn.extend(points.last().map(|(x, y)| tip(*x, *y, -7.0, arrow.goes_back())));
    }
    drawn
}

/// The tip of an arrow that touches a box from above (`long` is negative) or from below.
fn tip(x: f64, y: f64, long: f64, back: bool) -> String {
    let class = if back { "back-tip" } else { "tip" };
    format!("<path class=\"{class}\" d=\"M{x:.1} {y:.1}l-3.6 {long}h7.2z\"/>\n")
}

fn words(arrow: &Arrow, x: f64, y: f64) -> String {
    let class = if arrow.goes_back() { "words back-words" } else { "words" };
    let (half, tall) = (width(&arrow.events, WORD) / 2.0 + 3.0, LINE * arrow.events.len() as f64);
    format!(
        "<rect class=\"sheet\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{tall:.1}\"/>\n{}",
        x - half,
        y - tall / 2.0,
        2.0 * half,
        stacked(class, &arrow.events, x, y)
    )
}

fn stacked(class: &str, words: &[&str], x: f64, y: f64) -> String {
    let first = y + 4.0 - LINE * (words.len().saturating_sub(1)) as f64 / 2.0;
    let line = |(number, word): (usize, &&str)| {
        let y = first + LINE * number as f64;
        format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>\n", escaped(word))
    };
    words.iter().enumerate().map(line).collect()
}

fn drawn_state(state: &State, x: f64, y: f64) -> String {
    let (half, mut drawn) = (state.half, String::new());
    let (left, right, top) = (x - half, x + half, y - HALF);
    if state.born {
        drawn.push_str(&format!(
            "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{y:.1}\" r=\"5\"/>\n\
             <path class=\"line birth\" d=\"M{:.1} {y:.1}H{:.1}\"/>\n\
             <path class=\"dot\" d=\"M{left:.1} {y:.1}l-7 -3.6v7.2z\"/>\n",
            left - 28.0,
            left - 28.0,
            left - 6.0
        ));
    }
    let class = match state {
        State { born: true, .. } => "box born",
        State { ends: true, .. } => "box end",
        _ => "box",
    };
    let rect = |class: &str, inset: f64| {
        format!(
            "<rect class=\"{class}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{}\"/>\n",
            left + inset,
            top + inset,
            2.0 * (half - inset),
            2.0 * (HALF - inset),
            9.0 - inset
        )
    };
    drawn.push_str(&rect(class, 0.0));
    if state.ends {
        drawn.push_str(&rect("rim", 3.0));
    }
    drawn.push_str(&format!("<text x=\"{x:.1}\" y=\"{:.1}\">{}</text>\n", y + 4.5, escaped(state.name)));
    if !state.stays.is_empty() {
        drawn.push_str(&format!(
            "<path class=\"line\" d=\"M{right:.1} {:.1}c30 -8 30 20 6 16\"/>\n\
             <path class=\"tip\" d=\"M{right:.1} {:.1}l7.6 -2.2l-1.6 7z\"/>\n",
            y - 8.0,
            y + 7.0
        ));
        drawn.push_str(&stacked("words stays", &state.stays, right + 28.0, y));
    }
    drawn
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
