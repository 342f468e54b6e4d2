-- Sprint runs, jobs, attempts, and the ledger.

CREATE TABLE sprint_runs (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    sprint_id text COLLATE "C" NOT NULL REFERENCES sprints (id),
    started_by_id text COLLATE "C" NOT NULL REFERENCES users (id),
    pr_strategy text NOT NULL,
    branch text COLLATE "C",
    started_at timestamptz,
    finished_at timestamptz,
    failure_reason text,
    failed_task_id text COLLATE "C" REFERENCES tasks (id),
    pause_context jsonb,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT pr_strategy_is_known CHECK (pr_strategy IN ('SPRINT', 'STORY', 'SPRINT_BATCH')),
    CONSTRAINT status_is_known
        CHECK (status IN ('QUEUED', 'RUNNING', 'PAUSED', 'DONE', 'FAILED', 'CANCELLED')),
    CONSTRAINT ended_iff_finished
        CHECK ((status IN ('DONE', 'FAILED', 'CANCELLED')) = (finished_at IS NOT NULL)),
    CONSTRAINT running_iff_started CHECK (
        CASE status WHEN 'QUEUED' THEN started_at IS NULL
                    WHEN 'RUNNING' THEN started_at IS NOT NULL
                    WHEN 'PAUSED' THEN started_at IS NOT NULL ELSE TRUE END),
    CONSTRAINT paused_iff_reason CHECK ((status = 'PAUSED') = (pause_context IS NOT NULL)),
    CONSTRAINT pause_reason_is_known CHECK (
        pause_context IS NULL
        OR coalesce(pause_context ->> 'pause_reason', '') IN ('MERGE_CONFLICT', 'QUOTA_DEPLETED')),
    CONSTRAINT failed_iff_reason CHECK ((status = 'FAILED') = (failure_reason IS NOT NULL)),
    CONSTRAINT failure_reason_is_short CHECK (length(failure_reason) <= 500),
    CONSTRAINT failed_task_needs_failure CHECK (failed_task_id IS NULL OR status = 'FAILED')
);
CREATE INDEX sprint_runs_of_sprint ON sprint_runs (sprint_id, created_at, id);
CREATE INDEX sprint_runs_failed_by ON sprint_runs (failed_task_id) WHERE failed_task_id IS NOT NULL;
CREATE UNIQUE INDEX one_live_run_per_sprint ON sprint_runs (sprint_id)
    WHERE status IN ('QUEUED', 'RUNNING', 'PAUSED');

