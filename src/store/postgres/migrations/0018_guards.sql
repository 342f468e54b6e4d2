-- What questions, pull requests and effects were made with, and no move changes.

CREATE TRIGGER claude_questions_frozen BEFORE UPDATE OF product_id, story_id, task_id, idea_id, sprint_run_id,
    asked_by, question, options, expires_at, created_at ON claude_questions
    FOR EACH ROW EXECUTE FUNCTION refuse('question: what was asked never changes');
CREATE TRIGGER pull_requests_frozen BEFORE UPDATE OF product_id, sprint_run_id, story_id, repo_url, branch,
    pr_strategy, created_at ON pull_requests
    FOR EACH ROW EXECUTE FUNCTION refuse('pull request: what it publishes never changes');
CREATE TRIGGER effects_frozen BEFORE UPDATE OF kind, product_id, job_id, payload, created_at ON effects
    FOR EACH ROW EXECUTE FUNCTION refuse('effect: what is to be done never changes');
