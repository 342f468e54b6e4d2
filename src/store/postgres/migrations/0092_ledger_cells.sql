-- What a row of the ledger cannot hold, and what would be read as if nobody had changed it: an attempt that is no number
-- of one, a time that is none or finer than its hash, and a number that the database did not give.
--
-- A row that stands and that somebody changed is for `audit verify` to name, not for an upgrade to stumble on: where there
-- is one, the CHECK holds for new rows only, and `db check` says so.

ALTER TABLE ledger
    ADD CONSTRAINT attempt_in_range CHECK (attempt BETWEEN 0 AND 4294967295) NOT VALID,
    ADD CONSTRAINT at_is_in_milliseconds
        CHECK (isfinite(at) AND at = date_trunc('milliseconds', at)) NOT VALID;
ALTER TABLE ledger_checkpoints
    ADD CONSTRAINT checkpoint_at_is_in_milliseconds
        CHECK (isfinite(at) AND at = date_trunc('milliseconds', at)) NOT VALID;

DO $$
BEGIN
    ALTER TABLE ledger VALIDATE CONSTRAINT attempt_in_range, VALIDATE CONSTRAINT at_is_in_milliseconds;
    ALTER TABLE ledger_checkpoints VALIDATE CONSTRAINT checkpoint_at_is_in_milliseconds;
EXCEPTION WHEN check_violation THEN
    NULL;
END $$;

-- Whoever may write rows may look which number was given last.
GRANT SELECT ON SEQUENCE ledger_seq_seq TO PUBLIC;

CREATE OR REPLACE FUNCTION ledger_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq > (SELECT last_value FROM ledger_seq_seq) THEN
        PERFORM refuse_because('ledger: a row has the number that the database gives it');
    END IF;
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

-- A guard looks at the tables of its own schema, whatever tables of the same names whoever writes has made for himself:
-- those of a session come first unless a function says otherwise. A function that is made anew has to say so anew.
DO $$
DECLARE guard record;
BEGIN
    FOR guard IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname IN ('checkpoint_follows', 'ledger_follows',
            'machine_born', 'machine_moves', 'outbox_seen', 'refuse', 'refuse_because', 'sent_commit_held')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', guard.name, current_schema());
    END LOOP;
END $$;
