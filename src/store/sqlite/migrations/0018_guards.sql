-- What questions, pull requests and effects were made with, and no move changes; in the form of 0004.

CREATE TRIGGER claude_questions_frozen BEFORE UPDATE OF product_id, story_id, task_id, idea_id, sprint_run_id,
    asked_by, question, options, expires_at, created_at ON claude_questions
BEGIN SELECT RAISE(ABORT, 'question: what was asked never changes'); END;
CREATE TRIGGER pull_requests_frozen BEFORE UPDATE OF product_id, sprint_run_id, story_id, repo_url, branch,
    pr_strategy, created_at ON pull_requests
BEGIN SELECT RAISE(ABORT, 'pull request: what it publishes never changes'); END;
CREATE TRIGGER effects_frozen BEFORE UPDATE OF kind, product_id, job_id, payload, created_at ON effects
BEGIN SELECT RAISE(ABORT, 'effect: what is to be done never changes'); END;
