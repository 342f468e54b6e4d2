-- Whether the commits of attempts name job, attempt and plan in trailers.

ALTER TABLE products ADD COLUMN trailers INTEGER NOT NULL DEFAULT 0
    CONSTRAINT trailers_is_boolean CHECK (trailers IN (0, 1));
