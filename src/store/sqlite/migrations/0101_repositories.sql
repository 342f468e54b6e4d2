-- A repository is the same one however its address is spelled: jobs and publications are found by its key, which is host
-- and path, in lower case where there is a host. Which forge is asked about a pull request, and when next.

ALTER TABLE claude_jobs ADD COLUMN repo_key TEXT;
-- From the inside: how it is written; who serves it and where; without user; without port and slashes; without .git.
UPDATE claude_jobs SET repo_key = w.repo_key FROM (
    SELECT id, CASE host WHEN '' THEN '/' || path ELSE lower(host || '/' || path) END AS repo_key FROM (
        SELECT id, host, CASE WHEN substr(path, -4) = '.git' THEN substr(path, 1, length(path) - 4) ELSE path END AS path
        FROM (
            SELECT id, trim(path, '/') AS path,
                CASE WHEN substr(host, 1, 1) = '[' THEN substr(host, 2, instr(host, ']') - 2)
                     WHEN instr(host, ':') > 0 THEN substr(host, 1, instr(host, ':') - 1) ELSE host END AS host
            FROM (
                SELECT id, path, substr(host, instr(host, '@') + 1) AS host FROM (
                    SELECT id,
                        CASE form WHEN 'file' THEN '' WHEN 'url' THEN substr(rest, 1, instr(rest, '/') - 1)
                                  ELSE substr(rest, 1, instr(rest, ':') - 1) END AS host,
                        CASE form WHEN 'file' THEN rest WHEN 'url' THEN substr(rest, instr(rest, '/'))
                                  ELSE substr(rest, instr(rest, ':') + 1) END AS path
                    FROM (
                        SELECT id,
                            CASE WHEN repo_url LIKE '/%' OR repo_url LIKE 'file:///%' THEN 'file'
                                 WHEN instr(repo_url, '://') > 0 THEN 'url' ELSE 'user@host:path' END AS form,
                            CASE WHEN instr(repo_url, '://') > 0 THEN substr(repo_url, instr(repo_url, '://') + 3)
                                 ELSE repo_url END AS rest
                        FROM claude_jobs WHERE repo_url IS NOT NULL)))))) AS w
WHERE w.id = claude_jobs.id;
-- What is at work on a branch, and what came of it last.
CREATE INDEX claude_jobs_of_branch ON claude_jobs (repo_key, branch, finished_at, id) WHERE repo_key IS NOT NULL;
DROP TRIGGER claude_jobs_frozen;
CREATE TRIGGER claude_jobs_frozen BEFORE UPDATE OF user_id, product_id, task_id, idea_id, sprint_run_id,
    sprint_sequence, kind, branch, repo_url, repo_key, requested_model, requested_thinking_budget,
    requested_permission_mode, created_at ON claude_jobs
BEGIN SELECT RAISE(ABORT, 'job: what it was made with never changes'); END;

-- No version of this program has written a publication: one that is there all the same is refused.
ALTER TABLE pull_requests ADD COLUMN repo_key TEXT NOT NULL DEFAULT ''
    CONSTRAINT repo_key_has_text CHECK (repo_key <> '');
ALTER TABLE pull_requests ADD COLUMN poll_host TEXT;
ALTER TABLE pull_requests ADD COLUMN poll_at INTEGER
    CONSTRAINT polled_iff_host CHECK ((poll_at IS NULL) = (poll_host IS NULL));
DROP INDEX one_open_pull_request_per_branch;
DROP INDEX pull_requests_of_branch;
CREATE UNIQUE INDEX one_open_pull_request_per_branch ON pull_requests (repo_key, branch)
    WHERE status NOT IN ('MERGED', 'CLOSED');
CREATE INDEX pull_requests_of_branch ON pull_requests (repo_key, branch, created_at, id);
CREATE INDEX pull_requests_polled ON pull_requests (poll_host, poll_at, id)
    WHERE poll_at IS NOT NULL AND status NOT IN ('MERGED', 'CLOSED');
DROP TRIGGER pull_requests_frozen;
CREATE TRIGGER pull_requests_frozen BEFORE UPDATE OF product_id, sprint_run_id, story_id, repo_url, repo_key, branch,
    pr_strategy, created_at ON pull_requests
BEGIN SELECT RAISE(ABORT, 'pull request: what it publishes never changes'); END;
