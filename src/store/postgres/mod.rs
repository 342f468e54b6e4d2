//! PostgreSQL, 15 and newer: a server that many processes share. Its SQL stays in here and in the statements that it
//! shares with SQLite ([`store`](crate::store) says how).

#[path = "../sql/apply.rs"]
mod apply;
#[path = "../sql/archives.rs"]
mod archives;
#[path = "../sql/attempts.rs"]
mod attempts;
#[path = "../sql/backlog.rs"]
mod backlog;
#[path = "../sql/births.rs"]
mod births;
#[path = "../sql/brief.rs"]
mod brief;
#[path = "../sql/catalogue.rs"]
mod catalogue;
#[path = "../sql/cells.rs"]
mod cells;
#[path = "../sql/channel.rs"]
mod channel;
#[path = "../sql/checkpoints.rs"]
mod checkpoints;
#[path = "../sql/claim_facts.rs"]
mod claim_facts;
mod definitions;
mod dialect;
mod doubt;
#[path = "../sql/effect_queue.rs"]
mod effect_queue;
#[path = "../sql/effects.rs"]
mod effects;
#[path = "../sql/entries.rs"]
mod entries;
mod error;
#[path = "../sql/events.rs"]
mod events;
#[path = "../sql/executions.rs"]
mod executions;
#[path = "../sql/hold.rs"]
mod hold;
#[path = "../sql/ideas.rs"]
mod ideas;
#[path = "../sql/job_columns.rs"]
mod job_columns;
#[path = "../sql/job_notes.rs"]
mod job_notes;
#[path = "../sql/job_queue.rs"]
mod job_queue;
#[path = "../sql/job_rows.rs"]
mod job_rows;
#[path = "../sql/jobs.rs"]
mod jobs;
#[path = "../sql/leaving.rs"]
mod leaving;
#[path = "../sql/ledger.rs"]
mod ledger;
#[path = "../sql/left_tables.rs"]
mod left_tables;
#[path = "../sql/lineage.rs"]
mod lineage;
#[path = "../sql/many.rs"]
mod many;
mod moved;
#[path = "../sql/moves.rs"]
mod moves;
#[path = "../sql/newborn.rs"]
mod newborn;
mod open;
mod opened;
#[path = "../sql/outbox.rs"]
mod outbox;
#[path = "../sql/pages.rs"]
mod pages;
#[path = "../sql/pbis.rs"]
mod pbis;
mod pools;
#[path = "../sql/prices.rs"]
mod prices;
#[path = "../sql/products.rs"]
mod products;
#[path = "../sql/pull_requests.rs"]
mod pull_requests;
#[path = "../sql/questions.rs"]
mod questions;
#[path = "../sql/readiness.rs"]
mod readiness;
#[path = "../sql/renewals.rs"]
mod renewals;
#[path = "../sql/requests.rs"]
mod requests;
#[path = "../sql/runs.rs"]
mod runs;
#[path = "../sql/salvages.rs"]
mod salvages;
#[path = "../sql/seen.rs"]
mod seen;
#[path = "../sql/sent_commits.rs"]
mod sent_commits;
#[path = "../sql/sprints.rs"]
mod sprints;
#[path = "../sql/standing.rs"]
mod standing;
#[path = "../sql/statement.rs"]
mod statement;
#[path = "../sql/stories.rs"]
mod stories;
#[path = "../sql/tasks.rs"]
mod tasks;
#[path = "../sql/terms.rs"]
mod terms;
#[path = "../sql/tokens.rs"]
mod tokens;
#[path = "../sql/tx.rs"]
mod tx;
#[path = "../sql/unfit.rs"]
mod unfit;
mod upkeep;
mod url;
mod values;
mod waker;
mod whole;
#[path = "../sql/workers.rs"]
mod workers;
#[path = "../sql/worktrees.rs"]
mod worktrees;

pub use catalogue::statements;
pub use open::PostgresStore;
pub use upkeep::PostgresUpkeep;
pub use url::{DatabaseUrl, NotAnAddress};

pub use super::clock::Clock;
