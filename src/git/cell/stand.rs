//! Where a cell stands, read from its small files and not by git. Neither links nor pipes are opened.

use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use git2::{Oid, Reference};
use rustix::fs::OFlags;

/// Where a cell stands, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in crate::git) struct Stand {
    /// The branch it is on, by its full ref; none when detached.
    pub on: Option<String>,
    /// The commit that it names; whether there is such a commit is another question.
    pub at: Option<Oid>,
}

/// Where the repository in a folder called `.git` stands.
pub(in crate::git) fn stand(git: &Path) -> Stand {
    let text = small(&git.join("HEAD"), SMALL).unwrap_or_default();
    let text = text.trim_end();
    let Some(name) = text.strip_prefix("ref: ").map(str::trim_start) else {
        return Stand { on: None, at: oid(text) };
    };
    // a name could lead out of the folder otherwise
    if !Reference::is_valid_name(name) || !name.starts_with("refs/") {
        return Stand::default();
    }
    let loose = git.join(name);
    // packing leaves empty folders behind; anything else that is there and cannot be read says nothing
    let at = match loose.symlink_metadata() {
        Ok(meta) if !meta.is_dir() => small(&loose, SMALL).and_then(|text| oid(text.trim_end())),
        _ => packed(&small(&git.join("packed-refs"), PACKED).unwrap_or_default(), name),
    };
    Stand { on: Some(name.to_owned()), at }
}

fn packed(text: &str, name: &str) -> Option<Oid> {
    text.lines().find_map(|line| {
        let (id, found) = line.split_once(' ')?;
        (found == name).then(|| oid(id)).flatten()
    })
}

fn oid(text: &str) -> Option<Oid> {
    (text.len() == 40).then(|| Oid::from_str(text).ok()).flatten()
}

/// A regular file, open for reading. Opening waits for nobody, and does not follow a link at the end of the path.
pub(super) fn regular(path: &Path) -> Option<File> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).ok()?;
    file.metadata().is_ok_and(|meta| meta.is_file()).then_some(file)
}

/// The text of a regular file of at most so many bytes.
fn small(path: &Path, most: u64) -> Option<String> {
    let mut bytes = Vec::new();
    regular(path)?.take(most + 1).read_to_end(&mut bytes).ok()?;
    (u64::try_from(bytes.len()).is_ok_and(|len| len <= most)).then(|| String::from_utf8(bytes).ok()).flatten()
}

/// A ref or a HEAD.
const SMALL: u64 = 4 * 1024;
/// All refs of a large repository.
const PACKED: u64 = 8 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_refs_are_found_by_their_whole_name() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let text =
            format!("# pack-refs with: peeled\n{a} refs/heads/x/y\n^{b}\n{b} refs/heads/x\nz refs/heads/z\n");
        assert_eq!(packed(&text, "refs/heads/x"), Oid::from_str(&b).ok());
        assert_eq!(packed(&text, "refs/heads/x/y"), Oid::from_str(&a).ok());
        for none in ["refs/heads/z", "refs/heads", "", "refs/heads/x/"] {
            assert_eq!(packed(&text, none), None, "{none}");
        }
    }
}
