//! The guards of the database, machine by machine: every (state, event, state after) by raw SQL on the real tables,
//! against the law written down once more.

mod backlog;
mod broken;
mod checks;
mod edges;
mod frozen;
mod notes;
mod outside;
mod people;
mod table;
mod tried;
mod work;
mod zoo;
