//! Each move of a backlog item in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Derive => Ready: derive by [Server]
        when "a story changed: none failed, and one is not done or there is none"
        writes "nothing"
        emits "pbi ready";
    Derive => Failed: derive by [Server]
        when "a story changed: at least one failed"
        writes "nothing"
        emits "pbi failed";
    Derive => Done: derive by [Server]
        when "a story changed: there are stories, and all are done"
        writes "nothing"
        emits "pbi done";
    Block => Blocked: block by [Person]
        when "always"
        writes "nothing; it is not derived, and no sprint with work of it starts, until a person lets it go on"
        emits "pbi blocked";
    Unblock => Ready: unblock by [Person]
        when "always"
        writes "what its stories say, derived in the same transaction"
        emits "pbi ready";
}
