-- Who does for all what one process at a time shall do. A term ends by itself unless its holder renews it.

CREATE TABLE terms (
    office text COLLATE "C" NOT NULL PRIMARY KEY,
    holder text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL
);
