-- From where the outbox counts transactions, where they have numbers: here they have none, and the base stays 0.
CREATE TABLE outbox_base (
    single INTEGER NOT NULL PRIMARY KEY DEFAULT 1,
    base INTEGER NOT NULL,
    CONSTRAINT there_is_one_base CHECK (single = 1),
    CONSTRAINT base_is_not_negative CHECK (base >= 0)
);
INSERT INTO outbox_base (base) VALUES (0);
CREATE TRIGGER outbox_base_rises BEFORE UPDATE ON outbox_base WHEN NEW.base < OLD.base
BEGIN SELECT RAISE(ABORT, 'outbox: the base only rises'); END;
CREATE TRIGGER outbox_base_stays BEFORE DELETE ON outbox_base
BEGIN SELECT RAISE(ABORT, 'outbox: the base only rises'); END;
