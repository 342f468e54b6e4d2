-- What jobs, runs, ideas and workers were made with, and no statement changes; in the form of 0004. What attempts
-- sent, which decides whether a commit may be replaced, is only ever added to.

CREATE TRIGGER claude_jobs_frozen BEFORE UPDATE OF user_id, product_id, task_id, sprint_run_id, sprint_sequence, kind,
    branch, repo_url, created_at ON claude_jobs
BEGIN SELECT RAISE(ABORT, 'job: what it was made with never changes'); END;
-- A claim sets them, being put back clears them: in between a job is judged by what its attempt froze.
-- What is no move at all is left to claude_jobs_moves.
CREATE TRIGGER claude_jobs_brief BEFORE UPDATE OF claimed_at, plan_snapshot, verify_required_snapshot,
    verify_only_snapshot ON claude_jobs
WHEN (NEW.claimed_at IS NOT OLD.claimed_at OR NEW.plan_snapshot IS NOT OLD.plan_snapshot
      OR NEW.verify_required_snapshot IS NOT OLD.verify_required_snapshot
      OR NEW.verify_only_snapshot IS NOT OLD.verify_only_snapshot)
 AND (NEW.status = OLD.status
      OR OLD.status = 'QUEUED' AND NEW.status = 'CANCELLED'
      OR OLD.status IN ('CLAIMED', 'RUNNING') AND NEW.status <> 'QUEUED')
BEGIN SELECT RAISE(ABORT, 'job: plan and policy come with a claim and go when it is put back'); END;

CREATE TRIGGER sprint_runs_frozen BEFORE UPDATE OF sprint_id, started_by_id, pr_strategy, branch, previous_run_id,
    created_at ON sprint_runs
BEGIN SELECT RAISE(ABORT, 'sprint run: what it was started with never changes'); END;
CREATE TRIGGER ideas_frozen BEFORE UPDATE OF user_id, product_id, code, title, description, created_at ON ideas
BEGIN SELECT RAISE(ABORT, 'idea: what it was made with never changes'); END;
CREATE TRIGGER claude_workers_frozen BEFORE UPDATE OF user_id, product_id, hostname, pid, created_at ON claude_workers
BEGIN SELECT RAISE(ABORT, 'worker: what it was registered with never changes'); END;

-- REPLACE deletes without a trigger, so that the insert looks for the row itself; noting it again changes nothing.
CREATE TRIGGER sent_commits_held BEFORE INSERT ON sent_commits
BEGIN
    SELECT RAISE(ABORT, 'sent commit: is of an attempt that holds its job, and of its branch')
    WHERE NOT EXISTS (SELECT 1 FROM attempts a JOIN claude_jobs j ON j.id = a.job_id
                      WHERE a.job_id = NEW.job_id AND a.number = NEW.attempt AND a.status = 'HELD'
                        AND j.repo_url = NEW.repo_url AND j.branch = NEW.branch);
    SELECT RAISE(IGNORE)
    WHERE EXISTS (SELECT 1 FROM sent_commits
                  WHERE repo_url = NEW.repo_url AND branch = NEW.branch AND commit_sha = NEW.commit_sha
                    AND job_id = NEW.job_id AND attempt = NEW.attempt);
END;
CREATE TRIGGER sent_commits_no_update BEFORE UPDATE ON sent_commits
BEGIN SELECT RAISE(ABORT, 'sent commit: a row is never changed'); END;
CREATE TRIGGER sent_commits_no_delete BEFORE DELETE ON sent_commits
BEGIN SELECT RAISE(ABORT, 'sent commit: a row is never deleted'); END;
