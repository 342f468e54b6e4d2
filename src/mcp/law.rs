//! The law as resources: `transitions://<machine>`, one machine as JSON, as `tables --format json` has it.

use serde_json::json;

use rmcp::model::{ReadResourceResult, Resource, ResourceContents};

use crate::domain::law::{MACHINES, machines};

const SCHEME: &str = "transitions://";
const JSON: &str = "application/json";

/// One resource a machine.
pub(super) fn resources() -> Vec<Resource> {
    let one = |machine: &&str| {
        Resource::new(format!("{SCHEME}{machine}"), format!("transitions_{machine}"))
            .with_title(format!("Transitions of the {machine} machine"))
            .with_description(format!(
                "States, events and legal transitions of the {machine} machine, and who may make each, when."
            ))
            .with_mime_type(JSON)
    };
    MACHINES.iter().map(one).collect()
}

/// The resource of that address, if there is one.
pub(super) fn read(uri: &str) -> Option<ReadResourceResult> {
    let name = uri.strip_prefix(SCHEME)?;
    let machine = machines().into_iter().find(|machine| machine.name == name)?;
    let text = ResourceContents::text(format!("{:#}", json!(machine)), uri).with_mime_type(JSON);
    Some(ReadResourceResult::new(vec![text]))
}
