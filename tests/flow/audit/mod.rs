//! The ledger, checked: what was changed, removed or inserted behind the program's back is found and named, by the
//! program and by an auditor who has nothing but a bundle and Python.

mod bundle;
mod copies;
mod follow;
mod guards;
mod history;
mod hollow;
mod sweeps;
mod tampered;
