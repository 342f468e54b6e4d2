//! What a forge can be asked, and what it says of a pull request.

use async_trait::async_trait;

use super::checks::Checks;
use super::error::ForgeError;
use crate::domain::branch::BranchName;
use crate::domain::commit::CommitId;
use crate::domain::forge::{ForgeHost, ForgeKind, MergeAnswer, PrUrl, RepoPath};
use crate::domain::id::PullRequestId;
use crate::domain::pull_request::ForgeState;

/// One forge: a host and the token for it. Every call may be dropped at any point, and asked again.
#[async_trait]
pub trait Forge: Send + Sync + 'static {
    /// Its host.
    fn host(&self) -> &ForgeHost;

    /// What it speaks.
    fn kind(&self) -> ForgeKind;

    /// The open pull request of a branch of the repository itself into the base: never a fork's, and never another
    /// branch's on the same commit. With `any`, the newest that was closed or merged when none is open.
    ///
    /// # Errors
    /// [`ForgeError`].
    async fn find(&self, ask: &FindPr<'_>) -> Result<Option<Pr>, ForgeError>;

    /// Opens one. Who asks has looked for an open one before. A forge without drafts opens it without, which
    /// [`Pr::draft`] says.
    ///
    /// # Errors
    /// [`ForgeError::Exists`] when one is open meanwhile; else [`ForgeError`].
    async fn open(&self, new: &NewPr<'_>) -> Result<Pr, ForgeError>;

    /// The open one of the branch, or a new one when there is none: however often it is asked, and by however many, one
    /// is open in the end. One that a person opened is taken as it is.
    ///
    /// # Errors
    /// [`ForgeError::Exists`] when the forge says that one is open and does not show it; else [`ForgeError`].
    async fn find_or_open(&self, new: &NewPr<'_>) -> Result<Opened, ForgeError> {
        let ask = FindPr { repo: new.repo, head: new.head, base: new.base, any: false };
        if let Some(pr) = self.find(&ask).await? {
            return Ok(Opened::Adopted(pr));
        }
        match self.open(new).await {
            Ok(pr) => Ok(Opened::New(pr)),
            Err(ForgeError::Exists) => self.find(&ask).await?.map(Opened::Adopted).ok_or(ForgeError::Exists),
            Err(error) => Err(error),
        }
    }

    /// The open ones that need a branch of the repository: that are of it, whatever they are to be merged into, and that
    /// are to be merged into it, from wherever.
    ///
    /// # Errors
    /// [`ForgeError`]; that there are more than are read is one.
    async fn open_on(&self, repo: &RepoPath, branch: &BranchName) -> Result<Vec<Pr>, ForgeError>;

    /// Reads one.
    ///
    /// # Errors
    /// [`ForgeError`].
    async fn get(&self, pr: &PrUrl) -> Result<Pr, ForgeError>;

    /// What the checks of a commit of its repository say together, those that nobody requires, too.
    ///
    /// # Errors
    /// [`ForgeError`].
    async fn checks(&self, pr: &PrUrl, head: &CommitId) -> Result<Checks, ForgeError>;

    /// Makes it a draft, or takes it out of its draft. What is so already costs one look.
    ///
    /// # Errors
    /// [`ForgeError`].
    async fn set_draft(&self, pr: &PrUrl, draft: bool) -> Result<(), ForgeError>;

    /// Has it merged into one commit once its checks pass, at the asked commit and at no other.
    ///
    /// # Errors
    /// [`ForgeError`]; that the token may not is an answer and no error.
    async fn auto_merge(&self, pr: &PrUrl, ask: &MergeAsk<'_>) -> Result<MergeAnswer, ForgeError>;

    /// Has it merged by itself no more. That none was scheduled is no error.
    ///
    /// # Errors
    /// [`ForgeError`].
    async fn withdraw(&self, pr: &PrUrl) -> Result<(), ForgeError>;

    /// Closes it. One that is merged stays so, which the answer says.
    ///
    /// # Errors
    /// [`ForgeError`].
    async fn close(&self, pr: &PrUrl) -> Result<Pr, ForgeError>;

    /// Says something on it, unless a comment has that marker already: letters, digits and `: . _ -`, at most 100.
    ///
    /// # Errors
    /// [`ForgeError`].
    async fn comment(&self, pr: &PrUrl, marker: &str, text: &str) -> Result<(), ForgeError>;

    /// The files that it changes, as the forge lists them; of one that was moved, both names.
    ///
    /// # Errors
    /// [`ForgeError`].
    async fn files(&self, pr: &PrUrl) -> Result<Vec<String>, ForgeError>;
}

/// Which pull request is looked for.
#[derive(Debug, Clone, Copy)]
pub struct FindPr<'a> {
    /// Where.
    pub repo: &'a RepoPath,
    /// Of which branch.
    pub head: &'a BranchName,
    /// Into which branch.
    pub base: &'a str,
    /// Whether one that was closed or merged will do when none is open.
    pub any: bool,
}

/// A pull request to be opened.
#[derive(Debug, Clone, Copy)]
pub struct NewPr<'a> {
    /// Where.
    pub repo: &'a RepoPath,
    /// Of which branch.
    pub head: &'a BranchName,
    /// Into which branch.
    pub base: &'a str,
    /// Its title.
    pub title: &'a str,
    /// Its text.
    pub body: &'a str,
    /// Whether as a draft.
    pub draft: bool,
}

/// What came of finding or opening.
#[derive(Debug, Clone, PartialEq)]
pub enum Opened {
    /// It was open already.
    Adopted(Pr),
    /// It was opened.
    New(Pr),
}

/// A merge to be made once the checks pass, of all commits into one.
#[derive(Debug, Clone, Copy)]
pub struct MergeAsk<'a> {
    /// The commit that was verified; no other is merged.
    pub head: &'a CommitId,
    /// The first line of the merge.
    pub title: &'a str,
    /// The rest of its message.
    pub message: &'a str,
}

/// A pull request as the forge has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Pr {
    /// Where it is.
    pub url: PrUrl,
    /// Whether it is open.
    pub state: ForgeState,
    /// Whether it is a draft.
    pub draft: bool,
    /// The branch that it is of.
    pub head_branch: String,
    /// The repository of that branch; none when that is gone.
    pub head_repo: Option<RepoPath>,
    /// The last commit of that branch that the forge knows.
    pub head: CommitId,
    /// The branch that it is to be merged into.
    pub base: String,
    /// Its title.
    pub title: String,
    /// The publication that it was opened for, by the marker in its text; none for one that a person opened.
    pub publication: Option<PullRequestId>,
    /// The commit of its merge, once it is merged.
    pub merge: Option<CommitId>,
    /// How many commits it has, if the forge says so.
    pub commits: Option<u32>,
    /// Whether the forge thinks that it merges with its base: a hint, absent while it looks.
    pub mergeable: Option<bool>,
    /// Whether the forge says that it merges it by itself. Forgejo never says.
    pub auto_merge: bool,
}
