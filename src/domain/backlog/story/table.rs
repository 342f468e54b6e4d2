//! The story machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! {
    born Open, InSprint;

    Open     => InSprint on Derive,
    Open     => Done     on Derive,
    Open     => Failed   on Derive,
    InSprint => Open     on Derive,
    InSprint => Done     on Derive,
    InSprint => Failed   on Derive,
    Done     => Open     on Derive,
    Done     => InSprint on Derive,
    Done     => Failed   on Derive,
    Failed   => Open     on Derive,
    Failed   => InSprint on Derive,
    Failed   => Done     on Derive,
}
