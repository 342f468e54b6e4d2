//! The worktree-lease machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born Idle;

    Idle              => AcquiringLock     on JobClaimed,
    Idle              => Released          on JobTerminal,

    AcquiringLock     => CreatingOrReusing on LockAcquired,
    AcquiringLock     => LockTimeout       on LockTimeout,
    AcquiringLock     => Released          on JobTerminal,
    AcquiringLock     => StaleReleased     on StaleReset,

    CreatingOrReusing => Syncing           on WorktreeReady,
    CreatingOrReusing => SyncFailed        on SyncFailed,
    CreatingOrReusing => Releasing         on JobTerminal,
    CreatingOrReusing => StaleReleased     on StaleReset,

    Syncing           => Ready             on SyncDone,
    Syncing           => SyncFailed        on SyncFailed,
    Syncing           => Releasing         on JobTerminal,
    Syncing           => StaleReleased     on StaleReset,

    Ready             => Releasing         on JobTerminal,
    Ready             => StaleReleased     on StaleReset,

    Releasing         => Released          on Released,
    Releasing         => StaleReleased     on StaleReset,
}
