//! The store on every database: its claims, its guards, its ledger. These files are compiled once for each, as the
//! store's own are, so that what is held of one is held of all.

#![allow(clippy::duplicate_mod, reason = "a test runs on each database")]

#[path = "."]
pub(crate) mod sqlite {
    mod archives;
    mod backlog;
    mod checkpoints;
    mod checks;
    mod claims;
    mod codes;
    mod ctx;
    mod effects;
    mod guards;
    mod held;
    mod in_sqlite;
    mod keeper;
    mod ledger;
    mod lost;
    mod many;
    mod matrix;
    mod older;
    mod opening;
    pub(crate) mod outbox;
    mod plans;
    mod queue;
    mod raw;
    mod rows;
    mod sent;
    mod statements;
    mod tampered;
    mod terms;
    mod tokens;
    mod transactions;
    mod triggers;
    mod turns;
    mod upgrade;
    mod waiting;
    mod weighed;

    use in_sqlite as database;
}

#[path = "."]
pub(crate) mod postgres {
    mod archives;
    mod backlog;
    mod checkpoints;
    mod checks;
    mod claims;
    pub(crate) mod cluster;
    mod codes;
    mod ctx;
    mod effects;
    mod faults;
    mod guards;
    mod held;
    pub(crate) mod in_postgres;
    mod keeper;
    mod late;
    mod ledger;
    mod lost;
    mod many;
    mod matrix;
    mod neighbours;
    mod never_given;
    mod older;
    pub(crate) mod outbox;
    mod pooled;
    mod pooler;
    mod queue;
    mod raw;
    mod relay;
    mod round_trips;
    mod rows;
    mod schema;
    mod sent;
    mod server;
    mod server_plans;
    mod statements;
    mod tampered;
    mod terms;
    mod tls;
    mod tokens;
    mod transactions;
    mod waiting;
    mod weighed;

    use in_postgres as database;
}
