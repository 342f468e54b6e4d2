//! Terms of office: what one process at a time shall do for all is done by the one whose term runs.

use async_trait::async_trait;

use crate::domain::time::Millis;
use crate::store::{StoreError, Term};

/// Offices and their holders. A term ends by itself when its holder does not renew it, so that nobody has to find out
/// whether a process died; it ends by the database's clock. Two may believe that it is their term for a moment, so what
/// a holder does has to be right then, too: an office saves work, and guards nothing.
#[async_trait]
pub trait Terms {
    /// The term that runs now, if one does.
    async fn term(&mut self, office: &str) -> Result<Option<Term>, StoreError>;
    /// Takes an office that nobody holds, or renews the term of who holds it already: it ends `length` from now. False
    /// while another holds it. A term that ends later than twice that was made by a clock that has stepped back since,
    /// and does not count; one that ends a little later was taken by somebody who began later and came first.
    async fn take_office(&mut self, office: &str, holder: &str, length: Millis) -> Result<bool, StoreError>;
    /// Ends the holder's term now.
    async fn leave_office(&mut self, office: &str, holder: &str) -> Result<(), StoreError>;
}
