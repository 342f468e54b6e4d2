//! Stories of the main job, on a real database and real repositories, told in the domain's verbs. Most are compiled
//! once for each database, as the store's tests are. On SQLite alone are those about the file, those that change a copy
//! of it (`tests/store` has their like for both), and those about git or text alone.

#![allow(clippy::duplicate_mod, reason = "a story happens on each database")]

mod usage;

#[path = "."]
pub(crate) mod sqlite {
    mod audit;
    mod backlog;
    mod busy;
    mod cascade;
    mod cascade_plan;
    mod cleanup;
    mod effects;
    mod events;
    mod fences;
    mod forged;
    mod gate;
    mod happy;
    mod hostile_plans;
    mod ideas;
    mod in_sqlite;
    mod killed_forge;
    mod killed_git;
    mod leases;
    mod long_push;
    mod no_channel;
    mod notices;
    mod order;
    mod pbi_pr;
    mod product_walk;
    mod products;
    mod publish;
    mod push;
    mod refusals;
    mod replay;
    mod salvages;
    mod tidy;
    mod trailers;
    mod undoes;
    mod whole;
    pub(crate) mod world;

    use in_sqlite as database;
}

#[path = "."]
mod postgres {
    mod audit {
        mod follow;
        mod guards;
        mod sweeps;
    }
    mod backlog;
    mod cascade;
    mod cascade_plan;
    mod effects;
    mod events;
    mod fences;
    mod forged;
    mod gate;
    mod happy;
    mod hostile_plans;
    mod ideas;
    mod in_postgres;
    mod lanes;
    mod leases;
    mod left;
    mod long_push;
    mod notices;
    mod order;
    mod pbi_pr;
    mod product_walk;
    mod products;
    mod publish;
    mod push;
    mod refusals;
    mod replay;
    mod salvages;
    mod tidy;
    mod trailers;
    mod undoes;
    mod world;

    use in_postgres as database;
}

pub(crate) use sqlite::world;
