//! What every machine's typed states share.

/// Ties a machine's typed states to its words: `State` for each of them, the private `step`, and the enum that a
/// stored row is parsed into. The first part names the thing, the fields it keeps beside `state`, and the enum.
macro_rules! states {
    ($thing:ident { $($field:ident),+ }, $any:ident: $($state:ident),+ $(,)?) => {
        $(impl $crate::domain::machine::sealed::Sealed for $state {}

        impl $crate::domain::machine::State for $state {
            type Status = super::Status;
            type Event = super::Event;
            const STATUS: super::Status = super::Status::$state;
        })+

        /// A decided move of this machine, from state `F` to state `T`.
        pub type Step<F, T> = $crate::domain::machine::Step<F, T, $thing<T>>;

        impl<S> $thing<S>
        where
            S: $crate::domain::machine::State<Status = super::Status, Event = super::Event>,
        {
            pub(super) fn step<T>(self, on: super::Event, to: impl FnOnce(S) -> T) -> Step<S, T>
            where
                S: $crate::domain::machine::To<T>,
                T: $crate::domain::machine::State<Status = super::Status, Event = super::Event>,
            {
                let Self { $($field,)+ state } = self;
                Step::new(on, $thing { $($field,)+ state: to(state) })
            }
        }

        /// The thing in whichever state its row says: the form in which it comes out of a store.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[allow(missing_docs, reason = "each variant is the state of its name")]
        pub enum $any {
            $($state($thing<$state>),)+
        }

        impl $any {
            /// The state's word.
            #[must_use]
            pub fn status(&self) -> super::Status {
                match self {
                    $(Self::$state(_) => super::Status::$state,)+
                }
            }
        }
    };
}

pub(crate) use states;
