-- The guards of the tables of 0007 to 0013.

CREATE TRIGGER sprint_task_executions_born BEFORE INSERT ON sprint_task_executions
    FOR EACH ROW EXECUTE FUNCTION machine_born('task_execution', 'PENDING');
CREATE TRIGGER sprint_task_executions_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON sprint_task_executions
    FOR EACH ROW EXECUTE FUNCTION machine_moves('task_execution');

CREATE TRIGGER ideas_born BEFORE INSERT ON ideas
    FOR EACH ROW EXECUTE FUNCTION machine_born('idea', 'DRAFT');
CREATE TRIGGER ideas_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON ideas
    FOR EACH ROW EXECUTE FUNCTION machine_moves('idea');

CREATE TRIGGER claude_questions_born BEFORE INSERT ON claude_questions
    FOR EACH ROW EXECUTE FUNCTION machine_born('question', 'open');
CREATE TRIGGER claude_questions_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON claude_questions
    FOR EACH ROW EXECUTE FUNCTION machine_moves('question');

CREATE TRIGGER pull_requests_born BEFORE INSERT ON pull_requests
    FOR EACH ROW EXECUTE FUNCTION machine_born('pull_request', 'NONE');
CREATE TRIGGER pull_requests_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON pull_requests
    FOR EACH ROW EXECUTE FUNCTION machine_moves('pull_request');

CREATE TRIGGER worktrees_born BEFORE INSERT ON worktrees
    FOR EACH ROW EXECUTE FUNCTION machine_born('worktree', 'IDLE');
CREATE TRIGGER worktrees_moves BEFORE UPDATE OF job_id, attempt, status, status_event, ledger_seq ON worktrees
    FOR EACH ROW EXECUTE FUNCTION machine_moves('worktree');

CREATE TRIGGER claude_workers_born BEFORE INSERT ON claude_workers
    FOR EACH ROW EXECUTE FUNCTION machine_born('worker', 'PRESENT');
CREATE TRIGGER claude_workers_moves BEFORE UPDATE OF token_id, instance_id, status, status_event, ledger_seq ON claude_workers
    FOR EACH ROW EXECUTE FUNCTION machine_moves('worker');

CREATE TRIGGER effects_born BEFORE INSERT ON effects
    FOR EACH ROW EXECUTE FUNCTION machine_born('effect', 'PENDING');
CREATE TRIGGER effects_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON effects
    FOR EACH ROW EXECUTE FUNCTION machine_moves('effect');

-- An execution is frozen when it is made, but for what it shows and how it ends.
CREATE TRIGGER sprint_task_executions_frozen BEFORE UPDATE OF sprint_job_id, task_id, "order", plan_snapshot,
    verify_required_snapshot, verify_only_snapshot ON sprint_task_executions
    FOR EACH ROW EXECUTE FUNCTION refuse('task execution: what was frozen at claim never changes');
-- The number of its try fences an effect; it only grows, one start at a time.
CREATE TRIGGER effects_fence BEFORE UPDATE OF tries ON effects FOR EACH ROW
    WHEN (NEW.tries <> OLD.tries
          + CAST(NEW.status_event = 'start' AND NEW.ledger_seq > OLD.ledger_seq AS integer))
    EXECUTE FUNCTION refuse('effect: the number of tries grows by one with a start');
