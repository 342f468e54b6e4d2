//! A forge for tests: one state, with the face of GitHub on one port and that of Forgejo on another. Branches, heads and
//! merges are those of a real bare repository.
//!
//! What it knows of the real ones, and whence: GitHub's documentation of REST (2022-11-28) and of GraphQL, octokit.js#2056
//! (a list by head has answered with other branches of the same commit), and the words of refusals as people report them;
//! of Forgejo and Gitea `routers/api/v1/repo/pull.go` and `modules/structs/pull.go` of go-gitea/gitea. Simpler than the
//! real ones: one repository, one user, and a scheduled merge is made when a check is reported.

mod answer;
mod faults;
mod forgejo;
mod github;
mod graph;
mod listen;
mod repo;
mod state;

pub(crate) use answer::{Answer, Request};
pub(crate) use faults::{Dies, Fault, What};
pub(crate) use listen::{Server, authority};
pub(crate) use state::{Pull, State};
