-- Whether what is kept of attempts is also sent to the remote, under refs/salvage/ there.

ALTER TABLE products ADD COLUMN push_salvage boolean NOT NULL DEFAULT FALSE;
