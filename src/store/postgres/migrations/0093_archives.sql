-- Archives: what ended long ago leaves for a bundle outside of the database. What stays of each row of the ledger that
-- left is its seal, which checkpoints go on binding; what stays of an archive is the record that binds its manifest and
-- its seals, chained to the record before it.

CREATE TABLE ledger_archives (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    name text COLLATE "C" NOT NULL UNIQUE,
    manifest text NOT NULL,
    jobs bigint NOT NULL,
    effects bigint NOT NULL,
    row_count bigint NOT NULL,
    seals text NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT archive_has_rows CHECK (jobs >= 0 AND effects >= 0 AND jobs + effects > 0 AND row_count > 0),
    CONSTRAINT archive_name_is_short CHECK (length(name) BETWEEN 1 AND 64),
    CONSTRAINT archive_hashes_are_sha256 CHECK (
        length(manifest) = 64 AND length(seals) = 64 AND length(prev_hash) = 64 AND length(hash) = 64)
);

CREATE TABLE ledger_seals (
    seq bigint PRIMARY KEY,
    machine text NOT NULL,
    entity text COLLATE "C" NOT NULL,
    entity_seq bigint NOT NULL,
    hash text NOT NULL,
    archive bigint NOT NULL,
    UNIQUE (machine, entity, entity_seq),
    CONSTRAINT seal_is_sha256 CHECK (length(hash) = 64)
);

CREATE FUNCTION archive_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_archives WHERE number = NEW.number OR name = NEW.name) THEN
        PERFORM refuse_because('duplicate key: ledger_archives.number');
    END IF;
    IF (CASE NEW.number
        WHEN 1 THEN NEW.prev_hash <> repeat('0', 64)
        ELSE NOT EXISTS (SELECT 1 FROM ledger_archives
                         WHERE number = NEW.number - 1 AND hash = NEW.prev_hash) END) THEN
        PERFORM refuse_because('ledger_archives: an archive follows the one before it');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_archives_append_only BEFORE INSERT ON ledger_archives
    FOR EACH ROW EXECUTE FUNCTION archive_follows();
CREATE TRIGGER ledger_archives_no_update BEFORE UPDATE ON ledger_archives
    EXECUTE FUNCTION refuse('ledger_archives: an archive''s record is never changed');
CREATE TRIGGER ledger_archives_no_delete BEFORE DELETE OR TRUNCATE ON ledger_archives
    EXECUTE FUNCTION refuse('ledger_archives: an archive''s record is never deleted');

CREATE FUNCTION seal_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_seals WHERE seq = NEW.seq) THEN
        PERFORM refuse_because('duplicate key: ledger_seals.seq');
    END IF;
    IF NEW.seq > coalesce((SELECT max(upto_seq) FROM ledger_checkpoints), 0)
       OR NEW.archive IS DISTINCT FROM (SELECT max(number) FROM ledger_archives)
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE seq = NEW.seq AND machine = NEW.machine AND entity = NEW.entity
                        AND entity_seq = NEW.entity_seq AND hash = NEW.hash) THEN
        PERFORM refuse_because('ledger_seals: a seal is of a row that a checkpoint binds');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_seals_of_rows BEFORE INSERT ON ledger_seals
    FOR EACH ROW EXECUTE FUNCTION seal_of_row();
CREATE TRIGGER ledger_seals_no_update BEFORE UPDATE ON ledger_seals
    EXECUTE FUNCTION refuse('ledger_seals: a seal is never changed');
CREATE TRIGGER ledger_seals_no_delete BEFORE DELETE OR TRUNCATE ON ledger_seals
    EXECUTE FUNCTION refuse('ledger_seals: a seal is never deleted');

-- A row leaves when its seal is there, and nothing that left is born again.
CREATE FUNCTION ledger_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_seals
                   WHERE seq = OLD.seq AND machine = OLD.machine AND entity = OLD.entity
                     AND entity_seq = OLD.entity_seq AND hash = OLD.hash) THEN
        PERFORM refuse_because('ledger: a row is never deleted');
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER ledger_no_delete ON ledger;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION ledger_sealed();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger
    EXECUTE FUNCTION refuse('ledger: a row is never deleted');

CREATE FUNCTION sent_commit_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM ledger_seals
                   WHERE machine = 'job' AND entity = OLD.job_id AND entity_seq = 1) THEN
        PERFORM refuse_because('sent commit: a row is never deleted');
    END IF;
    RETURN OLD;
END $$;
DROP TRIGGER sent_commits_no_delete ON sent_commits;
CREATE TRIGGER sent_commits_no_delete BEFORE DELETE ON sent_commits
    FOR EACH ROW EXECUTE FUNCTION sent_commit_sealed();
CREATE TRIGGER sent_commits_no_truncate BEFORE TRUNCATE ON sent_commits
    EXECUTE FUNCTION refuse('sent commit: a row is never deleted');

CREATE OR REPLACE FUNCTION ledger_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.seq > (SELECT last_value FROM ledger_seq_seq) THEN
        PERFORM refuse_because('ledger: a row has the number that the database gives it');
    END IF;
    IF NEW.entity_seq = 1 THEN
        IF NEW.prev_hash <> repeat('0', 64) THEN
            PERFORM refuse_because('ledger: a row follows the one before it');
        END IF;
        IF EXISTS (SELECT 1 FROM ledger_seals WHERE machine = NEW.machine AND entity = NEW.entity) THEN
            RAISE unique_violation USING MESSAGE = 'duplicate key: ledger.machine, ledger.entity, ledger.entity_seq',
                TABLE = 'ledger', DETAIL = 'Key (machine, entity, entity_seq)=() is in an archive.';
        END IF;
    ELSIF NOT EXISTS (SELECT 1 FROM ledger
                      WHERE machine = NEW.machine AND entity = NEW.entity AND entity_seq = NEW.entity_seq - 1
                        AND hash = NEW.prev_hash AND to_status = NEW.from_status) THEN
        PERFORM refuse_because('ledger: a row follows the one before it');
    END IF;
    RETURN NEW;
END $$;

DO $$
DECLARE guard record;
BEGIN
    FOR guard IN
        SELECT oid::regprocedure AS name FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname IN ('archive_follows', 'ledger_follows',
            'ledger_sealed', 'seal_of_row', 'sent_commit_sealed')
    LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', guard.name, current_schema());
    END LOOP;
END $$;

-- A token of an attempt leaves with its job: whoever refers to tokens is looked up once for each.
CREATE INDEX attempts_of_token ON attempts (token_id);
CREATE INDEX claude_jobs_of_token ON claude_jobs (claimed_by_token_id) WHERE claimed_by_token_id IS NOT NULL;
