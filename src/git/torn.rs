//! What the clone knows of worktrees whose making was killed before git had written it down: facts that are missing
//! or empty. Git refuses to add any other worktree beside such facts.

use std::fs;
use std::path::Path;

use super::erase::erase;
use super::error::GitError;
use super::place::Place;

/// What git writes about a worktree before anything else.
const FACTS: [&str; 3] = ["HEAD", "commondir", "gitdir"];

/// Removes torn facts about our places; the caller holds the clone's lock, so that none is being written. They name
/// nothing that could hold work: files are written only after git is done.
pub(super) fn clear(common: &Path) -> Result<(), GitError> {
    let Ok(entries) = fs::read_dir(common.join("worktrees")) else { return Ok(()) };
    for entry in entries.filter_map(Result::ok) {
        let ours = entry.file_name().to_str().and_then(Place::parse).is_some();
        let written = |fact: &str| fs::metadata(entry.path().join(fact)).is_ok_and(|meta| meta.len() > 0);
        if ours && !FACTS.into_iter().all(written) {
            tracing::warn!(facts = %entry.path().display(), "removed what a killed git had begun to write");
            erase(&entry.path())?;
        }
    }
    Ok(())
}
