-- The tasks of a job that implements a whole sprint, in order, frozen at its first claim.

CREATE TABLE sprint_task_executions (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    sprint_job_id text COLLATE "C" NOT NULL REFERENCES claude_jobs (id),
    task_id text COLLATE "C" NOT NULL REFERENCES tasks (id),
    "order" bigint NOT NULL,
    plan_snapshot text NOT NULL,
    verify_required_snapshot text NOT NULL,
    verify_only_snapshot boolean NOT NULL,
    base_sha text,
    head_sha text,
    verify_result text,
    verified_sha text,
    verified_at timestamptz,
    verify_summary text,
    skip_reason text,
    waived_by text COLLATE "C" REFERENCES users (id),
    waive_reason text,
    waived_at timestamptz,
    error text,
    started_at timestamptz,
    finished_at timestamptz,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    UNIQUE (sprint_job_id, "order"),
    UNIQUE (sprint_job_id, task_id),
    CONSTRAINT order_is_not_negative CHECK ("order" >= 0),
    CONSTRAINT verify_required_is_known
        CHECK (verify_required_snapshot IN ('ALIGNED', 'ALIGNED_OR_PARTIAL', 'ANY')),
    CONSTRAINT status_is_known CHECK (status IN ('PENDING', 'RUNNING', 'DONE', 'FAILED', 'SKIPPED')),
    CONSTRAINT running_iff_started CHECK (
        CASE status WHEN 'PENDING' THEN started_at IS NULL
                    WHEN 'SKIPPED' THEN TRUE ELSE started_at IS NOT NULL END),
    CONSTRAINT started_is_based CHECK (started_at IS NULL OR base_sha IS NOT NULL),
    CONSTRAINT ended_iff_finished CHECK ((status IN ('DONE', 'FAILED', 'SKIPPED')) = (finished_at IS NOT NULL)),
    CONSTRAINT evidence_is_whole CHECK (
        (verify_result IS NULL) = (verified_sha IS NULL) AND (verify_result IS NULL) = (verified_at IS NULL)),
    CONSTRAINT verify_result_is_known CHECK (verify_result IN ('ALIGNED', 'PARTIAL', 'EMPTY', 'DIVERGENT')),
    CONSTRAINT evidence_needs_work CHECK (started_at IS NOT NULL OR coalesce(verify_result, verify_summary) IS NULL),
    CONSTRAINT done_iff_head CHECK ((status = 'DONE') = (head_sha IS NOT NULL)),
    CONSTRAINT done_head_is_verified CHECK (head_sha IS NULL OR head_sha IS NOT DISTINCT FROM verified_sha),
    CONSTRAINT failed_iff_error CHECK ((status = 'FAILED') = (error IS NOT NULL)),
    CONSTRAINT skipped_iff_reason CHECK ((status = 'SKIPPED') = (skip_reason IS NOT NULL)),
    CONSTRAINT skip_reason_is_long CHECK (length(trim(skip_reason)) >= 10),
    CONSTRAINT waiver_is_whole CHECK (
        (waived_by IS NULL) = (waive_reason IS NULL) AND (waived_by IS NULL) = (waived_at IS NULL)),
    CONSTRAINT waived_is_skipped CHECK (waived_by IS NULL OR status = 'SKIPPED'),
    CONSTRAINT waive_reason_is_long CHECK (length(trim(waive_reason)) >= 10)
);
-- One agent works on one task at a time.
CREATE UNIQUE INDEX one_running_execution_per_job ON sprint_task_executions (sprint_job_id)
    WHERE status = 'RUNNING';
CREATE INDEX sprint_task_executions_of_task ON sprint_task_executions (task_id);
