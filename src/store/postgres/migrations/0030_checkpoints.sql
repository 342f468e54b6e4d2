-- Checkpoints bind the ledger's rows of all entities in their order, each the rows since the one before it.

CREATE TABLE ledger_checkpoints (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL,
    upto_seq bigint NOT NULL UNIQUE,
    row_count bigint NOT NULL,
    root text NOT NULL,
    marks text NOT NULL,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT each_row_has_its_mark CHECK (row_count > 0 AND length(marks) = 8 * row_count),
    CONSTRAINT checkpoint_hashes_are_sha256
        CHECK (length(root) = 64 AND length(prev_hash) = 64 AND length(hash) = 64)
);

CREATE FUNCTION checkpoint_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ledger_checkpoints WHERE number = NEW.number) THEN
        PERFORM refuse_because('duplicate key: ledger_checkpoints.number');
    END IF;
    IF (CASE NEW.number
        WHEN 1 THEN NEW.prev_hash <> repeat('0', 64) OR NEW.upto_seq <= 0
        ELSE NOT EXISTS (SELECT 1 FROM ledger_checkpoints
                         WHERE number = NEW.number - 1 AND hash = NEW.prev_hash AND upto_seq < NEW.upto_seq) END) THEN
        PERFORM refuse_because('ledger_checkpoints: a checkpoint follows the one before it');
    END IF;
    IF NOT EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.upto_seq) THEN
        PERFORM refuse_because('ledger_checkpoints: a checkpoint ends with a row of the ledger');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_checkpoints_append_only BEFORE INSERT ON ledger_checkpoints
    FOR EACH ROW EXECUTE FUNCTION checkpoint_follows();
CREATE TRIGGER ledger_checkpoints_no_update BEFORE UPDATE ON ledger_checkpoints
    EXECUTE FUNCTION refuse('ledger_checkpoints: a checkpoint is never changed');
CREATE TRIGGER ledger_checkpoints_no_delete BEFORE DELETE OR TRUNCATE ON ledger_checkpoints
    EXECUTE FUNCTION refuse('ledger_checkpoints: a checkpoint is never deleted');
