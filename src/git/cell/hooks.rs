//! The hooks by which the commits of an attempt name it. They are in the agent's repository and run when the agent
//! commits, as the agent: the server runs none. An agent or a repository that sets `core.hooksPath` has them not run.

use std::fs::{OpenOptions, create_dir};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use crate::domain::publication::CommitTrailers;
use crate::git::error::GitError;

/// `prepare-commit-msg` runs at commits that are made without an editor, as those of a rebase, whatever they skip;
/// `commit-msg` after the editor; `applypatch-msg` at patches.
const NAMES: [&str; 3] = ["prepare-commit-msg", "commit-msg", "applypatch-msg"];

/// What goes before the call of git. A message that says nothing stays as it is, so that git refuses it as ever: what is
/// below the line of scissors, comments and a sign-off are no message.
const BEFORE: &str = r#"#!/bin/sh
# Written by Sprintgate: each commit that is made here names the job, the attempt and the plan.
set -eu
case "${0##*/},${2-}" in
prepare-commit-msg, | prepare-commit-msg,template) exit 0 ;; # asked again after the editor
esac
comments=--strip-comments
test "${2-}" != message || comments= # git leaves them in what was said without an editor
said=$(sed -e '/^[^ ][^ ]* -\{24\} >8 -\{24\}$/,$d' -e '/^Signed-off-by: /d' "$1" | git stripspace $comments)
test -n "$said" || exit 0
exec git -c trailer.separators=: interpret-trailers --in-place --no-divider \
  --where end --if-exists replace --if-missing add"#;

/// Has each commit that is made in the cell say that, whatever its message said of it before.
pub(in crate::git) fn have_commits_say(folder: &Path, said: &CommitTrailers) -> Result<(), GitError> {
    let hooks = folder.join(".git/hooks");
    create_dir(&hooks).map_err(GitError::io("create", &hooks))?;
    let text = script(said);
    for name in NAMES {
        let path = hooks.join(name);
        let opened = OpenOptions::new().write(true).create_new(true).mode(0o755).open(&path);
        opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(GitError::io("write", &path))?;
    }
    Ok(())
}

/// The values need no quotes; they have them all the same.
fn script(said: &CommitTrailers) -> String {
    let mut text = BEFORE.to_owned();
    // A commit of another job that had a plan must not keep it.
    if said.all().any(|(_, value)| value.is_empty()) {
        text.push_str(" --trim-empty");
    }
    for (name, value) in said.all() {
        text.push_str(&format!(" \\\n  --trailer '{name}: {value}'"));
    }
    text.push_str(" -- \"$1\"\n");
    text
}
