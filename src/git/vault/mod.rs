//! The vault of a remote: a bare repository that only the server writes. Everything that has credentials,
//! and everything that is believed, happens there; what attempts made is kept there. Its refs:
//!
//! - `refs/remotes/origin/*`: the branches of the remote, as last fetched;
//! - `refs/incoming/*`: the same while they are fetched, without the lock of the vault;
//! - `refs/remotes/tag/*`, `refs/remotes/pull/<number>`: its tags and pull requests, as far as somebody had to know;
//! - `refs/jobs/<job>/<attempt>`: the last commit that was taken from an attempt;
//! - `refs/salvage/<job>/<attempt>`: what an attempt would have lost with its cell;
//! - `refs/outgoing/<job>/<attempt>/<commit>`: what may be sent of that one;
//! - `refs/salvage/branch/<branch>/<commit>`: what a push replaced;
//! - `refs/reverts/<effect>`: the commit by which an effect reverts a merge.
//!
//! Beside them, `borrowed` has objects on their way from a cell, [`UNREADABLE`] those that could not be brought, and
//! [`LARGE`] files that were too large for a commit; each has a folder an attempt. `asked` has rules while they are compared.
//! Cells borrow its objects, so that none of them is ever pruned.

mod fetch;
mod fetched;
mod flights;
mod history;
mod open;
mod refs;
mod tips;

pub(super) use open::{Vault, commit_id};

/// Where files of attempts are that were too large for a commit.
pub(super) const LARGE: &str = "large";
/// Where objects of attempts are that could not be brought.
pub(super) const UNREADABLE: &str = "unreadable";
