//! Plan against diff: what an attempt changed, what its plan named, and how the two compare.
//!
//! [`DiffScan`] reads a unified diff line by line and keeps only its [`DiffFacts`]; [`plan_paths`]
//! finds the paths a plan names; [`classify`] lays one beside the other and answers with a
//! [`Judgement`]. Nothing here opens a repository or decides whether a job may end.
//!
//! ```
//! use sprintgate::domain::verify::{DiffFacts, VerifyResult, classify};
//!
//! let facts = DiffFacts::of(
//!     b"diff --git a/src/api.ts b/src/api.ts\n\
//!       --- a/src/api.ts\n\
//!       +++ b/src/api.ts\n\
//!       @@ -1 +1 @@\n\
//!       -const limit = 10;\n\
//!       +const limit = 20;\n",
//! );
//! let plan = "Raise the limit in `api.ts` and test it in `src/api.test.ts`.";
//! let judgement = classify(&facts, Some(plan));
//!
//! assert_eq!(judgement.result, VerifyResult::Partial);
//! assert_eq!(judgement.missing, ["src/api.test.ts"]);
//! assert_eq!(judgement.reasoning, "1/2 planned paths changed; missing: `src/api.test.ts`");
//! ```

mod blank;
mod bullet;
mod classify;
mod code_span;
mod facts;
mod glob;
mod globs;
mod header;
mod hunk;
mod judgement;
mod matching;
mod path_like;
mod plan_path;
mod prose;
mod quoted;
mod result;
mod scan;
mod segments;
mod wording;

pub use classify::classify;
pub use facts::DiffFacts;
pub use judgement::Judgement;
pub use plan_path::{PlanPath, plan_paths};
pub use result::VerifyResult;
pub use scan::DiffScan;
