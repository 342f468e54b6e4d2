//! What a fetch brought, under names that nothing else uses, and the refs of the vault that follow it.

use std::collections::BTreeMap;

use git2::Oid;

use super::open::Vault;
use crate::git::error::GitError;

/// The folder of refs into which is fetched. Whoever fetches is alone there.
pub(super) const INCOMING: &str = "refs/incoming";

/// Which refs of the remote are wanted, and under which names: one, or all below a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Without `refs/`.
    from: String,
    to: String,
}

impl Wanted {
    /// Reads a refspec of ours: `+refs/<from>:<to>`, both with a star at their end or neither.
    pub(super) fn parse(refspec: &str) -> Result<Self, GitError> {
        let both = refspec.strip_prefix("+refs/").and_then(|spec| spec.split_once(':'));
        match both {
            Some((from, to)) if from.ends_with("/*") == to.ends_with("/*") => {
                Ok(Self { from: from.to_owned(), to: to.to_owned() })
            }
            _ => Err(GitError::Answer { what: "a refspec", text: refspec.to_owned() }),
        }
    }

    /// The refspec by which it is fetched.
    pub(super) fn incoming(&self) -> String {
        format!("+refs/{0}:{INCOMING}/{0}", self.from)
    }

    /// Points the refs of the vault, whose lock the caller holds, at what was fetched, and deletes those whose like the
    /// remote has no more. A name makes room before another one needs it as a folder.
    pub(super) fn take(&self, vault: &Vault) -> Result<(), GitError> {
        let new = refs(vault, &format!("{INCOMING}/{}", self.from))?;
        let old = refs(vault, &self.to)?;
        for name in old.keys().filter(|name| !new.contains_key(*name)) {
            vault.delete(&self.name_of(name))?;
        }
        for (name, tip) in new.iter().filter(|(name, tip)| old.get(*name) != Some(tip)) {
            vault.set(&self.name_of(name), *tip, "fetched")?;
        }
        Ok(())
    }

    /// The name in the vault of what has that name below the folder.
    fn name_of(&self, rest: &str) -> String {
        self.to.strip_suffix('*').map_or_else(|| self.to.clone(), |folder| format!("{folder}{rest}"))
    }
}

/// The refs that a pattern names, by what stands for its star; nothing stands there where it has none.
fn refs(vault: &Vault, pattern: &str) -> Result<BTreeMap<String, Oid>, GitError> {
    let Some(folder) = pattern.strip_suffix('*') else {
        return Ok(vault.tip(pattern)?.map(|tip| (String::new(), tip)).into_iter().collect());
    };
    let all = vault.below(folder)?.into_iter();
    Ok(all.filter_map(|(name, tip)| Some((name.strip_prefix(folder)?.to_owned(), tip))).collect())
}

#[cfg(test)]
mod tests {
    use git2::Repository;

    use super::*;

    #[test]
    fn refs_follow_what_was_fetched() {
        let dir = tempfile::tempdir().unwrap();
        let repo = Repository::init_bare(dir.path()).unwrap();
        let tip = repo.blob(b"a").unwrap();
        let vault = Vault { repo, path: dir.path().to_owned() };
        let names = |folder: &str| vault.below(folder).unwrap().into_keys().collect::<Vec<_>>();
        let heads = Wanted::parse("+refs/heads/*:refs/remotes/origin/*").unwrap();
        assert_eq!(heads.incoming(), "+refs/heads/*:refs/incoming/heads/*");
        for name in ["x", "a/b", "it's"] {
            vault.set(&format!("refs/incoming/heads/{name}"), tip, "").unwrap();
        }
        vault.set("refs/incoming/tags/x", tip, "").unwrap();
        // a name that is in the way, one that is gone, and one of somebody else
        for name in ["remotes/origin/a", "remotes/origin/x/y", "remotes/other"] {
            vault.set(&format!("refs/{name}"), tip, "").unwrap();
        }
        heads.take(&vault).unwrap();
        let there = [
            "refs/remotes/origin/a/b",
            "refs/remotes/origin/it's",
            "refs/remotes/origin/x",
            "refs/remotes/other",
        ];
        assert_eq!(names("refs/remotes/"), there);

        let one = Wanted::parse("+refs/pull/7/head:refs/remotes/pull/7").unwrap();
        vault.set("refs/incoming/pull/7/head", tip, "").unwrap();
        one.take(&vault).unwrap();
        assert_eq!(vault.tip("refs/remotes/pull/7").unwrap(), Some(tip));
        for bad in ["refs/heads/*:refs/x/*", "+refs/heads/*", "+refs/heads/*:refs/x", "+heads/*:refs/x/*"] {
            assert!(Wanted::parse(bad).is_err(), "{bad:?}");
        }
    }
}
