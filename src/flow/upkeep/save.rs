//! `db backup`: a copy of the database in a file, made while others write.

use std::path::Path;

use super::Maintenance;
use crate::flow::FlowError;
use crate::store::{Saved, StoreError};

impl Maintenance {
    /// Writes a copy to a file that is not there yet, and reads it again. Nothing where only the database's own tools
    /// can do that.
    ///
    /// # Errors
    /// `IO` when the file is there or cannot be written; when the copy is not sound, and then it is not kept.
    pub async fn save(&self, file: &Path) -> Result<Option<Saved>, FlowError> {
        match self.of.save(file).await {
            Err(StoreError::File { at, source }) => {
                Err(FlowError::File { what: format!("write {at}"), source })
            }
            other => Ok(other?),
        }
    }
}
