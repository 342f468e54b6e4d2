//! What an agent can plant in its cell, by name, against everything that the server does with a cell: nothing of it
//! runs, nothing goes elsewhere, nothing outside is touched. Each trap is shown to be one: plain git steps into it.

mod loads;
mod pack;
mod page;
mod refs;
mod repositories;
mod settings;
mod suite;
mod trap;
mod trees;
mod waits;
