//! What the tables of the machines refuse beside the law: rows that a status does not allow, and changes of what never
//! changes. The law itself is held by the checks of `sprintgate::conformance::matrix`, whose tables these are.

mod broken;
mod checks;
mod frozen;
mod notes;
mod zoo;
