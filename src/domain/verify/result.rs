//! The four answers that a comparison of plan and diff can have.

use crate::domain::machine::words;

words! {
    /// How an attempt's diff compares with its frozen plan (`original` 5.3).
    pub enum VerifyResult: "verify result" {
        /// Every planned path was touched, and not many others.
        Aligned = "ALIGNED",
        /// Some planned paths were not touched.
        Partial = "PARTIAL",
        /// Nothing was changed.
        Empty = "EMPTY",
        /// Far more was touched than planned.
        Divergent = "DIVERGENT",
    }
}
