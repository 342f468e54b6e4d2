-- A run that takes on another, and all that a person needs to know of a pause.

ALTER TABLE sprint_runs ADD COLUMN previous_run_id TEXT REFERENCES sprint_runs (id)
    CONSTRAINT previous_run_is_another CHECK (previous_run_id <> id)
    CONSTRAINT pause_context_is_whole CHECK (
        pause_context IS NULL
        OR json_type(pause_context, '$.resume_instructions') IS 'text'
           AND json_type(pause_context, '$.paused_at') IS 'integer'
           AND (json_extract(pause_context, '$.pause_reason') IS NOT 'MERGE_CONFLICT'
                OR json_type(pause_context, '$.pr_url') IS 'text'
                   AND json_type(pause_context, '$.pr_head_sha') IS 'text'
                   AND json_type(pause_context, '$.conflict_files') IS 'array'
                   AND json_type(pause_context, '$.claude_question_id') IS 'text'));
-- A run is taken on once.
CREATE UNIQUE INDEX one_run_takes_on_another ON sprint_runs (previous_run_id) WHERE previous_run_id IS NOT NULL;
