//! The publication of branches: what the forge shows of a pull request becomes a move of its row.

mod revert;
mod seen;

pub(in crate::flow) use revert::{RevertOpened, note_revert};
pub(in crate::flow) use seen::{Over, note_forge_state, note_over};
