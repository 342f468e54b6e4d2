//! What is told of a move: its type, its small fields, and the JSON that other programs read.
//!
//! Every birth and every move of every machine is one event, written to the outbox in the same transaction. Events of
//! jobs and workers have the types and fields of the original (`original` 14); the type of any other is the name of
//! its machine. Here is all that is decided about them: [`kind`] says the type, [`Payload`] what is kept beside the
//! move, [`wire`] the JSON, [`latest`] which of many events are worth a message. Each event fits into one NOTIFY of
//! PostgreSQL, whatever people and agents wrote: long texts are cut, and who needs them whole reads the row.
//!
//! ```
//! use sprintgate::domain::event::{Event, Payload, announced, wire};
//! use sprintgate::domain::time::Timestamp;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! assert_eq!(announced("job", "create", "QUEUED"), "claude_job_enqueued");
//! assert_eq!(announced("job", "claim", "CLAIMED"), "claude_job_status claimed");
//! assert_eq!(announced("story", "derive", "DONE"), "story done");
//!
//! let event = Event {
//!     machine: "story".into(),
//!     entity: "st-1".into(),
//!     entity_seq: 4,
//!     event: "derive".into(),
//!     from: Some("IN_SPRINT".into()),
//!     to: "DONE".into(),
//!     at: Timestamp(0),
//!     user: None,
//!     product: Some("shop".parse()?),
//!     payload: Payload::default(),
//! };
//! let iso = |_| "1970-01-01T00:00:00.000Z".to_owned();
//! assert_eq!(
//!     wire(&event, iso).to_string(),
//!     r#"{"type":"story","id":"st-1","event":"derive","from":"in_sprint","status":"done","product_id":"shop","#
//!         .to_owned()
//!         + r#""at":"1970-01-01T00:00:00.000Z","seq":4}"#
//! );
//! # Ok(())
//! # }
//! ```

mod cut;
mod json;
mod kind;
mod latest;
mod payload;
mod wire;

pub use json::{Json, Value};
pub use kind::{
    HEARTBEAT, JOB_ENQUEUED, JOB_STATUS, WORKER_CONNECTED, WORKER_DISCONNECTED, WORKER_HEARTBEAT, announced,
    kind,
};
pub use latest::latest;
pub use payload::{PAYLOAD_MAX, Payload};
pub use wire::{Event, WIRE_MAX, wire};
