//! Sends what was kept of an attempt from the vault to the remote, as far as it may be sent and under the same name, so
//! that it is there when this machine is not.

use std::collections::HashMap;
use std::path::Path;

use crate::domain::commit::CommitId;
use crate::domain::push::PushClass;
use crate::domain::remote::RemoteUrl;

use super::command::{GitCommand, Reach};
use super::error::GitError;
use super::lock::blocking;
use super::place::Place;
use super::redact::redact;
use super::send::{Move, NotPushed, Sending};
use super::settings::Git;
use super::vault::{Vault, commit_id};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SentSalvage {
    /// The remote has it now.
    Sent,
    /// The remote had it already.
    AlreadyThere,
    /// This machine's vault does not name that commit: it was let go of, or more was kept since, which is sent by
    /// itself.
    Gone,
    /// Nothing of it may be sent: neither the commit where the worktree stood nor a file of it is new to the remote, or an
    /// earlier version kept it, which did not tell these from the rest.
    Withheld,
    /// The remote has something else by that name, which is no part of it.
    Foreign {
        /// What it has.
        found: CommitId,
    },
    /// It was not sent.
    Failed(NotPushed),
}

impl Git {
    /// Sends what was salvaged of the attempt, if it is that commit still.
    ///
    /// # Errors
    /// For faults on this side; what the remote says is a [`SentSalvage`].
    pub async fn send_salvage(
        &self,
        url: &RemoteUrl,
        place: &Place,
        commit: &CommitId,
    ) -> Result<SentSalvage, GitError> {
        let Some(vault) = self.made_vault(url)? else { return Ok(SentSalvage::Gone) };
        let name = place.salvage_ref();
        if !self.stands_at(&vault, &name, commit).await? {
            return Ok(SentSalvage::Gone);
        }
        let parts = self.parts(&vault, place).await?;
        let Some(part) = parts.get(commit) else { return Ok(SentSalvage::Withheld) };
        let own: Vec<&CommitId> = parts.values().collect();
        match self.send_kept(&vault, url, &name, commit, part, &own).await {
            Err(error) => NotPushed::from_remote(error).map(SentSalvage::Failed),
            answer => answer,
        }
    }

    async fn send_kept(
        &self,
        vault: &Path,
        url: &RemoteUrl,
        name: &str,
        commit: &CommitId,
        part: &CommitId,
        own: &[&CommitId],
    ) -> Result<SentSalvage, GitError> {
        let found = self.ref_of(vault, url, name).await?;
        if let Some(found) = found.clone() {
            if found == *part {
                return Ok(SentSalvage::AlreadyThere);
            }
            // another part gives way; of what an earlier version sent, the vault has all
            if !own.contains(&&found) && !self.has_behind(vault, commit, &found).await? {
                return Ok(SentSalvage::Foreign { found });
            }
        }
        let one = Move { url, full: name, from: found.as_ref(), to: Some(part) };
        Ok(match self.send(vault, one).await? {
            Sending::Moved => SentSalvage::Sent,
            Sending::UpToDate => SentSalvage::AlreadyThere,
            Sending::Lost(why) => SentSalvage::Failed(NotPushed::new(PushClass::Transient, why)),
            Sending::Failed(failed) => SentSalvage::Failed(failed),
        })
    }

    async fn stands_at(&self, vault: &Path, name: &str, commit: &CommitId) -> Result<bool, GitError> {
        let (vault, name, commit) = (vault.to_owned(), name.to_owned(), commit.clone());
        blocking("look for salvaged work", move || {
            let vault = Vault::open(&vault)?;
            let wanted = vault.commit(&commit).ok();
            Ok(wanted.is_some() && vault.tip(&name)? == wanted)
        })
        .await
    }

    /// What may be sent of the attempt, by the commit of which it is a part.
    async fn parts(&self, vault: &Path, place: &Place) -> Result<HashMap<CommitId, CommitId>, GitError> {
        let (vault, refs) = (vault.to_owned(), place.outgoing_refs());
        blocking("look for what may be sent", move || {
            let mut parts = HashMap::new();
            for (name, part) in Vault::open(&vault)?.below(&refs)? {
                if let Some(Ok(whole)) = name.strip_prefix(&refs).map(CommitId::new) {
                    parts.insert(whole, commit_id(part)?);
                }
            }
            Ok(parts)
        })
        .await
    }

    /// Whether the history of `commit` has `old`, which the vault may not know.
    async fn has_behind(&self, vault: &Path, commit: &CommitId, old: &CommitId) -> Result<bool, GitError> {
        let (vault, commit, old) = (vault.to_owned(), commit.clone(), old.clone());
        blocking("compare salvaged work", move || {
            let vault = Vault::open(&vault)?;
            match vault.commit(&old) {
                Ok(old) => vault.is_behind(old, &[vault.commit(&commit)?]),
                Err(_) => Ok(false),
            }
        })
        .await
    }

    /// Where a ref of the remote stands.
    async fn ref_of(&self, vault: &Path, url: &RemoteUrl, name: &str) -> Result<Option<CommitId>, GitError> {
        let call = GitCommand::new("ls-remote", vault).reach(Reach::Remote(url));
        let said = self.must(call.args(["--", url.as_str(), name])).await?;
        let text = String::from_utf8_lossy(&said);
        let Some(line) = text.lines().find(|line| line.ends_with(&format!("\t{name}"))) else {
            return Ok(None);
        };
        let bad = || GitError::Answer { what: "ls-remote", text: redact(line).chars().take(200).collect() };
        let (value, _) = line.split_once('\t').ok_or_else(bad)?;
        CommitId::new(value).map(Some).map_err(|_| bad())
    }
}
