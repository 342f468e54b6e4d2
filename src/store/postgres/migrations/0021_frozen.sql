-- What jobs, runs, ideas and workers were made with, and no statement changes. What attempts sent, which decides
-- whether a commit may be replaced, is only ever added to.

CREATE TRIGGER claude_jobs_frozen BEFORE UPDATE OF user_id, product_id, task_id, sprint_run_id, sprint_sequence, kind,
    branch, repo_url, created_at ON claude_jobs
    FOR EACH ROW EXECUTE FUNCTION refuse('job: what it was made with never changes');
-- A claim sets them, being put back clears them: in between a job is judged by what its attempt froze.
-- What is no move at all is left to claude_jobs_moves.
CREATE TRIGGER claude_jobs_brief BEFORE UPDATE OF claimed_at, plan_snapshot, verify_required_snapshot,
    verify_only_snapshot ON claude_jobs FOR EACH ROW
    WHEN ((NEW.claimed_at IS DISTINCT FROM OLD.claimed_at
           OR NEW.plan_snapshot IS DISTINCT FROM OLD.plan_snapshot
           OR NEW.verify_required_snapshot IS DISTINCT FROM OLD.verify_required_snapshot
           OR NEW.verify_only_snapshot IS DISTINCT FROM OLD.verify_only_snapshot)
          AND (NEW.status = OLD.status
               OR OLD.status = 'QUEUED' AND NEW.status = 'CANCELLED'
               OR OLD.status IN ('CLAIMED', 'RUNNING') AND NEW.status <> 'QUEUED'))
    EXECUTE FUNCTION refuse('job: plan and policy come with a claim and go when it is put back');

CREATE TRIGGER sprint_runs_frozen BEFORE UPDATE OF sprint_id, started_by_id, pr_strategy, branch, previous_run_id,
    created_at ON sprint_runs
    FOR EACH ROW EXECUTE FUNCTION refuse('sprint run: what it was started with never changes');
CREATE TRIGGER ideas_frozen BEFORE UPDATE OF user_id, product_id, code, title, description, created_at ON ideas
    FOR EACH ROW EXECUTE FUNCTION refuse('idea: what it was made with never changes');
CREATE TRIGGER claude_workers_frozen BEFORE UPDATE OF user_id, product_id, hostname, pid, created_at ON claude_workers
    FOR EACH ROW EXECUTE FUNCTION refuse('worker: what it was registered with never changes');

-- Noting it again changes nothing, whatever the statement says of a conflict.
CREATE FUNCTION sent_commit_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM attempts a JOIN claude_jobs j ON j.id = a.job_id
                   WHERE a.job_id = NEW.job_id AND a.number = NEW.attempt AND a.status = 'HELD'
                     AND j.repo_url = NEW.repo_url AND j.branch = NEW.branch) THEN
        PERFORM refuse_because('sent commit: is of an attempt that holds its job, and of its branch');
    END IF;
    IF EXISTS (SELECT 1 FROM sent_commits
               WHERE repo_url = NEW.repo_url AND branch = NEW.branch AND commit_sha = NEW.commit_sha
                 AND job_id = NEW.job_id AND attempt = NEW.attempt) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sent_commits_held BEFORE INSERT ON sent_commits FOR EACH ROW EXECUTE FUNCTION sent_commit_held();
-- A statement's trigger would refuse every ON CONFLICT DO UPDATE, also one that updates nothing.
CREATE TRIGGER sent_commits_no_update BEFORE UPDATE ON sent_commits
    FOR EACH ROW EXECUTE FUNCTION refuse('sent commit: a row is never changed');
CREATE TRIGGER sent_commits_no_delete BEFORE DELETE OR TRUNCATE ON sent_commits
    EXECUTE FUNCTION refuse('sent commit: a row is never deleted');
