//! Each move of a story in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Derive => Open: derive by [Server]
        when "a task or its planning changed: no task failed, not all are handled or none is done, and no sprint has it"
        writes "backlog item and sprint, derived after it"
        emits "story open";
    Derive => InSprint: derive by [Server]
        when "a task or its planning changed: no task failed, not all are handled or none is done, and a sprint has it"
        writes "backlog item and sprint, derived after it"
        emits "story in_sprint";
    Derive => Done: derive by [Server]
        when "a task changed: each is done or excluded, and at least one is done"
        writes "backlog item and sprint, derived after it"
        emits "story done";
    Derive => Failed: derive by [Server]
        when "a task changed: at least one failed"
        writes "backlog item and sprint, derived after it"
        emits "story failed";
}
