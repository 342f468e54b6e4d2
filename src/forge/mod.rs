//! Pull requests at GitHub and at Forgejo (or Gitea), behind one trait.
//!
//! A [`Forge`] is one host with its token. It finds, opens, reads, merges and closes pull requests and comments on them;
//! it decides nothing, keeps nothing, and imports [`domain`](crate::domain) for names only. [`Forges`] is the list of
//! hosts that the operator allows; no other is ever spoken to, and none gets another's token.
//!
//! Everything here may be asked twice: who opens finds first and adopts what is open, what is so already is no error, and
//! a comment has a marker by which it is known again. Nothing that changes something is repeated within a call. Who
//! calls repeats it, from the beginning, by what [`ForgeError::retry`] says; the waits that a forge asks for are kept for
//! the whole host, so that one call that met a limit keeps the others from meeting it.
//!
//! ```
//! use sprintgate::domain::{credential::Credential, remote::RemoteUrl};
//! use sprintgate::forge::{ForgeSettings, Forges};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let github = ForgeSettings::github(Credential::new("secret")?);
//! assert!(!format!("{github:?}").contains("secret"));
//! let forges = Forges::new([github])?;
//! let (forge, repo) = forges.of(&RemoteUrl::new("git@github.com:shop/basket.git")?).ok_or("not listed")?;
//! assert_eq!((forge.host().as_str(), repo.to_string()), ("github.com", "shop/basket".into()));
//! assert!(forges.of(&RemoteUrl::new("https://git.example.org/shop/basket")?).is_none());
//! # Ok(())
//! # }
//! ```
//!
//! What the two leave to be desired is made good here where it can be, and said where it cannot:
//!
//! - GitHub's filter by branch has answered with other branches on the same commit, so that what comes is compared again.
//! - Forgejo looks at the head only when it merges at once, and not when it schedules a merge. So the head is read before
//!   and after, and the schedule is withdrawn when it moved. Between the second look and its own merge a person may
//!   still push.
//! - GitHub says that a merge cannot be scheduled when there is nothing to wait for. Then it is merged at once, by the
//!   commit that was asked for and no other.
//! - A conflict that a forge reports is a hint: Forgejo reports one while it is still looking.

mod ask;
mod checks;
mod comment;
mod error;
mod forgejo;
mod forges;
mod github;
mod http;
mod limiter;
mod limits;
mod merge;
mod pages;
mod pull;
mod reply;
mod settings;
mod tls;

pub use ask::{FindPr, Forge, MergeAsk, NewPr, Opened, Pr};
pub use checks::Checks;
pub use error::{BadForge, ForgeError, Retry};
pub use forges::Forges;
pub use settings::ForgeSettings;
