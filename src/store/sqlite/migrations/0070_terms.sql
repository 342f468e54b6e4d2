-- Who does for all what one process at a time shall do. A term ends by itself unless its holder renews it.

CREATE TABLE terms (
    office TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL
) STRICT;
