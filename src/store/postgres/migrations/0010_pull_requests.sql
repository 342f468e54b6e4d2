-- The publication of branches: a row a branch and what became of it, to its merge.

CREATE TABLE pull_requests (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    product_id text COLLATE "C" NOT NULL REFERENCES products (id),
    sprint_run_id text COLLATE "C" REFERENCES sprint_runs (id),
    story_id text COLLATE "C" REFERENCES stories (id),
    repo_url text COLLATE "C" NOT NULL,
    branch text COLLATE "C" NOT NULL,
    pr_strategy text NOT NULL,
    -- The last commit that was pushed.
    head_sha text,
    pr_url text,
    draft boolean,
    reason text,
    merge_sha text,
    finished_at timestamptz,
    status text NOT NULL,
    status_event text NOT NULL,
    ledger_seq bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT branch_is_short CHECK (length(branch) BETWEEN 1 AND 255),
    CONSTRAINT pr_strategy_is_known CHECK (pr_strategy IN ('SPRINT', 'STORY', 'SPRINT_BATCH')),
    CONSTRAINT status_is_known
        CHECK (status IN ('NONE', 'BRANCH_PUSHED', 'PR_OPENED', 'DRAFT_OPENED', 'WAITING_FOR_CHECKS',
                          'AUTO_MERGE_ENABLED', 'READY_FOR_REVIEW', 'CHECKS_FAILED', 'MERGE_CONFLICT_PAUSED', 'MERGED',
                          'CLOSED')),
    CONSTRAINT strategy_fits_status CHECK (
        CASE WHEN status IN ('PR_OPENED', 'WAITING_FOR_CHECKS', 'AUTO_MERGE_ENABLED', 'CHECKS_FAILED')
                 THEN pr_strategy = 'STORY'
             WHEN status IN ('DRAFT_OPENED', 'READY_FOR_REVIEW') THEN pr_strategy <> 'STORY' ELSE TRUE END),
    CONSTRAINT pushed_iff_head CHECK ((status <> 'NONE') = (head_sha IS NOT NULL)),
    CONSTRAINT opened_iff_url CHECK ((status NOT IN ('NONE', 'BRANCH_PUSHED')) = (pr_url IS NOT NULL)),
    CONSTRAINT opened_iff_draft_is_known CHECK ((pr_url IS NULL) = (draft IS NULL)),
    CONSTRAINT stopped_iff_reason CHECK (
        (status IN ('CHECKS_FAILED', 'MERGE_CONFLICT_PAUSED', 'CLOSED')) = (reason IS NOT NULL)),
    CONSTRAINT merge_needs_merged CHECK (merge_sha IS NULL OR status = 'MERGED'),
    CONSTRAINT ended_iff_finished CHECK ((status IN ('MERGED', 'CLOSED')) = (finished_at IS NOT NULL))
);
-- A branch is published once at a time; what was merged or closed takes no further commit.
CREATE UNIQUE INDEX one_open_pull_request_per_branch ON pull_requests (repo_url, branch)
    WHERE status NOT IN ('MERGED', 'CLOSED');
CREATE INDEX pull_requests_of_run ON pull_requests (sprint_run_id, created_at, id) WHERE sprint_run_id IS NOT NULL;
CREATE INDEX pull_requests_of_story ON pull_requests (story_id, created_at, id) WHERE story_id IS NOT NULL;
