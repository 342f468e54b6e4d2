//! What can be done with a task. Where a move is legal, the table says: the bounds are its rows.

use super::state::{Done, Ended, Excluded, Failed, InProgress, Open, Review, Step, Task, ToDo};
use super::words::Event;
use crate::domain::machine::To;

impl<S: Open> Task<S> {
    /// Notes that work begins, or goes on after a look.
    pub fn begin(self) -> Step<S, InProgress>
    where
        S: To<InProgress>,
    {
        self.step(Event::Begin, |_| InProgress)
    }

    /// Puts it back to what is planned: its work stopped without a result.
    pub fn put_back(self) -> Step<S, ToDo>
    where
        S: To<ToDo>,
    {
        self.step(Event::PutBack, |_| ToDo)
    }

    /// Hands it to a person for a look.
    pub fn submit(self) -> Step<S, Review>
    where
        S: To<Review>,
    {
        self.step(Event::Submit, |_| Review)
    }

    /// Notes that it is done.
    pub fn complete(self) -> Step<S, Done> {
        self.step(Event::Complete, |_| Done)
    }

    /// Notes that it failed.
    pub fn fail(self) -> Step<S, Failed> {
        self.step(Event::Fail, |_| Failed)
    }

    /// Notes that it will not be done, and counts as handled (`original` 2.3).
    pub fn exclude(self) -> Step<S, Excluded> {
        self.step(Event::Exclude, |_| Excluded)
    }
}

impl<S: Ended> Task<S> {
    /// Plans it again.
    pub fn reopen(self) -> Step<S, ToDo> {
        self.step(Event::Reopen, |_| ToDo)
    }
}
