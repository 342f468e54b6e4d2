//! How a product's runs turn work into branches, as it is said on the command line.

/// A branch a story, or one for the whole sprint.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(super) enum Strategy {
    Story,
    Sprint,
}

impl Strategy {
    /// The word that the use cases take.
    pub(super) fn word(self) -> String {
        match self {
            Self::Story => "STORY".to_owned(),
            Self::Sprint => "SPRINT".to_owned(),
        }
    }
}
