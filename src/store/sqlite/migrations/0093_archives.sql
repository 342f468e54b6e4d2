-- Archives: what ended long ago leaves for a bundle outside of the database. What stays of each row of the ledger that
-- left is its seal, which checkpoints go on binding; what stays of an archive is the record that binds its manifest and
-- its seals, chained to the record before it.

CREATE TABLE ledger_archives (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    name TEXT NOT NULL UNIQUE,
    manifest TEXT NOT NULL,
    jobs INTEGER NOT NULL,
    effects INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    seals TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT archive_has_rows CHECK (jobs >= 0 AND effects >= 0 AND jobs + effects > 0 AND row_count > 0),
    CONSTRAINT archive_name_is_short CHECK (length(name) BETWEEN 1 AND 64),
    CONSTRAINT archive_hashes_are_sha256 CHECK (
        length(manifest) = 64 AND length(seals) = 64 AND length(prev_hash) = 64 AND length(hash) = 64)
) STRICT;

CREATE TABLE ledger_seals (
    seq INTEGER PRIMARY KEY,
    machine TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_seq INTEGER NOT NULL,
    hash TEXT NOT NULL,
    archive INTEGER NOT NULL,
    UNIQUE (machine, entity, entity_seq),
    CONSTRAINT seal_is_sha256 CHECK (length(hash) = 64)
) STRICT;

CREATE TRIGGER ledger_archives_append_only BEFORE INSERT ON ledger_archives
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: ledger_archives.number')
    WHERE EXISTS (SELECT 1 FROM ledger_archives WHERE number = NEW.number OR name = NEW.name);
    SELECT RAISE(ABORT, 'ledger_archives: an archive follows the one before it')
    WHERE CASE NEW.number
        WHEN 1 THEN NEW.prev_hash <> '0000000000000000000000000000000000000000000000000000000000000000'
        ELSE NOT EXISTS (SELECT 1 FROM ledger_archives
                         WHERE number = NEW.number - 1 AND hash = NEW.prev_hash) END;
END;
CREATE TRIGGER ledger_archives_no_update BEFORE UPDATE ON ledger_archives
BEGIN SELECT RAISE(ABORT, 'ledger_archives: an archive''s record is never changed'); END;
CREATE TRIGGER ledger_archives_no_delete BEFORE DELETE ON ledger_archives
BEGIN SELECT RAISE(ABORT, 'ledger_archives: an archive''s record is never deleted'); END;

CREATE TRIGGER ledger_seals_of_rows BEFORE INSERT ON ledger_seals
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: ledger_seals.seq')
    WHERE EXISTS (SELECT 1 FROM ledger_seals WHERE seq = NEW.seq);
    SELECT RAISE(ABORT, 'ledger_seals: a seal is of a row that a checkpoint binds')
    WHERE NEW.seq > coalesce((SELECT max(upto_seq) FROM ledger_checkpoints), 0)
       OR NEW.archive IS NOT (SELECT max(number) FROM ledger_archives)
       OR NOT EXISTS (SELECT 1 FROM ledger
                      WHERE seq = NEW.seq AND machine = NEW.machine AND entity = NEW.entity
                        AND entity_seq = NEW.entity_seq AND hash = NEW.hash);
END;
CREATE TRIGGER ledger_seals_no_update BEFORE UPDATE ON ledger_seals
BEGIN SELECT RAISE(ABORT, 'ledger_seals: a seal is never changed'); END;
CREATE TRIGGER ledger_seals_no_delete BEFORE DELETE ON ledger_seals
BEGIN SELECT RAISE(ABORT, 'ledger_seals: a seal is never deleted'); END;

-- A row leaves when its seal is there, and nothing that left is born again.
DROP TRIGGER ledger_no_delete;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'ledger: a row is never deleted')
    WHERE NOT EXISTS (SELECT 1 FROM ledger_seals
                      WHERE seq = OLD.seq AND machine = OLD.machine AND entity = OLD.entity
                        AND entity_seq = OLD.entity_seq AND hash = OLD.hash);
END;
DROP TRIGGER sent_commits_no_delete;
CREATE TRIGGER sent_commits_no_delete BEFORE DELETE ON sent_commits
BEGIN
    SELECT RAISE(ABORT, 'sent commit: a row is never deleted')
    WHERE NOT EXISTS (SELECT 1 FROM ledger_seals
                      WHERE machine = 'job' AND entity = OLD.job_id AND entity_seq = 1);
END;

DROP TRIGGER ledger_append_only;
CREATE TRIGGER ledger_append_only BEFORE INSERT ON ledger
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: ledger.machine, ledger.entity, ledger.entity_seq')
    WHERE EXISTS (SELECT 1 FROM ledger
                  WHERE machine = NEW.machine AND entity = NEW.entity AND entity_seq = NEW.entity_seq)
       OR NEW.entity_seq = 1 AND EXISTS (SELECT 1 FROM ledger_seals
                                         WHERE machine = NEW.machine AND entity = NEW.entity);
    SELECT RAISE(ABORT, 'ledger: a row is never replaced')
    WHERE EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq);
    -- It is -1 for a row that is given its number.
    SELECT RAISE(ABORT, 'ledger: a row has the number that the database gives it')
    WHERE NEW.seq > (SELECT coalesce(max(seq), 0) + 1 FROM ledger);
    SELECT RAISE(ABORT, 'CHECK constraint failed: attempt_in_range')
    WHERE NEW.attempt NOT BETWEEN 0 AND 4294967295;
    SELECT RAISE(ABORT, 'ledger: a row follows the one before it')
    WHERE CASE NEW.entity_seq
        WHEN 1 THEN NEW.prev_hash <> '0000000000000000000000000000000000000000000000000000000000000000'
        ELSE NOT EXISTS (SELECT 1 FROM ledger
                         WHERE machine = NEW.machine AND entity = NEW.entity
                           AND entity_seq = NEW.entity_seq - 1
                           AND hash = NEW.prev_hash AND to_status = NEW.from_status) END;
END;

-- A token of an attempt leaves with its job: whoever refers to tokens is looked up once for each.
CREATE INDEX attempts_of_token ON attempts (token_id);
CREATE INDEX claude_jobs_of_token ON claude_jobs (claimed_by_token_id) WHERE claimed_by_token_id IS NOT NULL;
