-- Two ends: that of a worktree whose attempt ends before it has asked for a lock, and that of a job which changed
-- something and published nothing.

DROP TRIGGER transition_rules_no_insert;

INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES
    ('worktree', 'IDLE', 'job_terminal', 'RELEASED');

CREATE TRIGGER transition_rules_no_insert BEFORE INSERT ON transition_rules
BEGIN SELECT RAISE(ABORT, 'the law is changed by migrations only'); END;

-- A CHECK of the table would say the same; one cannot be added to a table that is there.
CREATE TRIGGER claude_jobs_published BEFORE UPDATE OF status, waived_by, verify_result, verified_sha, base_sha, head_sha
ON claude_jobs
WHEN NEW.status = 'DONE' AND NEW.kind IN ('TASK_IMPLEMENTATION', 'SPRINT_IMPLEMENTATION')
 AND NEW.waived_by IS NULL AND NEW.head_sha IS NULL
 AND NEW.verify_result <> 'EMPTY' AND NEW.verified_sha IS NOT NEW.base_sha
BEGIN SELECT RAISE(ABORT, 'job: what was changed is published before it is done'); END;
