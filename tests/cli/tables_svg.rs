//! The pictures: everything is in them, and no word lies on another or on a box.

use std::collections::BTreeSet;

use sprintgate::cli::tables::svg;
use sprintgate::domain::law::machines;

/// An element's attribute as a number.
fn number(element: &str, name: &str) -> f64 {
    let rest = element.split(&format!(" {name}=\"")).nth(1).unwrap_or_else(|| panic!("{name} in {element}"));
    rest.split('"').next().unwrap().parse().unwrap()
}

/// Left, top, right and bottom of each box of a state and of each backing of words.
fn areas(svg: &str) -> Vec<(f64, f64, f64, f64)> {
    let is_area =
        |line: &&str| line.starts_with("<rect class=\"box") || (line.starts_with("<rect class=\"sheet\" x="));
    let area = |line: &str| {
        let (x, y) = (number(line, "x"), number(line, "y"));
        (x, y, x + number(line, "width"), y + number(line, "height"))
    };
    svg.lines().filter(is_area).map(area).collect()
}

#[test]
fn every_state_and_event_is_in_the_picture_and_no_other() {
    for machine in machines() {
        let svg = svg(&machine);
        let text = |line: &str| {
            Some(line.strip_prefix("<text")?.split_once('>')?.1.strip_suffix("</text>")?.to_owned())
        };
        let drawn: BTreeSet<String> = svg.lines().filter_map(text).collect();
        let words = machine.states.iter().chain(&machine.events).map(|word| word.word.to_owned());
        assert_eq!(drawn, words.collect(), "{}", machine.name);
        assert_eq!(svg.matches("<circle").count(), machine.born.len(), "{}", machine.name);
        assert_eq!(svg.matches("\"rim\"").count(), machine.ends().count(), "{}", machine.name);
    }
}

#[test]
fn nothing_lies_on_anything() {
    for machine in machines() {
        let svg = svg(&machine);
        let (width, height) = (number(&svg, "width"), number(&svg, "height"));
        let areas = areas(&svg);
        assert!(areas.len() > machine.states.len(), "{}", machine.name);
        for (place, a) in areas.iter().enumerate() {
            assert!(a.0 >= 0.0 && a.1 >= 0.0 && a.2 <= width && a.3 <= height, "{}: {a:?}", machine.name);
            for b in areas.iter().skip(place + 1) {
                let apart = a.2 < b.0 || b.2 < a.0 || a.3 < b.1 || b.3 < a.1;
                assert!(apart, "{}: {a:?} and {b:?}", machine.name);
            }
        }
    }
}

#[test]
fn no_line_passes_through_a_box() {
    for machine in machines() {
        let svg = svg(&machine);
        let boxes: Vec<_> = svg.lines().filter(|line| line.starts_with("<rect class=\"box")).collect();
        for line in svg.lines().filter(|line| line.starts_with("<path class=\"line")) {
            if line.contains("birth") || line.contains('c') && line.contains("c30") {
                continue;
            }
            // the points that the line goes through: an arrow enters and leaves each row upright
            let d = line.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
            let points: Vec<(f64, f64)> = d[1..].split(['L', 'C']).map(last_point).collect();
            for area in &boxes {
                let (left, top) = (number(area, "x"), number(area, "y"));
                let (right, bottom) = (left + number(area, "width"), top + number(area, "height"));
                for pair in points.windows(2) {
                    let x = pair[0].0.max(pair[1].0);
                    let upright = (pair[0].0 - pair[1].0).abs() < 0.5;
                    let through = upright && left < x && x < right && pair[0].1 < bottom && top < pair[1].1;
                    let touches = (pair[1].1 - top).abs() < 0.2 || (pair[0].1 - bottom).abs() < 0.2;
                    assert!(!through || touches, "{}: {d} and {area}", machine.name);
                }
            }
        }
    }
}

fn last_point(piece: &str) -> (f64, f64) {
    let numbers: Vec<f64> = piece.split_whitespace().map(|number| number.parse().unwrap()).collect();
    (numbers[numbers.len() - 2], numbers[numbers.len() - 1])
}

#[test]
fn a_picture_is_the_same_each_time_and_needs_nothing_else() {
    for machine in machines() {
        let text = svg(&machine);
        assert_eq!(text, svg(&machine));
        assert!(text.contains("prefers-color-scheme: dark"));
        for alien in ["<script", "href", "url(", "@import", "NaN", "inf"] {
            assert!(!text.contains(alien), "{}: {alien}", machine.name);
        }
    }
}
