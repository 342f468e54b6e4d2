//! Each move of a task in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Begin => InProgress: begin by [Person, Worker, Server]
        when "its job started; or a person or planner says so"
        writes "the roll-up above it"
        emits "task in_progress";
    PutBack => ToDo: put_back by [Person, Worker, Server]
        when "its job was given back, expired, was skipped or cancelled; or a person or planner says so"
        writes "the roll-up above it"
        emits "task to_do";
    Submit => Review: submit by [Person, Worker]
        when "always"
        writes "the roll-up above it"
        emits "task review";
    Complete => Done: complete by [Person, Worker, Server]
        when "its job is done; or a person or planner says so, and no open job works on it"
        writes "the roll-up above it"
        emits "task done";
    Fail => Failed: fail by [Person, Worker, Server]
        when "its job failed; or a person or planner says so, and no open job works on it"
        writes "the roll-up above it"
        emits "task failed";
    Exclude => Excluded: exclude by [Person, Worker]
        when "no open job works on it"
        writes "the roll-up above it: it counts as handled"
        emits "task excluded";
    Reopen => ToDo: reopen by [Person, Worker]
        when "always"
        writes "the roll-up above it"
        emits "task to_do";
}
