-- What other programs are told: an event for each row of the ledger, written in its transaction, and one for each time
-- that a worker tells of its quota. Consumers keep their place; what one of them has not seen is not deleted.

CREATE TABLE outbox (
    -- Never given twice, also when the last event was deleted.
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The transaction that wrote it, for a database in which several write at a time; here one does, and it is 0.
    xid INTEGER NOT NULL,
    at INTEGER NOT NULL,
    type TEXT NOT NULL,
    machine TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_seq INTEGER NOT NULL,
    event TEXT NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    -- The user whom it concerns alone, where there is one; else it concerns the people of the product.
    user_id TEXT,
    product_id TEXT,
    payload TEXT NOT NULL,
    CONSTRAINT entity_is_short CHECK (length(entity) BETWEEN 1 AND 130),
    CONSTRAINT payload_is_an_object CHECK (json_valid(payload) AND json_type(payload) = 'object'),
    CONSTRAINT payload_is_small CHECK (length(CAST(payload AS BLOB)) <= 4000)
) STRICT;

CREATE TABLE outbox_consumers (
    name TEXT NOT NULL PRIMARY KEY,
    -- Everything up to here was handled.
    place_xid INTEGER NOT NULL,
    place_seq INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    CONSTRAINT name_is_short CHECK (length(name) BETWEEN 1 AND 64)
) STRICT;
CREATE INDEX outbox_consumers_by_place ON outbox_consumers (place_xid, place_seq);

CREATE TRIGGER outbox_no_update BEFORE UPDATE ON outbox
BEGIN SELECT RAISE(ABORT, 'outbox: an event is never changed'); END;
CREATE TRIGGER outbox_seen_first BEFORE DELETE ON outbox
BEGIN
    SELECT RAISE(ABORT, 'outbox: a consumer has not seen this event')
    WHERE EXISTS (SELECT 1 FROM outbox_consumers WHERE (place_xid, place_seq) < (OLD.xid, OLD.seq));
END;
CREATE TRIGGER outbox_consumers_forward BEFORE UPDATE OF place_xid, place_seq ON outbox_consumers
BEGIN
    SELECT RAISE(ABORT, 'outbox: a place moves forward')
    WHERE (NEW.place_xid, NEW.place_seq) < (OLD.place_xid, OLD.place_seq);
END;
