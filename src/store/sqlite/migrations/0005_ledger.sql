-- The ledger takes rows of every machine. SQLite changes no CHECK, so that the table is made anew around its rows,
-- which keep their numbers, hashes and order. Its three triggers go with the old table and come back as they were.

CREATE TEMP TABLE kept AS SELECT * FROM ledger;
DROP TABLE ledger;

CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    machine TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_seq INTEGER NOT NULL,
    from_status TEXT,
    event TEXT NOT NULL,
    to_status TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    attempt INTEGER,
    at INTEGER NOT NULL,
    facts TEXT NOT NULL,
    evidence TEXT,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (machine, entity, entity_seq),
    CONSTRAINT machine_is_known
        CHECK (machine IN ('job', 'attempt', 'sprint_run', 'task_execution', 'task', 'story', 'pbi', 'sprint', 'idea',
                           'question', 'pull_request', 'worktree', 'worker', 'effect')),
    CONSTRAINT actor_kind_is_known CHECK (actor_kind IN ('human', 'agent', 'system')),
    CONSTRAINT born_iff_first CHECK ((entity_seq = 1) = (from_status IS NULL)),
    CONSTRAINT facts_are_json CHECK (json_valid(facts)),
    CONSTRAINT hashes_are_sha256 CHECK (length(hash) = 64 AND length(prev_hash) = 64)
) STRICT;
INSERT INTO ledger SELECT * FROM kept ORDER BY seq;
DROP TABLE kept;

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
