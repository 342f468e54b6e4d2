//! Each move of a worker's presence in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Register => Present: register by [Worker]
        when "the process of that token and instance gives a sign of life again, and its token is not revoked"
        writes "a new start and sign of life; no quota until it tells of one"
        emits "worker_connected";
    Unregister => Absent: unregister by [Worker]
        when "the process ends and says so"
        writes "since when, and the absence `unregistered`; no quota any more; other processes with the token stay"
        emits "worker_disconnected";
    Prune => Absent: prune by [Server]
        when "the process gave no sign of life for 60 s by the database's clock"
        writes "since when, and the absence `pruned`; no quota any more; its jobs are left to their leases"
        emits "worker_disconnected";
}
