//! The publication of branches: what the forge shows of a pull request becomes a move of its row.

mod seen;

pub(in crate::flow) use seen::note_forge_state;
