//! Asks the forges how the open pull requests go: one process at a time for each forge, so that one that is away keeps
//! nobody else waiting.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::polls::{LONGEST, Polls};
use super::shown::Look;
use crate::domain::forge::{ForgeHost, PrUrl};
use crate::domain::pull_request::{ForgeState, Status};
use crate::domain::remote::RemoteUrl;
use crate::domain::time::Millis;
use crate::flow::{FlowError, Sprintgate};
use crate::forge::{Forge, ForgeError, Pr, Retry};
use crate::git::Merging;
use crate::store::PullRequestRecord;

/// How many are asked about in one round.
const ROUND: u32 = 50;
/// How often is looked for what is due.
const LOOK: Duration = Duration::from_secs(15);
/// How long a forge that is away is left alone, unless it says how long.
const AWAY: Millis = Millis::seconds(30);

/// What came of asking all forges once.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Polled {
    /// How many pull requests were asked about and answered.
    pub asked: u32,
    /// How many publications moved.
    pub moved: u32,
    /// Forges that could not be asked.
    pub away: Vec<Away>,
}

/// A forge that could not be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away {
    /// Which.
    pub host: ForgeHost,
    /// What it said.
    pub why: String,
    /// How long it is left alone.
    pub wait: Millis,
    /// Whether it may answer another process: one with another token, or on another network.
    pub answers_others: bool,
}

impl Sprintgate {
    /// Stands for the office of a forge and asks it what is due while it holds it, until `gone` is cancelled. A forge that
    /// may answer another process is left to others for a while.
    pub(in crate::flow) async fn keep_polling(&self, forge: &Arc<dyn Forge>, gone: &CancellationToken) {
        let office = format!("forge/{}", forge.host());
        self.stand_for(&office, gone, || async {
            let mut polls = Polls::default();
            loop {
                let mut wait = LOOK;
                match self.poll_forge(&**forge, &mut polls).await {
                    Ok(polled) => {
                        for Away { host, why, wait: away, answers_others } in polled.away {
                            tracing::warn!(%host, why, "the forge is left alone for a while");
                            wait = wait.max(Duration::from_millis(away.0.unsigned_abs()));
                            if answers_others {
                                return wait;
                            }
                        }
                    }
                    Err(error) => tracing::warn!(%error, "open pull requests could not be asked about"),
                }
                sleep(wait).await;
            }
        })
        .await;
    }

    /// Asks each forge once about the pull requests that are due, at most 50 a forge. Every runner and MCP server and
    /// `sweep --watch` do it by themselves.
    ///
    /// # Errors
    /// When the store fails. What a forge says is in the answer, and nothing is lost by it.
    pub async fn poll_pull_requests(&self, polls: &mut Polls) -> Result<Polled, FlowError> {
        let mut all = Polled::default();
        for forge in self.forges.each() {
            let polled = self.poll_forge(&**forge, polls).await?;
            all.asked += polled.asked;
            all.moved += polled.moved;
            all.away.extend(polled.away);
        }
        Ok(all)
    }

    async fn poll_forge(&self, forge: &dyn Forge, polls: &mut Polls) -> Result<Polled, FlowError> {
        let due = self.store.read().await?.due_polls(forge.host(), ROUND).await?;
        let mut polled = Polled::default();
        for record in due {
            let look = match self.asks(forge, &record).await {
                Ok(look) => look,
                Err(error) => match away(&error) {
                    Some(wait) => {
                        let (host, why) = (forge.host().clone(), error.to_string());
                        let answers_others = !matches!(error, ForgeError::Wait { .. });
                        // It may be this one alone that the forge cannot show: the others are asked about before it.
                        if matches!(error, ForgeError::Away { .. }) {
                            self.put_off(&host, &record, polls, &why).await?;
                        }
                        polled.away.push(Away { host, why, wait, answers_others });
                        break;
                    }
                    None => {
                        self.put_off(forge.host(), &record, polls, &error.to_string()).await?;
                        continue;
                    }
                },
            };
            polled.asked += 1;
            match self.take_in(forge.host(), &record, &look, polls).await {
                Ok(moved) => polled.moved += u32::from(moved),
                Err(FlowError::Store(error)) if error.is_retryable() => return Err(error.into()),
                // One that cannot be written keeps no other waiting.
                Err(error) => self.put_off(forge.host(), &record, polls, &error.to_string()).await?,
            }
        }
        Ok(polled)
    }

    /// What the forge shows, with its checks where they decide, and the files in conflict where it says that there may be
    /// some: what is found in the vault decides, and not the forge.
    async fn asks(&self, forge: &dyn Forge, record: &PullRequestRecord) -> Result<Look, ForgeError> {
        let url = record.row.url.as_deref().and_then(|url| url.parse::<PrUrl>().ok());
        let url = url.ok_or_else(|| ForgeError::Invalid { why: "its address is none".to_owned() })?;
        let pr = forge.get(&url).await?;
        let is_ours = pr.state == ForgeState::Open && record.row.head.as_ref() == Some(&pr.head);
        let is_awaited = matches!(record.row.status, Status::WaitingForChecks | Status::AutoMergeEnabled);
        let checks = match is_ours && is_awaited {
            true => Some(forge.checks(&url, &pr.head).await?),
            false => None,
        };
        let may_conflict = is_awaited || matches!(record.row.status, Status::PrOpened | Status::DraftOpened);
        let conflict = match is_ours && may_conflict && pr.mergeable == Some(false) {
            true => self.in_conflict(record, &pr).await,
            false => Vec::new(),
        };
        Ok(Look { pr, checks, conflict })
    }

    async fn in_conflict(&self, record: &PullRequestRecord, pr: &Pr) -> Vec<String> {
        let Ok(url) = RemoteUrl::new(record.repo_url.as_str()) else { return Vec::new() };
        match self.git.conflicts(&url, &pr.base, &pr.head).await {
            Ok(Merging::Conflict { files }) => files,
            Ok(_) => Vec::new(),
            Err(error) => {
                tracing::warn!(publication = %record.row.id, %error, "conflicts could not be looked for");
                Vec::new()
            }
        }
    }

    async fn put_off(
        &self,
        host: &ForgeHost,
        record: &PullRequestRecord,
        polls: &Polls,
        why: &str,
    ) -> Result<(), FlowError> {
        let id = &record.row.id;
        tracing::warn!(publication = %id, why, "the pull request is asked about later");
        let wait = polls.slower(id, record.row.status);
        self.again(|| async {
            let mut tx = self.store.begin().await?;
            let at = tx.now() + wait;
            tx.note_poll(id, host, at).await?;
            Ok(tx.commit().await?)
        })
        .await
    }
}

/// How long the host is left alone after that; none when it is about one pull request.
fn away(error: &ForgeError) -> Option<Millis> {
    match error {
        ForgeError::Wait { .. } | ForgeError::Away { .. } | ForgeError::Credentials { .. } => {
            match error.retry() {
                Retry::After(Some(wait)) => Some(wait.clamp(AWAY, LONGEST)),
                Retry::After(None) | Retry::Never => Some(AWAY),
            }
        }
        _ => None,
    }
}
