//! What a person can do about an error. Like the errors' texts, it never says how to weaken a gate.

use super::error::CliError;
use crate::flow::{FlowError, Retry};

impl CliError {
    /// What a person can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Config(error) => error.hint(),
            Self::NotInitialised { .. } => Some("run `sprintgate init`".to_owned()),
            Self::Failed { hint, .. } => hint.clone(),
            Self::Flow(error) => of_flow(error),
            Self::Usage { .. } => Some("`--help` tells more".to_owned()),
            Self::Argument { .. } | Self::Io { .. } | Self::BrokenPipe => None,
        }
    }
}

fn of_flow(error: &FlowError) -> Option<String> {
    let fixed = match error {
        FlowError::Unauthenticated { .. } => "run `sprintgate init`",
        FlowError::NotFound { what: "product", .. } => "`sprintgate product list` names them all",
        FlowError::NotFound { what: "job", .. } => "`sprintgate job list` names them all",
        FlowError::NotFound { what: "salvage", .. } => "`sprintgate salvage list` names all that is kept",
        FlowError::Archived { .. } => "rows.jsonl and ledger.jsonl of that archive have it all",
        FlowError::NoClone { .. } => {
            "name the clone: `repo_roots` in the config file, or SPRINTGATE_REPO_ROOT_REPO_<name>"
        }
        FlowError::Blocked { blockers } => {
            let each: Vec<_> =
                blockers.iter().map(|b| format!("{} ({}: {})", b.label, b.kind, b.entity)).collect();
            return Some(each.join("\n"));
        }
        _ => match error.code() {
            "SCHEMA_NEWER" => "use the newer sprintgate that made this database",
            _ if error.retry() == Retry::Later => "the same command may succeed a moment later",
            _ => return None,
        },
    };
    Some(fixed.to_owned())
}
