//! The settings: from a flag, the environment, the config file or a default, in this order.
//! Nothing here opens a database or a repository.

mod access;
mod database;
mod edit;
mod environment;
mod error;
mod file;
mod forges;
mod host;
mod resolve;
mod secret;
mod settings;
mod source;
mod values;

pub use database::Database;
pub(crate) use database::of_copy;
pub(crate) use edit::{edit, place};
pub use environment::Environment;
pub use error::ConfigError;
pub(crate) use error::quoted;
pub use file::{FileConfig, Prepare};
pub use forges::{FileForge, ForgeConfig};
pub use resolve::{Flags, Loaded, load};
pub use settings::{Config, LEASE_SECONDS};
