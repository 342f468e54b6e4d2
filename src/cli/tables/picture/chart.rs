//! What is to be drawn of a machine: its states, and an arrow for each pair of states that events join.

use crate::domain::law::{Machine, Meaning};

/// The width of a letter in a state's name and in an arrow's words, the height of a line, and the room of an arrow
/// at a box, in pixels. The font has one width, so that a box fits whoever draws it.
pub(super) const LETTER: f64 = 7.6;
pub(super) const WORD: f64 = 6.7;
pub(super) const LINE: f64 = 15.0;
const PORT: f64 = 13.0;

/// A state as a box.
#[derive(Debug)]
pub(super) struct State {
    pub(super) name: &'static str,
    /// A thing may be born in it.
    pub(super) born: bool,
    /// Nothing leads out of it.
    pub(super) ends: bool,
    /// The events that leave the state as it is.
    pub(super) stays: Vec<&'static str>,
    /// Half of the width of its box, in pixels: wide enough for its name and for the arrows that touch it.
    pub(super) half: f64,
}

/// All events that lead from one state to another.
#[derive(Debug)]
pub(super) struct Arrow {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) events: Vec<&'static str>,
    /// The same events lead back, too.
    pub(super) both_ways: bool,
}

/// The boxes and arrows of a machine. Machines list their states in the order of a thing's life, so that an arrow
/// leads down the picture when it leads down the list; ends come last.
#[derive(Debug)]
pub(super) struct Chart {
    pub(super) states: Vec<State>,
    pub(super) arrows: Vec<Arrow>,
}

impl Arrow {
    /// The states at its ends, the upper one first.
    pub(super) fn ends(&self) -> (usize, usize) {
        (self.from.min(self.to), self.from.max(self.to))
    }

    /// It leads back to an earlier state.
    pub(super) fn goes_back(&self) -> bool {
        self.from > self.to
    }
}

impl Chart {
    pub(super) fn of(machine: &Machine) -> Self {
        let mut chart = Self { states: Vec::new(), arrows: Vec::new() };
        let ends = |state: &Meaning| machine.edges.iter().all(|edge| edge.from != state.word);
        let (last, mut states): (Vec<Meaning>, Vec<Meaning>) = machine.states.iter().partition(|s| ends(s));
        states.extend(last);
        for (from, state) in states.iter().enumerate() {
            chart.states.push(State {
                name: state.word,
                born: machine.born.contains(&state.word),
                ends: ends(state),
                stays: events(machine, state.word, state.word),
                half: 0.0,
            });
            for (to, other) in states.iter().enumerate().filter(|(to, _)| *to != from) {
                chart.join(from, to, events(machine, state.word, other.word));
            }
        }
        for (number, state) in chart.states.iter_mut().enumerate() {
            let below = chart.arrows.iter().filter(|arrow| arrow.ends().0 == number).count();
            let above = chart.arrows.iter().filter(|arrow| arrow.ends().1 == number).count();
            let name = width(&[state.name], LETTER) / 2.0 + 14.0;
            state.half = name.max(above.max(below) as f64 * PORT / 2.0 + 5.0);
        }
        chart
    }

    fn join(&mut self, from: usize, to: usize, events: Vec<&'static str>) {
        let back = self.arrows.iter_mut().find(|a| (a.from, a.to) == (to, from) && a.events == events);
        match back {
            _ if events.is_empty() => {}
            Some(back) => back.both_ways = true,
            None => self.arrows.push(Arrow { from, to, events, both_ways: false }),
        }
    }
}

/// The width of the widest of these words.
pub(super) fn width(words: &[&str], letter: f64) -> f64 {
    words.iter().map(|word| word.chars().count() as f64 * letter).fold(0.0, f64::max)
}

fn events(machine: &Machine, from: &str, to: &str) -> Vec<&'static str> {
    machine.edges.iter().filter(|edge| edge.from == from && edge.to == to).map(|edge| edge.event).collect()
}
