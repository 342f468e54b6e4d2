-- Numbers of transactions begin anew when a dump is restored into another server. The outbox counts on from a base, so
-- that what is written after it comes behind what was written before; opening the database raises it where it has to.
CREATE TABLE outbox_base (
    single boolean PRIMARY KEY DEFAULT TRUE,
    base bigint NOT NULL,
    CONSTRAINT there_is_one_base CHECK (single),
    CONSTRAINT base_is_not_negative CHECK (base >= 0)
);
INSERT INTO outbox_base (base) VALUES (0);
CREATE TRIGGER outbox_base_rises BEFORE UPDATE ON outbox_base FOR EACH ROW
    WHEN (NEW.base < OLD.base) EXECUTE FUNCTION refuse('outbox: the base only rises');
CREATE TRIGGER outbox_base_stays BEFORE DELETE ON outbox_base
    EXECUTE FUNCTION refuse('outbox: the base only rises');
