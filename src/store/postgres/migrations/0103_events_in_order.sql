-- An event's number is that of its transaction, or of the last one that was over when it was written, if that is higher.
-- No event of its entity has a higher one, so that they are not looked up any more, and not kept in that order.

DROP INDEX IF EXISTS outbox_of_entity;
