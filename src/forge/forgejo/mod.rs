//! Forgejo and Gitea: REST alone. A draft is a title that begins with `WIP:`.

mod draft;
mod errors;
mod merge;
mod rest;

pub(super) use rest::Forgejo;
