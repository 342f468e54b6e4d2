//! Each move of a worktree in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    JobClaimed => AcquiringLock: ask by [Server]
        when "an attempt was claimed that needs a worktree"
        writes "the locks that it waits for, sorted; since when; a lease by the database's clock"
        emits "worktree acquiring_lock";
    LockAcquired => CreatingOrReusing: acquire by [Server]
        when "no other attempt holds any of the locks, and its own lease runs; all are taken at once, or none"
        writes "the locks as held"
        emits "worktree creating_or_reusing";
    LockTimeout => LockTimeout: time_out by [Server]
        when "it waited for a minute"
        writes "the lock that was missing, and no lock any more; the attempt is given back"
        emits "worktree lock_timeout";
    WorktreeReady => Syncing: made by [Server]
        when "the folder is there: made, or a left-over that was salvaged and made fit"
        writes "nothing else"
        emits "worktree syncing";
    SyncDone => Ready: synced by [Server]
        when "it is at the commit that work starts from"
        writes "nothing else"
        emits "worktree ready";
    SyncFailed => SyncFailed: fail_sync by [Server]
        when "it could not be made, or not brought to that commit"
        writes "the error, and no lock any more; the attempt is given back"
        emits "worktree sync_failed";
    JobTerminal => Released: give_up by [Server]
        when "the attempt ended before it held any lock: it waited for them, or had not asked yet"
        writes "the end"
        emits "worktree released";
    JobTerminal => Releasing: release by [Server]
        when "the attempt ended, however that was: done, failed, cancelled, given back or expired"
        writes "nothing else; the locks are freed by the next move, in the same transaction"
        emits "worktree releasing";
    Released => Released: released by [Server]
        when "the attempt has ended: whoever comes next waits for no folder, and has it brought back"
        writes "the end, and no lock any more"
        emits "worktree released";
    StaleReset => StaleReleased: stale_reset by [Server]
        when "its lease ran out by the database's clock; any process may, on any machine"
        writes "the end, and no lock any more; its folder is brought back for whoever comes next"
        emits "worktree stale_released";
}
