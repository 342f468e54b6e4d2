//! The text of a pull request, and the message of the commit that merges it.

use super::quote::{quote, quote_line};
use super::titles::plain;
use super::trailers::{self, Trailers};
use crate::domain::commit::CommitId;
use crate::domain::forge::PrUrl;
use crate::domain::id::{JobId, PullRequestId, RunId};

/// Characters of a name that are kept in a note.
const NAME_MAX: usize = 100;

/// What stands before and behind the publication in a [`marker`].
const MARK: &str = "<!-- sprintgate:publication:";
const MARK_END: &str = " -->";

/// What a pull request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose<'a> {
    /// A story.
    Story {
        /// Its code, or its id where it has none.
        story: &'a str,
        /// The run that its jobs belong to.
        run: Option<&'a RunId>,
    },
    /// A run with a job for each task.
    Sprint {
        /// The run.
        run: &'a RunId,
    },
    /// A run whose tasks one agent carries out.
    Batch {
        /// The run.
        run: &'a RunId,
    },
}

/// What takes a merged pull request back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reverted<'a> {
    /// The merged one.
    pub url: &'a PrUrl,
    /// The commit that merged it.
    pub merge: &'a CommitId,
    /// The job whose failure undoes it.
    pub job: &'a JobId,
    /// The code of its backlog item, or its id where it has none.
    pub item: &'a str,
    /// Why the job failed, in its worker's words.
    pub reason: &'a str,
}

/// The text of a pull request: what the agent says it did, quoted; below it, who made this for what, the trailers, and
/// the [`marker`].
///
/// ```
/// use sprintgate::domain::publication::{Whose, body};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (id, run) = ("publication-1".parse()?, "run-1".parse()?);
/// let whose = Whose::Story { story: "ST-7", run: Some(&run) };
/// assert_eq!(
///     body("Cards are *accepted*.", whose, &[], &id),
///     "> Cards are \\*accepted\\*.\n\n---\n\n*Made by Sprintgate for story ST-7 of sprint run run-1. Jobs of the story \
///      add to it; when the story is done, it is merged once its checks pass.*\n\n\
///      <!-- sprintgate:publication:publication-1 -->\n"
/// );
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn body(summary: &str, whose: Whose<'_>, jobs: &[Trailers<'_>], id: &PullRequestId) -> String {
    let rule = "---".to_owned();
    let made_for = made_for(whose, |name| quote_line(name, NAME_MAX));
    let note = format!("*{made_for} {}*", what_follows(whose));
    paragraphs(&[quote(summary), rule, note, trailers::lines(jobs), marker(id)])
}

/// The line that tells a pull request of ours from a person's, also when its title and text were changed. Nothing quoted
/// can look like it.
#[must_use]
pub fn marker(id: &PullRequestId) -> String {
    format!("{MARK}{id}{MARK_END}")
}

/// The publication whose [`marker`] the text of a pull request has, if it has one: that pull request was opened for it,
/// and by nobody else.
///
/// ```
/// use sprintgate::domain::publication::{marked, marker};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let id = "publication-1".parse()?;
/// assert_eq!(marked(&format!("> done\n\n{}\r\n", marker(&id))), Some(id));
/// assert_eq!(marked("> <!-- sprintgate:publication:publication-1 -->"), None);
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn marked(text: &str) -> Option<PullRequestId> {
    let id = |line: &str| line.trim_end().strip_prefix(MARK)?.strip_suffix(MARK_END).map(str::to_owned);
    text.lines().rev().find_map(id).and_then(|id| PullRequestId::new(id).ok())
}

/// The message below the first line of the commit that merges a pull request. Nothing in it comes from an agent: a commit
/// on the default branch closes issues, tells people and carries trailers that are believed.
///
/// ```
/// use sprintgate::domain::publication::{Whose, squash};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let run = "run-1".parse()?;
/// assert_eq!(squash(Whose::Sprint { run: &run }, &[]), "Made by Sprintgate for sprint run run-1.\n");
/// # Ok(())
/// # }
/// ```
#[must_use]
pub fn squash(whose: Whose<'_>, jobs: &[Trailers<'_>]) -> String {
    paragraphs(&[made_for(whose, |name| plain(name, NAME_MAX)), trailers::lines(jobs)])
}

/// The text of the pull request that takes a merged one back (`original` 9.6). It is never merged by itself.
#[must_use]
pub fn revert_body(reverted: &Reverted<'_>, id: &PullRequestId) -> String {
    let Reverted { url, merge, job, item, reason } = reverted;
    let item = quote_line(item, NAME_MAX);
    let note = format!(
        "*Made by Sprintgate, because job {job} of backlog item {item} failed with these words. It takes back {url}, \
         which was merged as {merge}. Review it before merging; it is not merged by itself.*"
    );
    paragraphs(&[quote(reason), "---".to_owned(), note, marker(id)])
}

fn made_for(whose: Whose<'_>, name: impl Fn(&str) -> String) -> String {
    match whose {
        Whose::Story { story, run } => {
            let of_run = run.map_or_else(String::new, |run| format!(" of sprint run {run}"));
            format!("Made by Sprintgate for story {}{of_run}.", name(story))
        }
        Whose::Sprint { run } => format!("Made by Sprintgate for sprint run {run}."),
        Whose::Batch { run } => {
            format!("Made by Sprintgate for sprint run {run}, whose tasks one agent carries out.")
        }
    }
}

fn what_follows(whose: Whose<'_>) -> &'static str {
    match whose {
        Whose::Story { .. } => {
            "Jobs of the story add to it; when the story is done, it is merged once its checks pass."
        }
        Whose::Sprint { .. } => {
            "Jobs of the run add to it; when the run is done, people review and merge it."
        }
        Whose::Batch { .. } => "When the run is done, people review and merge it.",
    }
}

/// With an empty line between each, and without those that are empty.
fn paragraphs(parts: &[String]) -> String {
    let parts: Vec<&str> = parts.iter().map(|part| part.trim_end()).filter(|part| !part.is_empty()).collect();
    format!("{}\n", parts.join("\n\n"))
}
