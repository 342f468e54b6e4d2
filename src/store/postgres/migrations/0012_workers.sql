-- Worker processes: whether they are there, and what is left of their agent's quota.

CREATE TABLE claude_workers (
    id text COLLATE "C" NOT NULL GENERATED ALWAYS AS (token_id || '/' || instance_id) STORED UNIQUE,
    user_id text COLLATE "C" NOT NULL REFERENCES users (id),
    token_id text COLLATE "C" NOT NULL REFERENCES api_tokens (id),
    instance_id text COLLATE "C" NOT NULL,
    product_id text COLLATE "C" REFERENCES products (id),
    hostname text,
    pid bigint,
    started_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    last_quota_pct bigint,
    last_quota_check_at timestamptz,
    absent_since timestamptz,
    absent_how text,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (token_id, instance_id),
    CONSTRAINT status_is_known CHECK (status IN ('PRESENT', 'ABSENT')),
    CONSTRAINT seen_after_start CHECK (last_seen_at >= started_at),
    CONSTRAINT absent_iff_since CHECK ((status = 'ABSENT') = (absent_since IS NOT NULL)),
    CONSTRAINT absent_iff_how CHECK ((status = 'ABSENT') = (absent_how IS NOT NULL)),
    CONSTRAINT absence_is_known CHECK (absent_how IN ('unregistered', 'pruned')),
    CONSTRAINT quota_is_whole CHECK ((last_quota_pct IS NULL) = (last_quota_check_at IS NULL)),
    CONSTRAINT quota_in_range CHECK (last_quota_pct BETWEEN 0 AND 100),
    CONSTRAINT absent_has_no_quota CHECK (status <> 'ABSENT' OR last_quota_pct IS NULL)
);
CREATE INDEX claude_workers_present ON claude_workers (user_id, last_seen_at) WHERE status = 'PRESENT';
-- Those that gave no sign of life for too long.
CREATE INDEX claude_workers_silent ON claude_workers (last_seen_at, id) WHERE status = 'PRESENT';
