//! Branches that jobs work on: what they may be called, which one a job gets, and when it may move it.
//!
//! ```
//! use std::collections::BTreeSet;
//!
//! use sprintgate::domain::branch::{Ask, BranchName, Sibling, Start, choose};
//! use sprintgate::domain::id::{JobId, StoryId};
//! use sprintgate::domain::job::{Kind, Status};
//! use sprintgate::domain::{remote::RemoteUrl, time::Timestamp};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let (job, story) = ("job-2".parse::<JobId>()?, "story-7".parse::<StoryId>()?);
//! let url: RemoteUrl = "https://example.org/shop.git".parse()?;
//! let (kind, repo) = (Kind::TaskImplementation, Some(&url));
//! let ask = Ask { job: &job, kind, repo, story: Some(&story), run: None, resumed: None };
//!
//! // The jobs of a story share its branch, and the second starts where the first leaves it ...
//! let first = Sibling {
//!     job: "job-1".parse()?,
//!     same_story: true,
//!     same_run: false,
//!     status: Status::Running,
//!     repo: Some(url.clone()),
//!     branch: BranchName::story(&story),
//!     created_at: Timestamp(0),
//! };
//! let choice = choose(&ask, &[first.clone()], None);
//! assert_eq!(choice.branch.as_str(), "feat/story-story-7");
//! assert_eq!(choice.start, Start::Job("job-1".parse()?));
//!
//! // ... unless that one failed and nothing of it is on the remote.
//! let failed = Sibling { status: Status::Failed, ..first };
//! assert_eq!(choose(&ask, &[failed], Some(&BTreeSet::new())).start, Start::Default);
//!
//! // A branch that people own is no name for a job's.
//! assert!(BranchName::new("main").is_err());
//! # Ok(())
//! # }
//! ```

mod choice;
mod lease;
mod name;

pub use choice::{Ask, Choice, Sibling, Start, choose};
pub use lease::{Conflict, Lease, Sent, lease};
pub use name::{BadBranchName, BranchName};
