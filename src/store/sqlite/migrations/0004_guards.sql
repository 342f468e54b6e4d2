-- What the law, the ledger and the machines' tables refuse, whoever writes.
-- A message is a literal, because older shells than SQLite 3.47 take nothing else and could not open the file.
-- REPLACE deletes without a trigger, so that inserts look for the row themselves.

CREATE TRIGGER ledger_append_only BEFORE INSERT ON ledger
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: ledger.machine, ledger.entity, ledger.entity_seq')
    WHERE EXISTS (SELECT 1 FROM ledger
                  WHERE machine = NEW.machine AND entity = NEW.entity AND entity_seq = NEW.entity_seq);
    SELECT RAISE(ABORT, 'ledger: a row is never replaced')
    WHERE EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq);
    SELECT RAISE(ABORT, 'ledger: a row follows the one before it')
    WHERE CASE NEW.entity_seq
        WHEN 1 THEN NEW.prev_hash <> '0000000000000000000000000000000000000000000000000000000000000000'
        ELSE NOT EXISTS (SELECT 1 FROM ledger
                         WHERE machine = NEW.machine AND entity = NEW.entity
                           AND entity_seq = NEW.entity_seq - 1
                           AND hash = NEW.prev_hash AND to_status = NEW.from_status) END;
END;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger: a row is never changed'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'ledger: a row is never deleted'); END;

CREATE TRIGGER claude_jobs_born BEFORE INSERT ON claude_jobs
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: claude_jobs.id')
    WHERE EXISTS (SELECT 1 FROM claude_jobs WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'job: is not born in this status')
    WHERE NEW.status NOT IN ('QUEUED');
    SELECT RAISE(ABORT, 'job: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'job' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER claude_jobs_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON claude_jobs
BEGIN
    SELECT RAISE(ABORT, 'job: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'job: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'job' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'job: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'job' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER attempts_born BEFORE INSERT ON attempts
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: attempts.job_id, attempts.number')
    WHERE EXISTS (SELECT 1 FROM attempts WHERE job_id = NEW.job_id AND number = NEW.number);
    SELECT RAISE(ABORT, 'attempt: is not born in this status')
    WHERE NEW.status NOT IN ('HELD');
    SELECT RAISE(ABORT, 'attempt: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'attempt' AND entity = NEW.job_id || '/' || NEW.number AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER attempts_moves BEFORE UPDATE OF job_id, number, status, status_event, ledger_seq ON attempts
BEGIN
    SELECT RAISE(ABORT, 'attempt: keeps its id')
    WHERE NEW.job_id || '/' || NEW.number <> OLD.job_id || '/' || OLD.number;
    SELECT RAISE(ABORT, 'attempt: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'attempt' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'attempt: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'attempt' AND entity = OLD.job_id || '/' || OLD.number AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER sprint_runs_born BEFORE INSERT ON sprint_runs
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: sprint_runs.id')
    WHERE EXISTS (SELECT 1 FROM sprint_runs WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'sprint run: is not born in this status')
    WHERE NEW.status NOT IN ('QUEUED');
    SELECT RAISE(ABORT, 'sprint run: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'sprint_run' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER sprint_runs_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON sprint_runs
BEGIN
    SELECT RAISE(ABORT, 'sprint run: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'sprint run: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'sprint_run' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'sprint run: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'sprint_run' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER tasks_born BEFORE INSERT ON tasks
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: tasks.id')
    WHERE EXISTS (SELECT 1 FROM tasks WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'task: is not born in this status')
    WHERE NEW.status NOT IN ('TO_DO');
    SELECT RAISE(ABORT, 'task: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'task' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER tasks_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON tasks
BEGIN
    SELECT RAISE(ABORT, 'task: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'task: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'task' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'task: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'task' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER stories_born BEFORE INSERT ON stories
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: stories.id')
    WHERE EXISTS (SELECT 1 FROM stories WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'story: is not born in this status')
    WHERE NEW.status NOT IN ('OPEN', 'IN_SPRINT');
    SELECT RAISE(ABORT, 'story: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'story' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER stories_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON stories
BEGIN
    SELECT RAISE(ABORT, 'story: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'story: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'story' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'story: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'story' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER pbis_born BEFORE INSERT ON pbis
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: pbis.id')
    WHERE EXISTS (SELECT 1 FROM pbis WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'pbi: is not born in this status')
    WHERE NEW.status NOT IN ('READY');
    SELECT RAISE(ABORT, 'pbi: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'pbi' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER pbis_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON pbis
BEGIN
    SELECT RAISE(ABORT, 'pbi: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'pbi: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'pbi' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'pbi: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'pbi' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

CREATE TRIGGER sprints_born BEFORE INSERT ON sprints
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: sprints.id')
    WHERE EXISTS (SELECT 1 FROM sprints WHERE id = NEW.id);
    SELECT RAISE(ABORT, 'sprint: is not born in this status')
    WHERE NEW.status NOT IN ('OPEN');
    SELECT RAISE(ABORT, 'sprint: is born with its ledger row')
    WHERE NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'sprint' AND entity = NEW.id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status);
END;
CREATE TRIGGER sprints_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON sprints
BEGIN
    SELECT RAISE(ABORT, 'sprint: keeps its id')
    WHERE NEW.id <> OLD.id;
    SELECT RAISE(ABORT, 'sprint: no such transition')
    WHERE NOT EXISTS (SELECT 1 FROM transition_rules
                      WHERE machine = 'sprint' AND from_status = OLD.status
                        AND event = NEW.status_event AND to_status = NEW.status);
    SELECT RAISE(ABORT, 'sprint: a status is written with its ledger row')
    WHERE NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = 'sprint' AND entity = OLD.id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status);
END;

-- An attempt is frozen when it is made, but for what it shows and how it ends.
CREATE TRIGGER attempts_frozen BEFORE UPDATE OF token_id, worker_instance_id, host, plan_snapshot,
    verify_required_snapshot, verify_only_snapshot, branch, claimed_at ON attempts
BEGIN SELECT RAISE(ABORT, 'attempt: what was frozen at claim never changes'); END;
-- The number that fences writes only grows, one claim at a time.
CREATE TRIGGER claude_jobs_fence BEFORE UPDATE OF attempt ON claude_jobs
WHEN NEW.attempt <> OLD.attempt + (NEW.status_event = 'claim' AND NEW.ledger_seq > OLD.ledger_seq)
BEGIN SELECT RAISE(ABORT, 'job: the attempt grows by one with a claim'); END;
