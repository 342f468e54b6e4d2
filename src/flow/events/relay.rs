//! Hands the outbox on to a channel: after the commit, many events together, each entity's newest only.

use tokio_util::sync::CancellationToken;

use super::reader::EventReader;
use crate::domain::event::{latest, wire};
use crate::flow::fresh::iso;
use crate::flow::{FlowError, Sprintgate};
use crate::store::Channel;

impl Sprintgate {
    /// Reads the outbox as the consumer of that name and sends what it finds, until `gone` is cancelled. What could not
    /// be sent is sent again, and a relay that takes the name on goes on where the last one was.
    ///
    /// # Errors
    /// As [`consume_events`](Self::consume_events), at its start; what fails later is logged and tried again.
    pub async fn relay_events(
        &self,
        name: &str,
        channel: &dyn Channel,
        gone: &CancellationToken,
    ) -> Result<(), FlowError> {
        let mut reader = self.consume_events(name, false).await?;
        while !gone.is_cancelled() {
            match send_on(&mut reader, channel, gone).await {
                Ok(()) => {}
                Err(error @ FlowError::NotFound { .. }) => return Err(error),
                Err(error) => {
                    tracing::warn!(%error, name, "events could not be sent; they are tried again");
                    wait(&mut reader, gone).await?;
                }
            }
        }
        Ok(())
    }
}

/// Sends what comes next, or waits for it.
async fn send_on(
    reader: &mut EventReader,
    channel: &dyn Channel,
    gone: &CancellationToken,
) -> Result<(), FlowError> {
    let page = reader.records().await?;
    if page.is_empty() {
        return wait(reader, gone).await;
    }
    let events: Vec<_> = page.iter().map(|record| &record.event).collect();
    let messages: Vec<String> =
        latest(&events).into_iter().map(|event| wire(event, iso).to_string()).collect();
    tokio::select! {
        // What arrived is not sent again because somebody wants to leave.
        biased;
        sent = channel.send(&messages) => sent?,
        () = gone.cancelled() => return Ok(()),
    }
    reader.handled().await
}

async fn wait(reader: &mut EventReader, gone: &CancellationToken) -> Result<(), FlowError> {
    tokio::select! {
        waited = reader.wait() => waited,
        () = gone.cancelled() => Ok(()),
    }
}
