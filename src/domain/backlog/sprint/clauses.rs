//! Each move of a sprint in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Derive => Open: derive by [Server]
        when "a story of it changed: none failed, and one is not done or there is none"
        writes "nothing"
        emits "sprint open";
    Derive => Closed: derive by [Server]
        when "a story of it changed: there are stories, and all are done"
        writes "nothing"
        emits "sprint closed";
    Derive => Failed: derive by [Server]
        when "a story of it changed: at least one failed"
        writes "nothing"
        emits "sprint failed";
    Archive => Archived: archive by [Person]
        when "always"
        writes "nothing; it is never derived again"
        emits "sprint archived";
}
