//! Which failures start a cascade.

use crate::domain::job::EndCause;

/// Whether a failure starts a cascade. One of the work does; one of the surroundings only where the product
/// asks for it.
#[must_use]
pub fn starts(cause: EndCause, on_infrastructure: bool) -> bool {
    cause == EndCause::Reported || (on_infrastructure && cause.is_infrastructure())
}
