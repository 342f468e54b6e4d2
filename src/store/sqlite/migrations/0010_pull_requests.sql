-- The publication of branches: a row a branch and what became of it, to its merge.

CREATE TABLE pull_requests (
    id TEXT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL REFERENCES products (id),
    sprint_run_id TEXT REFERENCES sprint_runs (id),
    story_id TEXT REFERENCES stories (id),
    repo_url TEXT NOT NULL,
    branch TEXT NOT NULL,
    pr_strategy TEXT NOT NULL,
    -- The last commit that was pushed.
    head_sha TEXT,
    pr_url TEXT,
    draft INTEGER,
    reason TEXT,
    merge_sha TEXT,
    finished_at INTEGER,
    status TEXT NOT NULL,
    status_event TEXT NOT NULL,
    ledger_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    CONSTRAINT branch_is_short CHECK (length(branch) BETWEEN 1 AND 255),
    CONSTRAINT pr_strategy_is_known CHECK (pr_strategy IN ('SPRINT', 'STORY', 'SPRINT_BATCH')),
    CONSTRAINT draft_is_boolean CHECK (draft IN (0, 1)),
    CONSTRAINT status_is_known
        CHECK (status IN ('NONE', 'BRANCH_PUSHED', 'PR_OPENED', 'DRAFT_OPENED', 'WAITING_FOR_CHECKS',
                          'AUTO_MERGE_ENABLED', 'READY_FOR_REVIEW', 'CHECKS_FAILED', 'MERGE_CONFLICT_PAUSED', 'MERGED',
                          'CLOSED')),
    CONSTRAINT strategy_fits_status CHECK (
        CASE WHEN status IN ('PR_OPENED', 'WAITING_FOR_CHECKS', 'AUTO_MERGE_ENABLED', 'CHECKS_FAILED')
                 THEN pr_strategy = 'STORY'
             WHEN status IN ('DRAFT_OPENED', 'READY_FOR_REVIEW') THEN pr_strategy <> 'STORY' ELSE 1 END),
    CONSTRAINT pushed_iff_head CHECK ((status <> 'NONE') = (head_sha IS NOT NULL)),
    CONSTRAINT opened_iff_url CHECK ((status NOT IN ('NONE', 'BRANCH_PUSHED')) = (pr_url IS NOT NULL)),
    CONSTRAINT opened_iff_draft_is_known CHECK ((pr_url IS NULL) = (draft IS NULL)),
    CONSTRAINT stopped_iff_reason CHECK (
        (status IN ('CHECKS_FAILED', 'MERGE_CONFLICT_PAUSED', 'CLOSED')) = (reason IS NOT NULL)),
    CONSTRAINT merge_needs_merged CHECK (merge_sha IS NULL OR status = 'MERGED'),
    CONSTRAINT ended_iff_finished CHECK ((status IN ('MERGED', 'CLOSED')) = (finished_at IS NOT NULL))
) STRICT;
-- A branch is published once at a time; what was merged or closed takes no further commit.
CREATE UNIQUE INDEX one_open_pull_request_per_branch ON pull_requests (repo_url, branch)
    WHERE status NOT IN ('MERGED', 'CLOSED');
CREATE INDEX pull_requests_of_run ON pull_requests (sprint_run_id, created_at, id) WHERE sprint_run_id IS NOT NULL;
CREATE INDEX pull_requests_of_story ON pull_requests (story_id, created_at, id) WHERE story_id IS NOT NULL;
