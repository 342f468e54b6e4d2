//! What an agent is told of paths that it cannot see through: what its worktree does not have, and what its commits change
//! of that.

use super::wire::Notice;
use crate::git::{self, Touched};

/// How many paths a notice has.
pub(super) const PATHS_SHOWN: usize = 20;

/// What is not in a worktree.
pub(super) fn missing(notice: &git::Notice) -> Notice {
    let (code, message) = match notice {
        git::Notice::EmptySubmodules(_) => (
            "EMPTY_SUBMODULES",
            "these folders are submodules and empty: no other repository is fetched for a job, and the commits at \
             which they stand are part of your diff when you change them",
        ),
        git::Notice::LfsPointers(_) => (
            "LFS_POINTERS",
            "these files are pointers of Git LFS: their content is not fetched for a job, and what you write over a \
             pointer is refused when it is verified",
        ),
    };
    notice_of(code, message, notice.paths())
}

/// What the commits of an attempt change without showing it.
pub(super) fn changed(touched: &Touched) -> Vec<Notice> {
    let submodules = (
        "SUBMODULES_CHANGED",
        "the change is to other repositories, or to where they are fetched from; a person looks at it before it is merged",
        &touched.submodules,
    );
    let pointers = (
        "LFS_POINTERS_CHANGED",
        "these pointers of Git LFS are new or other ones: nobody uploads what they point to for a job",
        &touched.pointers,
    );
    let told = [submodules, pointers].into_iter().filter(|(.., paths)| !paths.is_empty());
    told.map(|(code, message, paths)| notice_of(code, message, paths)).collect()
}

fn notice_of(code: &str, message: &str, paths: &[String]) -> Notice {
    Notice {
        code: code.to_owned(),
        message: message.to_owned(),
        paths: paths.iter().take(PATHS_SHOWN).cloned().collect(),
        count: paths.len(),
    }
}
