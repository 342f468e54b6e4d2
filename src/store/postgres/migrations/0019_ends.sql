-- Two ends: that of a worktree whose attempt ends before it has asked for a lock, and that of a job which changed
-- something and published nothing.

DROP TRIGGER transition_rules_fixed ON transition_rules;

INSERT INTO transition_rules (machine, from_status, event, to_status) VALUES
    ('worktree', 'IDLE', 'job_terminal', 'RELEASED');

CREATE TRIGGER transition_rules_fixed BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON transition_rules
    EXECUTE FUNCTION refuse('the law is changed by migrations only');

CREATE TRIGGER claude_jobs_published BEFORE UPDATE OF status, waived_by, verify_result, verified_sha, base_sha, head_sha
    ON claude_jobs FOR EACH ROW
    WHEN (NEW.status = 'DONE' AND NEW.kind IN ('TASK_IMPLEMENTATION', 'SPRINT_IMPLEMENTATION')
          AND NEW.waived_by IS NULL AND NEW.head_sha IS NULL
          AND NEW.verify_result <> 'EMPTY' AND NEW.verified_sha IS DISTINCT FROM NEW.base_sha)
    EXECUTE FUNCTION refuse('job: what was changed is published before it is done');
