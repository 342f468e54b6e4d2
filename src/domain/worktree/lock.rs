//! Locks: what two attempts must not work on at once. They are rows in the database, so that they hold between
//! processes and machines and are freed by a clock and not by luck.

use std::fmt;

use crate::domain::branch::BranchName;
use crate::domain::id::ProductId;
use crate::domain::job::Kind;
use crate::domain::remote::RemoteUrl;

/// One thing that is locked. The order of locks is the order in which everybody takes them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lock {
    /// A branch of a repository.
    Branch {
        /// Its [key](RemoteUrl::key): however an address is spelt, it is the same repository.
        repo: String,
        /// The branch.
        branch: BranchName,
    },
    /// The worktree that the idea jobs of a product share.
    Product(ProductId),
}

impl Lock {
    /// The lock of a branch of the repository at `url`.
    #[must_use]
    pub fn branch(url: &RemoteUrl, branch: BranchName) -> Self {
        Self::Branch { repo: url.key(), branch }
    }
}

impl fmt::Display for Lock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Branch { repo, branch } => write!(f, "branch {branch} of {repo}"),
            Self::Product(product) => write!(f, "product {product}"),
        }
    }
}

/// At least one lock, sorted, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locks(Vec<Lock>);

/// A list of locks that is empty, unsorted or has one twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("locks are at least one, sorted, and each stands once")]
pub struct BadLocks;

impl Locks {
    /// Sorts the locks; nothing when there are none.
    #[must_use]
    pub fn of(mut locks: Vec<Lock>) -> Option<Self> {
        locks.sort_unstable();
        locks.dedup();
        (!locks.is_empty()).then_some(Self(locks))
    }

    /// The locks, in the order in which they are taken.
    #[must_use]
    pub fn as_slice(&self) -> &[Lock] {
        &self.0
    }
}

impl TryFrom<Vec<Lock>> for Locks {
    type Error = BadLocks;
    fn try_from(locks: Vec<Lock>) -> Result<Self, BadLocks> {
        let sorted = Self::of(locks.clone()).ok_or(BadLocks)?;
        if sorted.0 == locks { Ok(sorted) } else { Err(BadLocks) }
    }
}

impl From<Locks> for Vec<Lock> {
    fn from(locks: Locks) -> Self {
        locks.0
    }
}

/// What a job works on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Branches, each with its repository, as the caller lists them.
    pub branches: Vec<(RemoteUrl, BranchName)>,
    /// Products, the primary one first.
    pub products: Vec<ProductId>,
}

/// The locks that a job needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needs {
    /// In the order in which they are taken; none when the job needs no worktree.
    pub locks: Option<Locks>,
    /// The same in the caller's order, each once: the order of the results, where the first is the primary one.
    pub in_order: Vec<Lock>,
}

/// Which locks a job needs (`original` 8.6): work on code, its branch in each repository; work on ideas, the worktrees
/// of the products. What its kind does not use is left out.
#[must_use]
pub fn locks_of(kind: Kind, places: Places) -> Needs {
    let wanted: Vec<Lock> = if kind.changes_code() {
        places.branches.into_iter().map(|(url, branch)| Lock::branch(&url, branch)).collect()
    } else {
        places.products.into_iter().map(Lock::Product).collect()
    };
    let mut in_order: Vec<Lock> = Vec::new();
    for lock in wanted {
        if !in_order.contains(&lock) {
            in_order.push(lock);
        }
    }
    Needs { locks: Locks::of(in_order.clone()), in_order }
}
