//! The cell of an attempt: a repository of its own in its place, which the agent may write as it likes.
//!
//! It is made from the vault: files, a branch, the branches of the remote as they stood, and an address to ask.
//! Its objects are the vault's, by `objects/info/alternates`, so that what the agent makes is all that lies in it.
//! Nothing of it leads to another attempt's cell, to a person's clone, or to the vault's refs.
//!
//! The server never opens it as a repository, neither with git nor with the library: it reads where it stands
//! from two or three small files, copies its objects, and reads its files against an index that it keeps itself.
//! What else stands in there (settings, hooks, attributes, ignore rules, alternates, an index) it does not read.

mod bring;
mod files;
mod folder;
mod hooks;
mod objects;
mod stand;

pub(super) use bring::{Borrowed, Sound};
pub(super) use files::{GITLINK, dirty, with_files};
pub(super) use folder::Origin;
pub(super) use hooks::have_commits_say;
pub(super) use stand::{Stand, stand};
