-- What a job is about: a task, an idea or the sprint of its run. What was asked for when it was queued, and the
-- thinking that it took.

ALTER TABLE claude_jobs ADD COLUMN idea_id TEXT REFERENCES ideas (id);
UPDATE claude_jobs SET idea_id = (SELECT i.id FROM ideas i WHERE i.job_id = claude_jobs.id)
    WHERE kind NOT IN ('TASK_IMPLEMENTATION', 'SPRINT_IMPLEMENTATION');
-- The first CHECK stands here, so that it looks at rows which have their idea.
ALTER TABLE claude_jobs ADD COLUMN requested_model TEXT
    CONSTRAINT kind_says_of_what CHECK (
        CASE WHEN kind = 'TASK_IMPLEMENTATION' THEN task_id IS NOT NULL AND idea_id IS NULL
             WHEN kind = 'SPRINT_IMPLEMENTATION'
                 THEN sprint_run_id IS NOT NULL AND task_id IS NULL AND idea_id IS NULL
             WHEN kind IN ('IDEA_GRILL', 'IDEA_MAKE_PLAN', 'IDEA_REVIEW_PLAN', 'PLAN_CHAT')
                 THEN idea_id IS NOT NULL AND task_id IS NULL AND sprint_run_id IS NULL
             ELSE TRUE END)
    CONSTRAINT requested_model_is_short CHECK (length(requested_model) BETWEEN 1 AND 200);
ALTER TABLE claude_jobs ADD COLUMN requested_thinking_budget INTEGER
    CONSTRAINT requested_budget_is_not_negative CHECK (requested_thinking_budget >= 0);
ALTER TABLE claude_jobs ADD COLUMN requested_permission_mode TEXT
    CONSTRAINT requested_mode_is_known
        CHECK (requested_permission_mode IN ('plan', 'default', 'acceptEdits', 'bypassPermissions'));
ALTER TABLE claude_jobs ADD COLUMN actual_thinking_tokens INTEGER
    CONSTRAINT thinking_is_not_negative CHECK (actual_thinking_tokens >= 0);
CREATE INDEX claude_jobs_of_idea ON claude_jobs (idea_id) WHERE idea_id IS NOT NULL;
CREATE UNIQUE INDEX one_open_job_per_idea ON claude_jobs (idea_id)
    WHERE status IN ('QUEUED', 'CLAIMED', 'RUNNING') AND idea_id IS NOT NULL;

DROP TRIGGER claude_jobs_frozen;
CREATE TRIGGER claude_jobs_frozen BEFORE UPDATE OF user_id, product_id, task_id, idea_id, sprint_run_id,
    sprint_sequence, kind, branch, repo_url, requested_model, requested_thinking_budget, requested_permission_mode,
    created_at ON claude_jobs
BEGIN SELECT RAISE(ABORT, 'job: what it was made with never changes'); END;
