//! Reads the outbox on from a place, page by page. A reader with a name keeps its place, and moves it only when it says
//! that it handled what it was handed: whoever dies between the two is handed the same again.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::flow::wire::EventView;
use crate::flow::{FlowError, Sprintgate};
use crate::store::{EventRecord, Place};

/// Events of a page.
const PAGE: u32 = 500;
/// The safety net: how long to sleep at most when nobody says that something changed.
const POLL: Duration = Duration::from_secs(5);
/// How long to sleep when something cannot be read yet, because an older transaction is open; twice as long each time.
const SOON: Duration = Duration::from_millis(10);
/// How often at most the sleep gets longer.
const LONGER: u32 = 7;
/// How often a reader with a name says that it is there while there is nothing to handle.
const SIGN_OF_LIFE: Duration = Duration::from_secs(60);

/// Somebody who reads the outbox.
pub struct EventReader {
    app: Sprintgate,
    name: Option<String>,
    /// Everything up to here was handled.
    place: Place,
    /// Everything up to here was handed out.
    handed: Place,
    /// How often in a row more was there that could not be read yet.
    held_back: u32,
    seen: Instant,
    changes: watch::Receiver<u64>,
}

impl Sprintgate {
    /// The newest events, oldest of them first, at most `limit`, and a reader of those that come after them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn newest_events(&self, limit: u32) -> Result<(Vec<EventView>, EventReader), FlowError> {
        let changes = self.store.changes();
        let newest = self.store.read().await?.newest_events(limit.max(1)).await?;
        let place = newest.last().map_or(Place::START, |last| last.place);
        let shown = newest.iter().skip(usize::from(limit == 0)).map(EventView::of).collect();
        Ok((shown, self.reader(None, place, changes)))
    }

    /// The reader of that name, at its place. One that is new begins with the oldest event that is kept, or, `from_now`,
    /// behind the newest.
    ///
    /// # Errors
    /// `VALIDATION_ERROR` for a name that is none; when the store fails.
    pub async fn consume_events(&self, name: &str, from_now: bool) -> Result<EventReader, FlowError> {
        super::consumers::named(name)?;
        let changes = self.store.changes();
        if self.store.read().await?.consumer(name).await?.is_none() {
            let mut tx = self.store.begin().await?;
            let newest = if from_now { tx.newest_events(1).await? } else { Vec::new() };
            tx.add_consumer(name, newest.last().map_or(Place::START, |last| last.place)).await?;
            tx.commit().await?;
        }
        let kept = self.store.read().await?.consumer(name).await?;
        let kept = kept.ok_or_else(|| forgotten(name))?;
        Ok(self.reader(Some(kept.name), kept.place, changes))
    }

    fn reader(&self, name: Option<String>, place: Place, changes: watch::Receiver<u64>) -> EventReader {
        EventReader {
            app: self.clone(),
            name,
            place,
            handed: place,
            held_back: 0,
            seen: Instant::now(),
            changes,
        }
    }
}

impl EventReader {
    /// The events that come next; empty when there is none. What was not said to be handled comes again.
    ///
    /// # Errors
    /// `NOT_FOUND` when a reader with a name was forgotten; when the store fails.
    pub async fn page(&mut self) -> Result<Vec<EventView>, FlowError> {
        Ok(self.records().await?.iter().map(EventView::of).collect())
    }

    pub(super) async fn records(&mut self) -> Result<Vec<EventRecord>, FlowError> {
        // Listening comes before looking: a change after this line wakes `wait`.
        self.changes.borrow_and_update();
        let mut tx = self.app.store.read().await?;
        if let Some(name) = &self.name {
            let kept = tx.consumer(name).await?.ok_or_else(|| forgotten(name))?;
            // Another process of this name may have gone on.
            self.place = self.place.max(kept.place);
        }
        let page = tx.events_after(self.place, PAGE).await?;
        self.handed = page.last().map_or(self.place, |last| last.place);
        let held_back = page.is_empty() && tx.held_back(self.place).await?;
        self.held_back = if held_back { self.held_back + 1 } else { 0 };
        Ok(page)
    }

    /// Says it on the database's channel and moves the place, in one transaction; false when another process of this name
    /// went on meanwhile.
    pub(super) async fn say(&mut self, messages: &[String]) -> Result<bool, FlowError> {
        let Some(name) = &self.name else { return Ok(false) };
        let mut tx = self.app.store.begin().await?;
        if !tx.move_on(name, self.place, self.handed).await? {
            return Ok(false);
        }
        tx.say(messages).await?;
        tx.commit().await?;
        self.place = self.handed;
        self.seen = Instant::now();
        Ok(true)
    }

    /// Says that everything that was handed out has been handled.
    ///
    /// # Errors
    /// When the store fails; the same events come again then.
    pub async fn handled(&mut self) -> Result<(), FlowError> {
        if let Some(name) = &self.name {
            let mut tx = self.app.store.begin().await?;
            tx.advance(name, self.handed).await?;
            tx.commit().await?;
            self.seen = Instant::now();
        }
        self.place = self.handed;
        Ok(())
    }

    /// Waits until there may be more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn wait(&mut self) -> Result<(), FlowError> {
        if self.seen.elapsed() >= SIGN_OF_LIFE {
            self.handed = self.place;
            self.handled().await?;
        }
        let nap = match self.held_back {
            0 => POLL,
            times => SOON * 2_u32.pow(times.min(LONGER)),
        };
        let wake = Instant::now() + nap;
        tokio::select! {
            () = tokio::time::sleep_until(wake) => {}
            // When the store's watcher has ended, the poll alone goes on.
            changed = self.changes.changed() => if changed.is_err() {
                tokio::time::sleep_until(wake).await;
            },
        }
        Ok(())
    }
}

fn forgotten(name: &str) -> FlowError {
    FlowError::not_found("consumer of events", name)
}
