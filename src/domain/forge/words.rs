//! The kinds of forges.

use crate::domain::machine::words;

words! {
    /// What a host speaks.
    pub enum ForgeKind: "forge kind" {
        /// GitHub, also on a company's own host.
        GitHub = "github",
        /// Forgejo, or Gitea, which speaks the same.
        Forgejo = "forgejo",
    }
}
