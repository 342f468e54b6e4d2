-- A run that takes on another, and all that a person needs to know of a pause.

ALTER TABLE sprint_runs
    ADD COLUMN previous_run_id text COLLATE "C" REFERENCES sprint_runs (id),
    ADD CONSTRAINT previous_run_is_another CHECK (previous_run_id <> id),
    ADD CONSTRAINT pause_context_is_whole CHECK (
        pause_context IS NULL
        OR coalesce(jsonb_typeof(pause_context -> 'resume_instructions'), '') = 'string'
           AND coalesce(jsonb_typeof(pause_context -> 'paused_at'), '') = 'number'
           AND (pause_context ->> 'pause_reason' IS DISTINCT FROM 'MERGE_CONFLICT'
                OR coalesce(jsonb_typeof(pause_context -> 'pr_url'), '') = 'string'
                   AND coalesce(jsonb_typeof(pause_context -> 'pr_head_sha'), '') = 'string'
                   AND coalesce(jsonb_typeof(pause_context -> 'conflict_files'), '') = 'array'
                   AND coalesce(jsonb_typeof(pause_context -> 'claude_question_id'), '') = 'string'));
-- A run is taken on once.
CREATE UNIQUE INDEX one_run_takes_on_another ON sprint_runs (previous_run_id) WHERE previous_run_id IS NOT NULL;
