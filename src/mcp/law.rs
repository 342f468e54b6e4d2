//! The law as resources: `transitions://<machine>`, every legal edge of one machine as JSON.

use serde_json::json;

use rmcp::model::{ReadResourceResult, Resource, ResourceContents};

use crate::domain::law::{MACHINES, law, states};

const SCHEME: &str = "transitions://";
const JSON: &str = "application/json";

/// One resource a machine.
pub(super) fn resources() -> Vec<Resource> {
    let one = |machine: &&str| {
        Resource::new(format!("{SCHEME}{machine}"), format!("transitions_{machine}"))
            .with_title(format!("Transitions of the {machine} machine"))
            .with_description(format!("Every state of the {machine} machine, and every legal transition."))
            .with_mime_type(JSON)
    };
    MACHINES.iter().map(one).collect()
}

/// The resource of that address, if there is one.
pub(super) fn read(uri: &str) -> Option<ReadResourceResult> {
    let machine = MACHINES.iter().find(|machine| uri.strip_prefix(SCHEME) == Some(machine))?;
    let edges: Vec<_> = law().into_iter().filter(|edge| edge.machine == *machine).collect();
    let text = json!({ "machine": machine, "states": states(machine), "transitions": edges });
    let text = ResourceContents::text(format!("{text:#}"), uri).with_mime_type(JSON);
    Some(ReadResourceResult::new(vec![text]))
}
