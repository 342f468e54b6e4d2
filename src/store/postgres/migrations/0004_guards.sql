-- What the law, the ledger and the machines' tables refuse, whoever writes, in the words of the other databases.

CREATE FUNCTION refuse_because(why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING MESSAGE = why, ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION ledger_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.entity_seq = 1 THEN
        IF NEW.prev_hash <> repeat('0', 64) THEN
            PERFORM refuse_because('ledger: a row follows the one before it');
        END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = NEW.machine AND entity = NEW.entity AND entity_seq = NEW.entity_seq - 1
                        AND hash = NEW.prev_hash AND to_status = NEW.from_status) THEN
        PERFORM refuse_because('ledger: a row follows the one before it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_append_only BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_follows();
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger
    EXECUTE FUNCTION refuse('ledger: a row is never changed');
CREATE TRIGGER ledger_no_delete BEFORE DELETE OR TRUNCATE ON ledger
    EXECUTE FUNCTION refuse('ledger: a row is never deleted');

-- The first argument is the machine, the second the statuses that it is born in.
CREATE FUNCTION machine_born() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text := replace(TG_ARGV[0], '_', ' ');
    entity_id text;
BEGIN
    CASE TG_ARGV[0]
        WHEN 'attempt' THEN entity_id := NEW.job_id || '/' || NEW.number;
        WHEN 'worktree' THEN entity_id := NEW.job_id || '/' || NEW.attempt;
        WHEN 'worker' THEN entity_id := NEW.token_id || '/' || NEW.instance_id;
        ELSE entity_id := NEW.id;
    END CASE;
    IF NEW.status <> ALL (string_to_array(TG_ARGV[1], ' ')) THEN
        PERFORM refuse_because(said || ': is not born in this status');
    END IF;
    IF NEW.ledger_seq <> 1 OR NEW.status_event <> 'create'
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = TG_ARGV[0] AND entity = entity_id AND entity_seq = 1
                        AND event = 'create' AND to_status = NEW.status) THEN
        PERFORM refuse_because(said || ': is born with its ledger row');
    END IF;
    RETURN NEW;
END $$;

-- The first argument is the machine.
CREATE FUNCTION machine_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text := replace(TG_ARGV[0], '_', ' ');
    old_id text;
    new_id text;
BEGIN
    CASE TG_ARGV[0]
        WHEN 'attempt' THEN
            old_id := OLD.job_id || '/' || OLD.number;
            new_id := NEW.job_id || '/' || NEW.number;
        WHEN 'worktree' THEN
            old_id := OLD.job_id || '/' || OLD.attempt;
            new_id := NEW.job_id || '/' || NEW.attempt;
        WHEN 'worker' THEN
            old_id := OLD.token_id || '/' || OLD.instance_id;
            new_id := NEW.token_id || '/' || NEW.instance_id;
        ELSE
            old_id := OLD.id;
            new_id := NEW.id;
    END CASE;
    IF new_id <> old_id THEN
        PERFORM refuse_because(said || ': keeps its id');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM transition_rules
                   WHERE machine = TG_ARGV[0] AND from_status = OLD.status
                     AND event = NEW.status_event AND to_status = NEW.status) THEN
        PERFORM refuse_because(said || ': no such transition');
    END IF;
    IF NEW.ledger_seq <> OLD.ledger_seq + 1
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = TG_ARGV[0] AND entity = old_id AND entity_seq = NEW.ledger_seq
                        AND from_status = OLD.status AND event = NEW.status_event AND to_status = NEW.status) THEN
        PERFORM refuse_because(said || ': a status is written with its ledger row');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER claude_jobs_born BEFORE INSERT ON claude_jobs
    FOR EACH ROW EXECUTE FUNCTION machine_born('job', 'QUEUED');
CREATE TRIGGER claude_jobs_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON claude_jobs
    FOR EACH ROW EXECUTE FUNCTION machine_moves('job');

CREATE TRIGGER attempts_born BEFORE INSERT ON attempts
    FOR EACH ROW EXECUTE FUNCTION machine_born('attempt', 'HELD');
CREATE TRIGGER attempts_moves BEFORE UPDATE OF job_id, number, status, status_event, ledger_seq ON attempts
    FOR EACH ROW EXECUTE FUNCTION machine_moves('attempt');

CREATE TRIGGER sprint_runs_born BEFORE INSERT ON sprint_runs
    FOR EACH ROW EXECUTE FUNCTION machine_born('sprint_run', 'QUEUED');
CREATE TRIGGER sprint_runs_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON sprint_runs
    FOR EACH ROW EXECUTE FUNCTION machine_moves('sprint_run');

CREATE TRIGGER tasks_born BEFORE INSERT ON tasks
    FOR EACH ROW EXECUTE FUNCTION machine_born('task', 'TO_DO');
CREATE TRIGGER tasks_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON tasks
    FOR EACH ROW EXECUTE FUNCTION machine_moves('task');

CREATE TRIGGER stories_born BEFORE INSERT ON stories
    FOR EACH ROW EXECUTE FUNCTION machine_born('story', 'OPEN IN_SPRINT');
CREATE TRIGGER stories_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON stories
    FOR EACH ROW EXECUTE FUNCTION machine_moves('story');

CREATE TRIGGER pbis_born BEFORE INSERT ON pbis
    FOR EACH ROW EXECUTE FUNCTION machine_born('pbi', 'READY');
CREATE TRIGGER pbis_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON pbis
    FOR EACH ROW EXECUTE FUNCTION machine_moves('pbi');

CREATE TRIGGER sprints_born BEFORE INSERT ON sprints
    FOR EACH ROW EXECUTE FUNCTION machine_born('sprint', 'OPEN');
CREATE TRIGGER sprints_moves BEFORE UPDATE OF id, status, status_event, ledger_seq ON sprints
    FOR EACH ROW EXECUTE FUNCTION machine_moves('sprint');

-- An attempt is frozen when it is made, but for what it shows and how it ends.
CREATE TRIGGER attempts_frozen BEFORE UPDATE OF token_id, worker_instance_id, host, plan_snapshot,
    verify_required_snapshot, verify_only_snapshot, branch, claimed_at ON attempts
    FOR EACH ROW EXECUTE FUNCTION refuse('attempt: what was frozen at claim never changes');
-- The number that fences writes only grows, one claim at a time.
CREATE TRIGGER claude_jobs_fence BEFORE UPDATE OF attempt ON claude_jobs FOR EACH ROW
    WHEN (NEW.attempt <> OLD.attempt
          + CAST(NEW.status_event = 'claim' AND NEW.ledger_seq > OLD.ledger_seq AS integer))
    EXECUTE FUNCTION refuse('job: the attempt grows by one with a claim');
