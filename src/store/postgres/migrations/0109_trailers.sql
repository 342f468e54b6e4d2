-- Whether the commits of attempts name job, attempt and plan in trailers.

ALTER TABLE products ADD COLUMN trailers boolean NOT NULL DEFAULT FALSE;
