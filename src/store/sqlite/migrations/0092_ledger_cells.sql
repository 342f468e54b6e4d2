-- What a row of the ledger cannot hold: an attempt that is no number of one, and a number that the database did not give.
-- SQLite changes no CHECK, and the table is not made anew around rows that somebody may have changed: it is for `audit
-- verify` to name them. Rows are only ever added, so that a trigger says as much, in a CHECK's words.

DROP TRIGGER ledger_append_only;
CREATE TRIGGER ledger_append_only BEFORE INSERT ON ledger
BEGIN
    SELECT RAISE(ABORT, 'duplicate key: ledger.machine, ledger.entity, ledger.entity_seq')
    WHERE EXISTS (SELECT 1 FROM ledger
                  WHERE machine = NEW.machine AND entity = NEW.entity AND entity_seq = NEW.entity_seq);
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
