-- The queue's indexes, in words that PostgreSQL reads alike, so that one text of a statement finds its index in both.

DROP INDEX claude_jobs_claimable;
DROP INDEX claude_jobs_claimable_of_product;
DROP INDEX claude_jobs_waiting;
DROP INDEX claude_jobs_open_of_branch;
CREATE INDEX claude_jobs_claimable ON claude_jobs (user_id, created_at, sprint_sequence, id)
    WHERE status = 'QUEUED' AND ready AND NOT waiting;
CREATE INDEX claude_jobs_claimable_of_product
    ON claude_jobs (user_id, product_id, created_at, sprint_sequence, id)
    WHERE status = 'QUEUED' AND ready AND NOT waiting;
CREATE INDEX claude_jobs_waiting ON claude_jobs (user_id, not_before, id)
    WHERE status = 'QUEUED' AND ready AND waiting;
-- A job may have no repository: an expression that has a value for it too is looked up in both.
CREATE INDEX claude_jobs_open_of_branch
    ON claude_jobs (sprint_run_id, coalesce(repo_url, ''), branch, sprint_sequence, id)
    WHERE status IN ('QUEUED', 'CLAIMED', 'RUNNING') AND sprint_run_id IS NOT NULL;
