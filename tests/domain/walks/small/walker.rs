//! The pattern. A refusal needs no check that it changes nothing: a move takes a copy and gives back no change.

use std::collections::BTreeSet;
use std::fmt::Debug;

use proptest::array::uniform5;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sprintgate::domain::law::law;
use sprintgate::domain::machine::{Change, Stored, Word};
use sprintgate::domain::time::{Millis, Timestamp};

/// What is drawn for an event: what its arguments are made of.
pub(super) struct Throw {
    pub(super) a: u8,
    pub(super) b: u8,
    pub(super) now: Timestamp,
}

/// A machine, as the pattern needs it.
pub(super) trait Machine {
    /// As the law names it.
    const NAME: &'static str;
    type Row: Stored + Clone + PartialEq + Debug;
    type Any: Clone + Debug;
    /// The `n`-th thing, as it is born at zero.
    fn born(n: usize) -> Self::Row;
    fn status(row: &Self::Row) -> <Self::Row as Stored>::Status;
    fn parse(row: Self::Row) -> Option<Self::Any>;
    /// The row that the typed form gives back.
    fn row(any: Self::Any) -> Self::Row;
    /// Makes the event's move with whatever was thrown, if it is legal.
    fn fire(
        any: Self::Any,
        event: <Self::Row as Stored>::Event,
        throw: &Throw,
        others: &[Self::Any],
    ) -> Option<Change<Self::Row>>;
    /// What must hold of all rows.
    fn sound(rows: &[Self::Row], now: Timestamp) -> Result<(), String>;
}

/// Gives a machine's rows back, and makes rows typed.
macro_rules! typed {
    ($any:ident: $($state:ident),+) => {
        fn parse(row: Row) -> Option<$any> {
            $any::try_from(row).ok()
        }
        fn row(any: $any) -> Row {
            match any {
                $($any::$state(it) => it.into(),)+
            }
        }
        fn status(row: &Row) -> Status {
            row.status
        }
    };
}
pub(super) use typed;

type Taken = BTreeSet<(&'static str, &'static str, &'static str)>;

fn edges(name: &str) -> Taken {
    let edges = law().into_iter().filter(|edge| edge.machine == name);
    edges.map(|edge| (edge.from, edge.event, edge.to)).collect()
}

/// Bytes of one event: whose, which, two for its arguments, and how long after the one before.
pub(super) type Bytes = [u8; 5];

pub(super) fn bytes() -> impl Strategy<Value = Vec<Bytes>> {
    vec(uniform5(any::<u8>()), 1..200)
}

/// Walks, and returns the edges that were taken.
pub(super) fn walk<M: Machine>(throws: &[Bytes]) -> Result<Taken, String> {
    let law = edges(M::NAME);
    let mut rows: Vec<M::Row> = (0..3).map(M::born).collect();
    let mut now = Timestamp(0);
    let mut taken = Taken::new();
    for [who, event, a, b, span] in throws {
        // Mostly no time, sometimes some, now and then a day.
        now = now
            + match span {
                0..=99 => Millis(0),
                100..=199 => Millis::seconds(i64::from(*span) - 99),
                200..=249 => Millis::minutes(i64::from(*span) - 199),
                250.. => Millis::minutes(24 * 60),
            };
        let all = <<M::Row as Stored>::Event as Word>::ALL;
        let event = all[usize::from(*event) % all.len()];
        let place = usize::from(*who) % rows.len();
        let mut typed: Vec<M::Any> = Vec::new();
        for row in &rows {
            let any = M::parse(row.clone()).ok_or_else(|| format!("does not parse: {row:?}"))?;
            if M::row(any.clone()) != *row {
                return Err(format!("does not come back as it was: {row:?}"));
            }
            typed.push(any);
        }
        let any = typed.remove(place);
        let Some(change) = M::fire(any, event, &Throw { a: *a, b: *b, now }, &typed) else { continue };
        let edge = (change.before().word(), change.event().word(), change.after().word());
        if change.before() != M::status(&rows[place]) || change.event() != event {
            return Err(format!("{edge:?} is not what was asked of {:?}", rows[place]));
        }
        if !law.contains(&edge) || M::status(change.row()) != change.after() {
            return Err(format!("{edge:?} is no edge, or leads elsewhere: {:?}", change.row()));
        }
        rows[place] = change.row().clone();
        taken.insert(edge);
        M::sound(&rows, now)?;
    }
    Ok(taken)
}

/// Holds that fixed walks take every edge of the machine.
#[track_caller]
pub(super) fn takes_every_edge<M: Machine>() {
    let mut runner = TestRunner::deterministic();
    let strategy = bytes();
    let mut taken = Taken::new();
    for _ in 0..1000 {
        let throws = strategy.new_tree(&mut runner).unwrap().current();
        taken.extend(walk::<M>(&throws).unwrap());
    }
    let missed: Vec<_> = edges(M::NAME).difference(&taken).copied().collect();
    assert_eq!(missed, [], "{}", M::NAME);
}

/// The two tests of a machine.
macro_rules! walks {
    ($machine:ident) => {
        proptest::proptest! {
            #![proptest_config(proptest::test_runner::Config {
                cases: super::super::walk::cases(100),
                ..Default::default()
            })]

            #[test]
            fn whatever_happens_the_law_holds(throws in super::walker::bytes()) {
                let walked = super::walker::walk::<$machine>(&throws);
                proptest::prop_assert!(walked.is_ok(), "{}", walked.err().unwrap_or_default());
            }
        }

        #[test]
        fn walks_take_every_edge() {
            super::walker::takes_every_edge::<$machine>();
        }
    };
}
pub(super) use walks;
