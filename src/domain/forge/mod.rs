//! What a pull request at a forge is called, and what a forge answers. Words and names only: the layer that speaks to
//! forges uses them, and so does whoever decides what to ask.
//!
//! ```
//! use sprintgate::domain::forge::{ForgeKind, PrUrl};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let url: PrUrl = "https://github.com/shop/basket/pull/7".parse()?;
//! assert_eq!((url.host.as_str(), url.kind, url.number), ("github.com", ForgeKind::GitHub, 7));
//! assert_eq!(url.repo.to_string(), "shop/basket");
//! assert!("https://github.com/shop/basket/pull/7/../8".parse::<PrUrl>().is_err());
//! # Ok(())
//! # }
//! ```

mod host;
mod merge;
mod repo;
mod url;
mod words;

pub use host::{BadForgeHost, ForgeHost};
pub use merge::MergeAnswer;
pub use repo::{BadRepoPath, RepoPath};
pub use url::{BadPrUrl, PrUrl};
pub use words::ForgeKind;
