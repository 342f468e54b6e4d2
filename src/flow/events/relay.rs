//! Says the outbox on the database's channel: after the commit, many events together, each entity's newest only.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::reader::EventReader;
use crate::domain::event::{latest, wire};
use crate::flow::fresh::iso;
use crate::flow::{FlowError, Sprintgate};

/// How long a relay lets be after a failure.
const PAUSE: Duration = Duration::from_millis(500);

impl Sprintgate {
    /// Reads the outbox as the consumer of that name and says what it finds on the database's channel, until `gone` is
    /// cancelled. The place moves in the transaction that says it: each event is said once and each entity's in order,
    /// by how many processes and however they end. A name that is new begins behind the newest event. Where there is no
    /// channel, nothing is kept for it.
    ///
    /// # Errors
    /// As [`consume_events`](Self::consume_events), at its start, and when the consumer was forgotten; what else fails
    /// later is logged and tried again.
    pub async fn relay_events(&self, name: &str, gone: &CancellationToken) -> Result<(), FlowError> {
        if !self.store.read().await?.say(&[]).await? {
            gone.cancelled().await;
            return Ok(());
        }
        let mut reader = self.consume_events(name, true).await?;
        while !gone.is_cancelled() {
            match say_on(&mut reader, gone).await {
                Ok(()) => {}
                Err(error @ FlowError::NotFound { .. }) => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, name, "events could not be said; they are tried again");
                    tokio::select! {
                        () = tokio::time::sleep(PAUSE) => {}
                        () = gone.cancelled() => {}
                    }
                }
            }
        }
        Ok(())
    }
}

/// Says what comes next, or waits for it.
pub(crate) async fn say_on(reader: &mut EventReader, gone: &CancellationToken) -> Result<(), FlowError> {
    let page = reader.records().await?;
    if page.is_empty() {
        return tokio::select! {
            waited = reader.wait() => waited,
            () = gone.cancelled() => Ok(()),
        };
    }
    let events: Vec<_> = page.iter().map(|record| &record.event).collect();
    let messages: Vec<String> =
        latest(&events).into_iter().map(|event| wire(event, iso).to_string()).collect();
    reader.say(&messages).await.map(drop)
}