CREATE TABLE claude_jobs (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL REFERENCES users (id),
    product_id text COLLATE "C" NOT NULL REFERENCES products (id),
    task_id text COLLATE "C" REFERENCES tasks (id),
    sprint_run_id text COLLATE "C" REFERENCES sprint_runs (id),
    sprint_sequence bigint NOT NULL,
    kind text NOT NULL,
    branch text COLLATE "C",
    repo_url text COLLATE "C",
    -- No earlier job of its branch is open, and its run hands out jobs.
    ready boolean NOT NULL,
    -- `not_before` was in the future when this was last looked at.
    waiting boolean NOT NULL DEFAULT FALSE,
    not_before timestamptz,
    attempt bigint NOT NULL DEFAULT 0,
    claimed_by_token_id text COLLATE "C" REFERENCES api_tokens (id),
    worker_instance_id text COLLATE "C",
    lease_until timestamptz,
    claimed_at timestamptz,
    started_at timestamptz,
    finished_at timestamptz,
    plan_snapshot text,
    verify_required_snapshot text,
    verify_only_snapshot boolean,
    base_sha text,
    verify_result text,
    verified_sha text,
    verified_at timestamptz,
    verify_reasoning text,
    head_sha text,
    pushed_at timestamptz,
    pr_url text,
    end_cause text,
    caused_by text COLLATE "C" REFERENCES claude_jobs (id),
    waived_by text COLLATE "C" REFERENCES users (id),
    waive_reason text,
    summary text,
    error text,
    stop_ordered_at timestamptz,
    stop_confirmed_at timestamptz,
    stop_confirmed_how text,
    model_id text COLLATE "C",
    input_tokens bigint,
    output_tokens bigint,
    cache_read_tokens bigint,
    cache_write_tokens bigint,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT status_is_known
        CHECK (status IN ('QUEUED', 'CLAIMED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
    CONSTRAINT kind_is_known CHECK (kind IN ('IDEA_GRILL', 'IDEA_MAKE_PLAN', 'IDEA_REVIEW_PLAN', 'PLAN_CHAT',
                                             'TASK_IMPLEMENTATION', 'SPRINT_IMPLEMENTATION')),
    CONSTRAINT kind_refs CHECK (kind <> 'TASK_IMPLEMENTATION' OR task_id IS NOT NULL),
    CONSTRAINT attempt_positive_when_held
        CHECK (attempt >= 0 AND (attempt > 0 OR status NOT IN ('CLAIMED', 'RUNNING'))),
    CONSTRAINT queued_iff_due CHECK ((status = 'QUEUED') = (not_before IS NOT NULL)),
    CONSTRAINT queued_is_clean CHECK (
        status <> 'QUEUED'
        OR num_nonnulls(claimed_at, started_at, plan_snapshot, verify_required_snapshot, verify_only_snapshot,
                        base_sha, verify_result, verified_sha, verified_at, verify_reasoning, head_sha,
                        pushed_at) = 0),
    CONSTRAINT held_iff_leased CHECK ((status IN ('CLAIMED', 'RUNNING')) = (lease_until IS NOT NULL)),
    CONSTRAINT held_iff_owned CHECK (
        (status IN ('CLAIMED', 'RUNNING')) = (claimed_by_token_id IS NOT NULL)
        AND (status IN ('CLAIMED', 'RUNNING')) = (worker_instance_id IS NOT NULL)),
    CONSTRAINT held_is_briefed CHECK (
        status NOT IN ('CLAIMED', 'RUNNING', 'DONE', 'FAILED') OR claimed_at IS NOT NULL),
    CONSTRAINT brief_is_whole CHECK (
        (claimed_at IS NULL) = (plan_snapshot IS NULL)
        AND (claimed_at IS NULL) = (verify_required_snapshot IS NULL)
        AND (claimed_at IS NULL) = (verify_only_snapshot IS NULL)),
    CONSTRAINT verify_required_is_known
        CHECK (verify_required_snapshot IN ('ALIGNED', 'ALIGNED_OR_PARTIAL', 'ANY')),
    CONSTRAINT running_iff_started CHECK (
        CASE status WHEN 'CLAIMED' THEN started_at IS NULL
                    WHEN 'RUNNING' THEN started_at IS NOT NULL
                    WHEN 'DONE' THEN started_at IS NOT NULL ELSE TRUE END),
    CONSTRAINT ended_iff_finished
        CHECK ((status IN ('DONE', 'FAILED', 'CANCELLED')) = (finished_at IS NOT NULL)),
    CONSTRAINT ended_iff_caused CHECK ((status IN ('DONE', 'FAILED', 'CANCELLED')) = (end_cause IS NOT NULL)),
    CONSTRAINT end_cause_is_known CHECK (end_cause IN ('finished', 'waived', 'reported', 'expired', 'given_back',
                                                       'push', 'user', 'cascade', 'run', 'skipped')),
    CONSTRAINT evidence_is_whole CHECK (
        (verify_result IS NULL) = (verified_sha IS NULL) AND (verify_result IS NULL) = (verified_at IS NULL)),
    CONSTRAINT verify_result_is_known CHECK (verify_result IN ('ALIGNED', 'PARTIAL', 'EMPTY', 'DIVERGENT')),
    CONSTRAINT done_iff_evidence CHECK (
        status <> 'DONE' OR kind NOT IN ('TASK_IMPLEMENTATION', 'SPRINT_IMPLEMENTATION')
        OR (verify_result IS NOT NULL AND verified_sha IS NOT NULL) OR waived_by IS NOT NULL),
    CONSTRAINT done_pushed_is_verified
        CHECK (head_sha IS NULL OR head_sha IS NOT DISTINCT FROM verified_sha OR waived_by IS NOT NULL),
    CONSTRAINT pushed_iff_head CHECK ((head_sha IS NULL) = (pushed_at IS NULL)),
    CONSTRAINT waived_iff_reasoned CHECK (
        (waived_by IS NULL) = (waive_reason IS NULL) AND (waived_by IS NOT NULL) = (end_cause IS NOT DISTINCT FROM 'waived')),
    CONSTRAINT cascade_iff_caused_by CHECK (end_cause IS DISTINCT FROM 'cascade' OR caused_by IS NOT NULL),
    CONSTRAINT stop_confirmed_after_order CHECK (
        (stop_confirmed_at IS NULL) = (stop_confirmed_how IS NULL)
        AND (stop_confirmed_at IS NULL OR stop_ordered_at IS NOT NULL)),
    CONSTRAINT stop_confirmation_is_known
        CHECK (stop_confirmed_how IN ('confirmed', 'forced', 'unconfirmed'))
);

ALTER TABLE api_tokens ADD FOREIGN KEY (scope_job) REFERENCES claude_jobs (id);

-- The queue. What cannot be claimed is in none of the first two, so that their length does not matter.
CREATE INDEX claude_jobs_claimable ON claude_jobs (user_id, created_at, sprint_sequence, id)
    WHERE status = 'QUEUED' AND ready AND NOT waiting;
CREATE INDEX claude_jobs_claimable_of_product
    ON claude_jobs (user_id, product_id, created_at, sprint_sequence, id)
    WHERE status = 'QUEUED' AND ready AND NOT waiting;
CREATE INDEX claude_jobs_waiting ON claude_jobs (user_id, not_before, id)
    WHERE status = 'QUEUED' AND ready AND waiting;
CREATE INDEX claude_jobs_held ON claude_jobs (lease_until, id) WHERE lease_until IS NOT NULL;
CREATE INDEX claude_jobs_open_of_branch ON claude_jobs (sprint_run_id, coalesce(repo_url, ''), branch, sprint_sequence, id)
    WHERE status IN ('QUEUED', 'CLAIMED', 'RUNNING') AND sprint_run_id IS NOT NULL;
CREATE UNIQUE INDEX one_open_job_per_task ON claude_jobs (task_id)
    WHERE status IN ('QUEUED', 'CLAIMED', 'RUNNING') AND task_id IS NOT NULL;
CREATE INDEX claude_jobs_open ON claude_jobs (user_id, product_id, status, ready, waiting, not_before)
    WHERE status IN ('QUEUED', 'CLAIMED', 'RUNNING');
CREATE INDEX claude_jobs_tally ON claude_jobs (sprint_run_id, status, end_cause)
    WHERE sprint_run_id IS NOT NULL;
-- Lists, newest first. No move touches them.
CREATE INDEX claude_jobs_of_user ON claude_jobs (user_id, created_at, id);
CREATE INDEX claude_jobs_of_product ON claude_jobs (product_id, created_at, id);
CREATE INDEX claude_jobs_of_run ON claude_jobs (sprint_run_id, created_at, id)
    WHERE sprint_run_id IS NOT NULL;
CREATE INDEX claude_jobs_of_task ON claude_jobs (task_id) WHERE task_id IS NOT NULL;
CREATE INDEX claude_jobs_caused_by ON claude_jobs (caused_by) WHERE caused_by IS NOT NULL;

CREATE TABLE attempts (
    id text COLLATE "C" NOT NULL GENERATED ALWAYS AS (job_id || '/' || CAST(number AS text)) STORED UNIQUE,
    job_id text COLLATE "C" NOT NULL REFERENCES claude_jobs (id),
    number bigint NOT NULL,
    token_id text COLLATE "C" NOT NULL REFERENCES api_tokens (id),
    worker_instance_id text COLLATE "C" NOT NULL,
    host text NOT NULL,
    plan_snapshot text NOT NULL,
    verify_required_snapshot text NOT NULL,
    verify_only_snapshot boolean NOT NULL,
    branch text COLLATE "C",
    base_sha text,
    published_sha text,
    verify_result text,
    verified_sha text,
    verified_at timestamptz,
    claimed_at timestamptz NOT NULL,
    ended_at timestamptz,
    reported text,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (job_id, number),
    CONSTRAINT number_is_positive CHECK (number > 0),
    CONSTRAINT verify_required_is_known
        CHECK (verify_required_snapshot IN ('ALIGNED', 'ALIGNED_OR_PARTIAL', 'ANY')),
    CONSTRAINT evidence_is_whole CHECK (
        (verify_result IS NULL) = (verified_sha IS NULL) AND (verify_result IS NULL) = (verified_at IS NULL)),
    CONSTRAINT verify_result_is_known CHECK (verify_result IN ('ALIGNED', 'PARTIAL', 'EMPTY', 'DIVERGENT')),
    CONSTRAINT ended_iff_not_held CHECK ((status = 'HELD') = (ended_at IS NULL)),
    CONSTRAINT status_is_known CHECK (status IN ('HELD', 'FINISHED', 'FAILED', 'GIVEN_BACK', 'EXPIRED', 'SKIPPED',
                                                 'CANCELLED'))
);
CREATE INDEX attempts_held ON attempts (token_id, claimed_at, job_id) WHERE status = 'HELD';
-- A job is held by one attempt at a time.
CREATE UNIQUE INDEX one_held_attempt_per_job ON attempts (job_id) WHERE status = 'HELD';

CREATE TABLE ledger (
    seq bigint PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY,
    machine text NOT NULL,
    entity text COLLATE "C" NOT NULL,
    entity_seq bigint NOT NULL,
    from_status text,
    event text NOT NULL,
    to_status text NOT NULL,
    actor_kind text NOT NULL,
    actor_id text COLLATE "C" NOT NULL,
    attempt bigint,
    at timestamptz NOT NULL,
    facts json NOT NULL,
    evidence text,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    UNIQUE (machine, entity, entity_seq),
    CONSTRAINT machine_is_known
        CHECK (machine IN ('job', 'attempt', 'sprint_run', 'task_execution', 'task', 'story', 'pbi', 'sprint', 'idea',
                           'question', 'pull_request', 'worktree', 'worker', 'effect')),
    CONSTRAINT actor_kind_is_known CHECK (actor_kind IN ('human', 'agent', 'system')),
    CONSTRAINT born_iff_first CHECK ((entity_seq = 1) = (from_status IS NULL)),
    CONSTRAINT hashes_are_sha256 CHECK (length(hash) = 64 AND length(prev_hash) = 64)
);
