//! A law taken apart into single facts, so that two laws can be compared whatever order they were written in.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::law::{Law, Machine, Unusable, Word};

/// What something is said about, within a machine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are the words of the law")]
pub enum Fact {
    /// The machine itself.
    Machine,
    /// A state.
    State { word: String },
    /// An event.
    Event { word: String },
    /// That a thing may be born in a state.
    Birth { state: String },
    /// An edge.
    Edge { from: String, event: String, to: String },
    /// The clause of all edges of an event that lead to a state.
    Clause { event: String, to: String },
}

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "the fields are those of the law")]
pub enum Said {
    /// Of a machine.
    Machine { table: String, about: String },
    /// Of a state or an event.
    Meaning { meaning: String },
    /// Of a birth or an edge: that it is legal.
    Legal { legal: bool },
    /// Of a clause.
    Clause { by_move: String, who: BTreeSet<String>, when: String, writes: String, emits: String },
}

/// All facts of a law, by machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts(pub BTreeMap<(String, Fact), Said>);

impl TryFrom<&Law> for Facts {
    type Error = Unusable;

    fn try_from(law: &Law) -> Result<Self, Unusable> {
        let mut facts = Self(BTreeMap::new());
        for machine in &law.machines {
            facts.take(machine)?;
        }
        facts.only_use_what_they_list()?;
        Ok(facts)
    }
}

impl Facts {
    fn take(&mut self, machine: &Machine) -> Result<(), Unusable> {
        let name = machine.name.as_str();
        self.say(
            name,
            Fact::Machine,
            Said::Machine { table: machine.table.clone(), about: machine.about.clone() },
        )?;
        let meaning = |word: &Word| Said::Meaning { meaning: word.meaning.clone() };
        for state in &machine.states {
            self.say(name, Fact::State { word: state.word.clone() }, meaning(state))?;
        }
        for event in &machine.events {
            self.say(name, Fact::Event { word: event.word.clone() }, meaning(event))?;
        }
        for state in &machine.born {
            self.say(name, Fact::Birth { state: state.clone() }, Said::Legal { legal: true })?;
        }
        for edge in machine.transitions.iter().cloned() {
            let edge = Fact::Edge { from: edge.from, event: edge.event, to: edge.to };
            self.say(name, edge, Said::Legal { legal: true })?;
        }
        for clause in machine.clauses.iter().cloned() {
            let fact = Fact::Clause { event: clause.event, to: clause.to };
            let said = Said::Clause {
                by_move: clause.by_move,
                who: clause.who.into_iter().collect(),
                when: clause.when,
                writes: clause.writes,
                emits: clause.emits,
            };
            self.say(name, fact, said)?;
        }
        Ok(())
    }

    fn say(&mut self, machine: &str, fact: Fact, said: Said) -> Result<(), Unusable> {
        let named = format!("{machine} {fact}");
        match self.0.insert((machine.to_owned(), fact), said) {
            Some(_) => Err(Unusable::Twice(named)),
            None => Ok(()),
        }
    }

    fn only_use_what_they_list(&self) -> Result<(), Unusable> {
        for (machine, fact) in self.0.keys() {
            let (states, event) = match fact {
                Fact::Birth { state } => (vec![state], None),
                Fact::Edge { from, event, to } => (vec![from, to], Some(event)),
                Fact::Clause { event, to } => (vec![to], Some(event)),
                Fact::Machine | Fact::State { .. } | Fact::Event { .. } => (Vec::new(), None),
            };
            let states = states.into_iter().map(|word| Fact::State { word: word.clone() });
            for used in states.chain(event.map(|word| Fact::Event { word: word.clone() })) {
                let named = format!("{machine} {used}");
                if !self.0.contains_key(&(machine.clone(), used)) {
                    return Err(Unusable::Unlisted(named));
                }
            }
        }
        Ok(())
    }
}

impl std::fmt::Display for Fact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Machine => f.write_str("machine"),
            Self::State { word } => write!(f, "state {word}"),
            Self::Event { word } => write!(f, "event {word}"),
            Self::Birth { state } => write!(f, "birth {state}"),
            Self::Edge { from, event, to } => write!(f, "edge {from} -{event}-> {to}"),
            Self::Clause { event, to } => write!(f, "clause {event} to {to}"),
        }
    }
}
