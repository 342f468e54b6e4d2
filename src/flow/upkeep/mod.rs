//! What a person does who keeps a database: looks at it, brings it up to date, saves it, checks it, moves it.

mod check;
mod copied;
mod copy;
mod maintenance;
mod migrate;
mod save;
mod status;

pub use copied::{Copied, CopiedTable};
pub use maintenance::Maintenance;
pub use migrate::Migrated;
