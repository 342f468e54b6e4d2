//! Words: states, events and causes, each in exactly one spelling.

/// A word that stands in a table, a document and a database column in exactly one spelling.
pub trait Word: Sized + Copy + Eq + 'static {
    /// What the word names, for error texts ("job status").
    const WHAT: &'static str;
    /// Every word, in the order of the documents.
    const ALL: &'static [Self];
    /// The spelling.
    fn word(self) -> &'static str;
    /// What it means: its line of documentation.
    fn meaning(self) -> &'static str;

    /// Finds the word of that spelling.
    ///
    /// # Errors
    /// [`UnknownWord`] when there is none.
    fn parse(text: &str) -> Result<Self, UnknownWord> {
        Self::ALL
            .iter()
            .copied()
            .find(|w| w.word() == text)
            .ok_or_else(|| UnknownWord { what: Self::WHAT, found: text.chars().take(40).collect() })
    }
}

/// A spelling that names nothing, as from a newer version's database or a typing mistake.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not a {what}")]
pub struct UnknownWord {
    /// What was expected.
    pub what: &'static str,
    /// What was found, cut to 40 characters.
    pub found: String,
}

/// Declares an enum of words with `Display` (padded), `FromStr` and serde in one spelling. The line of documentation
/// above a word is its meaning, which the generated documents repeat.
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident: $what:literal {
        $($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $variant,)+
        }

        impl $crate::domain::machine::Word for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
            fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad($crate::domain::machine::Word::word(*self))
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::machine::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                <Self as $crate::domain::machine::Word>::parse(text)
            }
        }
    };
}

pub(crate) use words;
