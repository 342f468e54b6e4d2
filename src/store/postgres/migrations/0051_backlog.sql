-- What the backlog has besides: pull requests, assignees, dates, demands, and what was written down of a story's work.

-- Of a backlog item that is published by hand.
ALTER TABLE pbis ADD COLUMN pr_url text;
ALTER TABLE pbis ADD COLUMN pr_merged_at timestamptz
    CONSTRAINT merged_needs_pr CHECK (pr_merged_at IS NULL OR pr_url IS NOT NULL);

ALTER TABLE stories ADD COLUMN assignee_id text COLLATE "C" REFERENCES users (id) ON DELETE SET NULL;

-- The large model, whatever anybody wishes.
ALTER TABLE tasks ADD COLUMN requires_opus boolean NOT NULL DEFAULT FALSE;

ALTER TABLE sprints ADD COLUMN start_date date;
ALTER TABLE sprints ADD COLUMN end_date date
    CONSTRAINT ends_after_start CHECK (end_date >= start_date);
-- When it was closed, also of one that was put away since.
ALTER TABLE sprints ADD COLUMN completed_at timestamptz
    CONSTRAINT completed_is_closed CHECK (completed_at IS NULL OR status IN ('CLOSED', 'ARCHIVED'));
UPDATE sprints SET completed_at = updated_at WHERE status = 'CLOSED';

ALTER TABLE sprint_runs ADD COLUMN pr_url text;

CREATE TABLE story_logs (
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    story_id text COLLATE "C" NOT NULL REFERENCES stories (id) ON DELETE CASCADE,
    type text NOT NULL,
    content text NOT NULL,
    -- Of a test result.
    status text,
    -- Of a commit.
    commit_hash text,
    commit_message text,
    metadata jsonb,
    created_at timestamptz NOT NULL,
    CONSTRAINT type_is_known CHECK (type IN ('IMPLEMENTATION_PLAN', 'TEST_RESULT', 'COMMIT')),
    CONSTRAINT content_has_text CHECK (length(content) >= 1),
    CONSTRAINT test_iff_status CHECK ((type = 'TEST_RESULT') = (status IS NOT NULL)),
    CONSTRAINT test_status_is_known CHECK (status IN ('PASSED', 'FAILED')),
    CONSTRAINT commit_iff_hash CHECK ((type = 'COMMIT') = (commit_hash IS NOT NULL)),
    CONSTRAINT commit_is_whole CHECK ((commit_hash IS NULL) = (commit_message IS NULL)),
    CONSTRAINT metadata_is_an_object CHECK (jsonb_typeof(metadata) = 'object')
);
CREATE INDEX story_logs_of_story ON story_logs (story_id, created_at, id);
