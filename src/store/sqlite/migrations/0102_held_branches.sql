-- A branch of a repository is held by one job at a time, of whatever run, product or user: whoever claims one of its jobs
-- holds it, and whoever ends that attempt, on whatever host, frees it with the same statement.

CREATE UNIQUE INDEX one_held_job_per_branch ON claude_jobs (repo_key, branch) WHERE status IN ('CLAIMED', 'RUNNING');
