//! A machine as a picture: its states in rows from birth downwards, its arrows routed around them.
//!
//! The layout is the layered one of Sugiyama: `rank` gives each state a row, `grid` puts a spot into every row that
//! an arrow passes and one for its words, `order` sorts the spots of each row so that few arrows cross, `place`
//! gives them coordinates, and `draw` writes the SVG. Words are spots like the states, so nothing lies on them.

mod chart;
mod draw;
mod grid;
mod order;
mod place;
mod rank;
mod route;
mod straighten;
mod style;

pub use draw::svg;
