-- Whether what is kept of attempts is also sent to the remote, under refs/salvage/ there.

ALTER TABLE products ADD COLUMN push_salvage INTEGER NOT NULL DEFAULT 0
    CONSTRAINT push_salvage_is_boolean CHECK (push_salvage IN (0, 1));
