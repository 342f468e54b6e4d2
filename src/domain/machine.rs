//! What every machine has in common: a table of edges, words for its states and events, and the
//! `To` trait that turns a missing edge into a compile error.
//!
//! Nothing here knows a particular machine; `law` lists them all.

use std::fmt;

/// One edge of a machine: in state `from`, event `on` leads to state `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition<S, E> {
    /// The state before.
    pub from: S,
    /// What happens.
    pub on: E,
    /// The state after.
    pub to: S,
}

/// An edge with its types forgotten: a row of the law that documents and databases keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct Edge {
    /// The machine, as in `MachineId::word`.
    pub machine: &'static str,
    /// The state before, in upper case.
    pub from: &'static str,
    /// The event, in lower case.
    pub event: &'static str,
    /// The state after, in upper case.
    pub to: &'static str,
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} -{}-> {}", self.machine, self.from, self.event, self.to)
    }
}

/// Says that a table has an edge from the implementing state to `T`.
///
/// Only `transitions!` implements it, so a move along a missing edge does not compile.
#[diagnostic::on_unimplemented(
    message = "there is no transition from `{Self}` to `{T}`",
    note = "every legal move is a row of a `transitions!` table"
)]
pub trait To<T> {}

/// A word that stands in a table, a document and a database column in exactly one spelling.
pub trait Word: Sized + Copy + Eq + 'static {
    /// What the word names, for error texts ("job status").
    const WHAT: &'static str;
    /// Every word, in the order of the documents.
    const ALL: &'static [Self];
    /// The spelling.
    fn word(self) -> &'static str;

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

/// Declares an enum of words with `Display` (padded), `FromStr` and serde in one spelling.
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident: $what:literal {
        $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        $vis enum $name {
            $($(#[$vmeta])* #[serde(rename = $word)] $variant,)+
        }

        impl $crate::domain::machine::Word for $name {
            const WHAT: &'static str = $what;
            const ALL: &'static [Self] = &[$(Self::$variant,)+];
            fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
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

/// Declares a machine's table: the data (`TRANSITIONS`) and, where the machine has typed states,
/// one `impl To` an edge.
macro_rules! transitions {
    (typed; $($from:ident => $to:ident on $($event:ident)|+,)+) => {
        transitions!($($from => $to on $($event)|+,)+);
        $(impl $crate::domain::machine::To<super::state::$to> for super::state::$from {})+
    };
    ($($from:ident => $to:ident on $($event:ident)|+,)+) => {
        /// Every legal edge; whatever is not here is refused by the compiler, the code and the database.
        pub const TRANSITIONS: &[$crate::domain::machine::Transition<super::Status, super::Event>] = &[$($(
            $crate::domain::machine::Transition {
                from: super::Status::$from,
                on: super::Event::$event,
                to: super::Status::$to,
            },
        )+)+];
    };
}

pub(crate) use {transitions, words};
