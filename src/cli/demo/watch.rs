//! Looks at the ledger and the agents' dialogue again and again, and tells each event once.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::dialogue;
use super::screen::Screen;
use super::stage::Stage;
use super::told::{Told, moved, other, said};
use crate::cli::error::CliError;
use crate::cli::wiring::JobFilter;
use crate::flow::wire::JobLine;

/// The time between two looks.
const LOOK: Duration = Duration::from_millis(150);

/// The spectator.
pub(super) struct Watch<'a> {
    stage: &'a Stage,
    screen: Screen,
    began: i64,
    rows: BTreeMap<String, usize>,
    runs: BTreeMap<String, String>,
    exchanges: usize,
}

impl<'a> Watch<'a> {
    pub(super) fn new(stage: &'a Stage, screen: Screen) -> Self {
        let (rows, runs) = Default::default();
        Self { stage, screen, began: dialogue::now(), rows, runs, exchanges: 0 }
    }

    /// Tells what happens until something holds of the jobs; false when it did not within the time.
    pub(super) async fn until(
        &mut self,
        limit: Duration,
        holds: impl Fn(&[JobLine]) -> bool,
    ) -> Result<bool, CliError> {
        let end = Instant::now() + limit;
        loop {
            let jobs = self.look().await?;
            if holds(&jobs) {
                return Ok(true);
            }
            if Instant::now() >= end {
                return Ok(false);
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Tells everything that is new.
    pub(super) async fn look(&mut self) -> Result<Vec<JobLine>, CliError> {
        let (app, person) = (&self.stage.app, &self.stage.person);
        let mut news: Vec<Told> = Vec::new();
        let jobs = app.list_jobs(person, JobFilter::default()).await?;
        // The list begins with the newest; what happened at once is told in the order of the sprint.
        for job in jobs.iter().rev() {
            let detail = app.show_job(person, &job.job_id).await?;
            let seen = self.rows.entry(job.job_id.clone()).or_default();
            news.extend(detail.history.iter().skip(*seen).map(|row| moved(&detail.job, row)));
            *seen = detail.history.len();
        }
        let exchanges = dialogue::read(&self.stage.folder);
        news.extend(exchanges.iter().skip(self.exchanges).map(said));
        self.exchanges = exchanges.len();
        for run in app.board(person).await?.runs {
            let before = self.runs.insert(run.run_id, run.status.clone());
            if before.as_ref() != Some(&run.status) {
                let from = before.as_deref().unwrap_or("-");
                let text = format!("sprint {}: {from} -> {}", run.sprint_code, run.status);
                news.push(other(dialogue::now(), text));
            }
        }
        news.sort_by_key(|told| told.at);
        for told in &news {
            self.tell(told)?;
        }
        Ok(jobs)
    }

    /// Tells one event.
    pub(super) fn tell(&self, told: &Told) -> Result<(), CliError> {
        let tenths = (told.at - self.began).max(0) / 100;
        self.screen.line(told.tone, &format!("{:>3}.{}s  {}", tenths / 10, tenths % 10, told.text))
    }
}
