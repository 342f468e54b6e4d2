-- What the law, the ledger and the tables of 0007 to 0013 refuse, whoever writes; in the form of 0004.

CREATE TRIGGER sprint_task_executions_born BEFORE INSERT ON sprint_task_executions
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: sprint_task_executions.id')
    WHERE EXISTS (SELECT 1 FROM sprint_task_executions WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'task execution: is not born in this status')
    WHERE NEW.status NOT IN ('PENDING');
    SELECT RAISE(ABORT, 'task execution: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'task_execution' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER sprint_task_executions_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON sprint_task_executions
BEGIN
    SELECT RAISE(ABORT, 'task execution: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'task execution: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'task_execution' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'task execution: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'task_execution' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER ideas_born BEFORE INSERT ON ideas
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: ideas.id')
    WHERE EXISTS (SELECT 1 FROM ideas WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'idea: is not born in this status')
    WHERE NEW.status NOT IN ('DRAFT');
    SELECT RAISE(ABORT, 'idea: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'idea' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER ideas_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON ideas
BEGIN
    SELECT RAISE(ABORT, 'idea: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'idea: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'idea' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'idea: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'idea' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER claude_questions_born BEFORE INSERT ON claude_questions
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: claude_questions.id')
    WHERE EXISTS (SELECT 1 FROM claude_questions WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'question: is not born in this status')
    WHERE NEW.status NOT IN ('open');
    SELECT RAISE(ABORT, 'question: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'question' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER claude_questions_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON claude_questions
BEGIN
    SELECT RAISE(ABORT, 'question: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'question: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'question' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'question: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'question' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER pull_requests_born BEFORE INSERT ON pull_requests
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: pull_requests.id')
    WHERE EXISTS (SELECT 1 FROM pull_requests WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'pull request: is not born in this status')
    WHERE NEW.status NOT IN ('NONE');
    SELECT RAISE(ABORT, 'pull request: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'pull_request' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER pull_requests_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON pull_requests
BEGIN
    SELECT RAISE(ABORT, 'pull request: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'pull request: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'pull_request' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'pull request: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'pull_request' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER worktrees_born BEFORE INSERT ON worktrees
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: worktrees.job_id, worktrees.attempt')
    WHERE EXISTS (SELECT 1 FROM worktrees WHERE job_id = NEW.job_id AND attempt = NEW.attempt);
    SELECT RAISE(ABORT, 'worktree: is not born in this status')
    WHERE NEW.status NOT IN ('IDLE');
    SELECT RAISE(ABORT, 'worktree: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'worktree' AND entity = NEW.job_id || '/' || NEW.attempt AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER worktrees_moves BEFORE UPDATE OF job_id, attempt, status, status_event, ledger_seq ON worktrees
BEGIN
    SELECT RAISE(ABORT, 'worktree: keeps its id')
    WHERE NEW.job_id || '/' || NEW.attempt <> OLD.job_id || '/' || OLD.attempt;
    SELECT RAISE(ABORT, 'worktree: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'worktree' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'worktree: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'worktree' AND entity = OLD.job_id || '/' || OLD.attempt AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER claude_workers_born BEFORE INSERT ON claude_workers
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: claude_workers.token_id, claude_workers.instance_id')
    WHERE EXISTS (SELECT 1 FROM claude_workers WHERE token_id = NEW.token_id AND instance_id = NEW.instance_id);
    SELECT RAISE(ABORT, 'worker: is not born in this status')
    WHERE NEW.status NOT IN ('PRESENT');
    SELECT RAISE(ABORT, 'worker: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'worker' AND entity = NEW.token_id || '/' || NEW.instance_id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER claude_workers_moves BEFORE UPDATE OF token_id, instance_id, status, status_event, ledger_seq ON claude_workers
BEGIN
    SELECT RAISE(ABORT, 'worker: keeps its id')
    WHERE NEW.token_id || '/' || NEW.instance_id <> OLD.token_id || '/' || OLD.instance_id;
    SELECT RAISE(ABORT, 'worker: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'worker' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'worker: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'worker' AND entity = OLD.token_id || '/' || OLD.instance_id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER effects_born BEFORE INSERT ON effects
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: effects.id')
    WHERE EXISTS (SELECT 1 FROM effects WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'effect: is not born in this status')
    WHERE NEW.status NOT IN ('PENDING');
    SELECT RAISE(ABORT, 'effect: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'effect' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER effects_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON effects
BEGIN
    SELECT RAISE(ABORT, 'effect: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'effect: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'effect' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'effect: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'effect' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

-- An execution is frozen when it is made, but for what it shows and how it ends.
CREATE TRIGGER sprint_task_executions_frozen BEFORE UPDATE OF sprint_job_id, task_id, "order", plan_snapshot,
    verify_required_snapshot, verify_only_snapshot ON sprint_task_executions
BEGIN SELECT RAISE(ABORT, 'task execution: what was frozen at claim never changes'); END;
-- The number of its try fences an effect; it only grows, one start at a time.
CREATE TRIGGER effects_fence BEFORE UPDATE OF tries ON effects
WHEN NEW.tries <> OLD.tries + (NEW.status_event = 'start' AND NEW.ledger_seq > OLD.ledger_seq)
BEGIN SELECT RAISE(ABORT, 'effect: the number of tries grows by one with a start'); END;
