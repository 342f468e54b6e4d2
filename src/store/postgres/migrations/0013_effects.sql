-- What is to be done outside of the database, until it is done or nobody tries any more.

CREATE TABLE effects (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    product_id text COLLATE "C" NOT NULL REFERENCES products (id),
    job_id text COLLATE "C" REFERENCES claude_jobs (id),
    -- What it is to be done to: ids and small fields.
    payload jsonb NOT NULL,
    tries bigint NOT NULL,
    tries_max bigint NOT NULL,
    due_at timestamptz,
    holder text,
    lease_until timestamptz,
    last_error text,
    finished_at timestamptz,
    gave_up_why text,
    dismissed_by text COLLATE "C" REFERENCES users (id),
    dismiss_reason text,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT kind_is_known
        CHECK (kind IN ('open_pr', 'mark_ready', 'auto_merge', 'close_pr', 'comment_pr', 'revert_pr', 'delete_branch',
                        'salvage', 'remove_worktree')),
    CONSTRAINT payload_is_an_object CHECK (jsonb_typeof(payload) = 'object'),
    CONSTRAINT status_is_known CHECK (status IN ('PENDING', 'RUNNING', 'RETRY', 'DONE', 'GAVE_UP')),
    -- One that was tried has tried, and one that waits has a try left.
    CONSTRAINT tries_fit_status
        CHECK (tries BETWEEN CAST(status IN ('RUNNING', 'RETRY', 'DONE') AS integer)
                         AND tries_max - CAST(status IN ('PENDING', 'RETRY') AS integer)),
    CONSTRAINT waits_iff_due CHECK ((status IN ('PENDING', 'RETRY')) = (due_at IS NOT NULL)),
    CONSTRAINT running_iff_held CHECK ((status = 'RUNNING') = (holder IS NOT NULL)),
    CONSTRAINT running_iff_leased CHECK ((status = 'RUNNING') = (lease_until IS NOT NULL)),
    CONSTRAINT ended_iff_finished CHECK ((status IN ('DONE', 'GAVE_UP')) = (finished_at IS NOT NULL)),
    CONSTRAINT gave_up_iff_why CHECK ((status = 'GAVE_UP') = (gave_up_why IS NOT NULL)),
    CONSTRAINT why_is_known CHECK (gave_up_why IN ('spent', 'refused', 'dismissed')),
    CONSTRAINT spent_is_the_last_try CHECK (gave_up_why IS DISTINCT FROM 'spent' OR tries = tries_max),
    CONSTRAINT error_needs_a_try CHECK (last_error IS NULL OR status IN ('RETRY', 'GAVE_UP') AND tries > 0),
    CONSTRAINT retry_has_error CHECK (status <> 'RETRY' OR last_error IS NOT NULL),
    CONSTRAINT failed_has_error CHECK (coalesce(gave_up_why, '') NOT IN ('spent', 'refused') OR last_error IS NOT NULL),
    CONSTRAINT error_is_short CHECK (length(last_error) <= 2000),
    CONSTRAINT dismissed_iff_by CHECK ((gave_up_why IS NOT DISTINCT FROM 'dismissed') = (dismissed_by IS NOT NULL)),
    CONSTRAINT dismissed_iff_reason CHECK ((gave_up_why IS NOT DISTINCT FROM 'dismissed') = (dismiss_reason IS NOT NULL))
);
-- The next to be tried, and those whose process is gone.
CREATE INDEX effects_due ON effects (due_at, id) WHERE status IN ('PENDING', 'RETRY');
CREATE INDEX effects_held ON effects (lease_until, id) WHERE status = 'RUNNING';
CREATE INDEX effects_given_up ON effects (product_id, finished_at, id) WHERE status = 'GAVE_UP';
CREATE INDEX effects_of_job ON effects (job_id) WHERE job_id IS NOT NULL;
