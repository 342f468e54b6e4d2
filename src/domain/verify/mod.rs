//! Plan against diff.

mod result;

pub use result::VerifyResult;
