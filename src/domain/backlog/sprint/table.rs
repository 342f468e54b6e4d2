//! The sprint machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! {
    born Open;

    Open   => Closed   on Derive,
    Open   => Failed   on Derive,
    Open   => Archived on Archive,
    Closed => Open     on Derive,
    Closed => Failed   on Derive,
    Closed => Archived on Archive,
    Failed => Open     on Derive,
    Failed => Closed   on Derive,
    Failed => Archived on Archive,
}
