-- Attempts' holds on worktrees, and the locks that they work under.

CREATE TABLE worktrees (
    id text COLLATE "C" NOT NULL GENERATED ALWAYS AS (job_id || '/' || CAST(attempt AS text)) STORED UNIQUE,
    job_id text COLLATE "C" NOT NULL,
    attempt bigint NOT NULL,
    -- The locks that it holds or waits for, an array.
    locks jsonb NOT NULL DEFAULT '[]',
    waits_since timestamptz,
    lease_until timestamptz,
    missing jsonb,
    error text,
    finished_at timestamptz,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (job_id, attempt),
    FOREIGN KEY (job_id, attempt) REFERENCES attempts (job_id, number),
    CONSTRAINT attempt_is_positive CHECK (attempt > 0),
    CONSTRAINT locks_are_an_array CHECK (jsonb_typeof(locks) = 'array'),
    CONSTRAINT status_is_known
        CHECK (status IN ('IDLE', 'ACQUIRING_LOCK', 'LOCK_TIMEOUT', 'CREATING_OR_REUSING', 'SYNCING', 'SYNC_FAILED',
                          'READY', 'RELEASING', 'RELEASED', 'STALE_RELEASED')),
    CONSTRAINT leased_iff_locks CHECK (
        (status IN ('ACQUIRING_LOCK', 'CREATING_OR_REUSING', 'SYNCING', 'READY', 'RELEASING')) = (locks <> '[]')),
    CONSTRAINT leased_iff_until CHECK (
        (status IN ('ACQUIRING_LOCK', 'CREATING_OR_REUSING', 'SYNCING', 'READY', 'RELEASING'))
        = (lease_until IS NOT NULL)),
    CONSTRAINT waiting_iff_since CHECK ((status = 'ACQUIRING_LOCK') = (waits_since IS NOT NULL)),
    CONSTRAINT timeout_iff_missing CHECK ((status = 'LOCK_TIMEOUT') = (missing IS NOT NULL)),
    CONSTRAINT sync_failed_iff_error CHECK ((status = 'SYNC_FAILED') = (error IS NOT NULL)),
    CONSTRAINT ended_iff_finished CHECK (
        (status IN ('LOCK_TIMEOUT', 'SYNC_FAILED', 'RELEASED', 'STALE_RELEASED')) = (finished_at IS NOT NULL))
);
-- Those whose holder may have died.
CREATE INDEX worktrees_leased ON worktrees (lease_until, id) WHERE lease_until IS NOT NULL;

-- A lock has one holder, which is a worktree that holds it now.
CREATE TABLE worktree_locks (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    job_id text COLLATE "C" NOT NULL,
    attempt bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (job_id, attempt) REFERENCES worktrees (job_id, attempt),
    CONSTRAINT lock_name_has_text CHECK (name <> '')
);
CREATE INDEX worktree_locks_of_attempt ON worktree_locks (job_id, attempt);
CREATE INDEX worktree_locks_by_expiry ON worktree_locks (expires_at, name);
