-- Checkpoints bind the ledger's rows of all entities in their order, each the rows since the one before it.

CREATE TABLE ledger_checkpoints (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    upto_seq INTEGER NOT NULL UNIQUE,
    row_count INTEGER NOT NULL,
    root TEXT NOT NULL,
    marks TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT each_row_has_its_mark CHECK (row_count > 0 AND length(marks) = 8 * row_count),
    CONSTRAINT checkpoint_hashes_are_sha256
        CHECK (length(root) = 64 AND length(prev_hash) = 64 AND length(hash) = 64)
) STRICT;

CREATE TRIGGER ledger_checkpoints_append_only BEFORE INSERT ON ledger_checkpoints
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: ledger_checkpoints.number')
    WHERE EXISTS (SELECT 1 FROM ledger_checkpoints WHERE number = NEW.number);
    SELECT RAISE(ABORT, 'ledger_checkpoints: a checkpoint follows the one before it')
    WHERE CASE NEW.number
        WHEN 1 THEN NEW.prev_hash <> '0000000000000000000000000000000000000000000000000000000000000000'
                    OR NEW.upto_seq <= 0
        ELSE NOT EXISTS (SELECT 1 FROM ledger_checkpoints
                         WHERE number = NEW.number - 1 AND hash = NEW.prev_hash AND upto_seq < NEW.upto_seq) END;
    SELECT RAISE(ABORT, 'ledger_checkpoints: a checkpoint ends with a row of the ledger')
    WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.upto_seq);
END;
CREATE TRIGGER ledger_checkpoints_no_update BEFORE UPDATE ON ledger_checkpoints
BEGIN SELECT RAISE(ABORT, 'ledger_checkpoints: a checkpoint is never changed'); END;
CREATE TRIGGER ledger_checkpoints_no_delete BEFORE DELETE ON ledger_checkpoints
BEGIN SELECT RAISE(ABORT, 'ledger_checkpoints: a checkpoint is never deleted'); END;
