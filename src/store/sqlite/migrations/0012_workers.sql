-- Worker processes: whether they are there, and what is left of their agent's quota.

CREATE TABLE claude_workers (
    id TEXT NOT NULL GENERATED ALWAYS AS (token_id || '/' || instance_id) STORED UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id),
    token_id TEXT NOT NULL REFERENCES api_tokens (id),
    instance_id TEXT NOT NULL,
    product_id TEXT REFERENCES products (id),
    hostname TEXT,
    pid INTEGER,
    started_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    last_quota_pct INTEGER,
    last_quota_check_at INTEGER,
    absent_since INTEGER,
    absent_how TEXT,
    status TEXT NOT NULL,
    status_event TEXT NOT NULL,
    ledger_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (token_id, instance_id),
    CONSTRAINT status_is_known CHECK (status IN ('PRESENT', 'ABSENT')),
    CONSTRAINT seen_after_start CHECK (last_seen_at >= started_at),
    CONSTRAINT absent_iff_since CHECK ((status = 'ABSENT') = (absent_since IS NOT NULL)),
    CONSTRAINT absent_iff_how CHECK ((status = 'ABSENT') = (absent_how IS NOT NULL)),
    CONSTRAINT absence_is_known CHECK (absent_how IN ('unregistered', 'pruned')),
    CONSTRAINT quota_is_whole CHECK ((last_quota_pct IS NULL) = (last_quota_check_at IS NULL)),
    CONSTRAINT quota_in_range CHECK (last_quota_pct BETWEEN 0 AND 100),
    CONSTRAINT absent_has_no_quota CHECK (status <> 'ABSENT' OR last_quota_pct IS NULL)
) STRICT;
CREATE INDEX claude_workers_present ON claude_workers (user_id, last_seen_at) WHERE status = 'PRESENT';
-- Those that gave no sign of life for too long.
CREATE INDEX claude_workers_silent ON claude_workers (last_seen_at, id) WHERE status = 'PRESENT';
