//! Counts the lines of a transcript one by one: the last job's part of it, each message once, each model apart.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use super::line::{Line, Message};
use super::model::ModelId;
use super::tokens::Tokens;

/// What a line turned out to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A line.
    Line(Box<Line>),
    /// Something that does not parse.
    Malformed,
    /// Longer than anybody reads.
    TooLong,
}

/// What an agent used, and how it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Usage {
    /// The agent itself.
    pub own: Spent,
    /// The agents it called.
    pub sub_agents: Spent,
    /// The model that wrote last, of the agent itself: the one that a job names where it can name only one.
    pub last_model: Option<ModelId>,
    /// How the transcript was read.
    pub reading: Reading,
}

/// Tokens by the model that they were spent on.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Spent {
    /// Tokens of each model.
    pub by_model: BTreeMap<ModelId, Tokens>,
    /// Tokens of messages that name no model.
    pub unnamed: Tokens,
}

/// How a transcript was read. All its lines count here, whatever part of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Reading {
    /// Lines that were not empty.
    pub lines: u64,
    /// Those that repeat an earlier one.
    pub repeated: u64,
    /// Those that do not parse.
    pub malformed: u64,
    /// Those that are too long.
    pub too_long: u64,
}

/// Takes the lines in their order. Transcripts of sub-agents, kept in files of their own, come after the agent's.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    uuids: BTreeSet<String>,
    own: Part,
    sub_agents: Part,
    last_model: Option<ModelId>,
    reading: Reading,
}

/// The messages since the agent last asked for a job.
#[derive(Debug, Clone, Default)]
struct Part {
    /// Messages that began before it asked: their lines may go on after it.
    earlier: BTreeSet<String>,
    /// By id.
    messages: BTreeMap<String, (Option<ModelId>, Tokens)>,
    /// What has no id.
    nameless: Spent,
}

impl Tally {
    /// Counts one more line.
    pub fn add(&mut self, entry: Entry) {
        bump(&mut self.reading.lines);
        match entry {
            Entry::Malformed => bump(&mut self.reading.malformed),
            Entry::TooLong => bump(&mut self.reading.too_long),
            Entry::Line(line) => match &line.uuid {
                Some(uuid) if !self.uuids.insert(uuid.clone()) => bump(&mut self.reading.repeated),
                _ => self.read(*line),
            },
        }
    }

    /// What was used since the agent last asked for a job; all of it, if it never asked.
    #[must_use]
    pub fn usage(self) -> Usage {
        Usage {
            own: self.own.spent(),
            sub_agents: self.sub_agents.spent(),
            last_model: self.last_model,
            reading: self.reading,
        }
    }

    fn read(&mut self, line: Line) {
        let sub_agent = line.sidechain == Some(true);
        let asks = !sub_agent && line.waits_for_a_job();
        if let Some(message) = line.by_the_model() {
            let model = message.model.as_deref().and_then(|text| ModelId::new(text).ok());
            let used = message.usage.is_some_and(|tokens| !tokens.is_zero());
            if sub_agent {
                self.sub_agents.count(message, model);
            } else {
                if used && model.is_some() {
                    self.last_model.clone_from(&model);
                }
                self.own.count(message, model);
            }
        }
        if asks {
            self.own.begin();
            self.sub_agents.begin();
            self.last_model = None;
        }
    }
}

impl Part {
    fn begin(&mut self) {
        self.earlier.extend(take(&mut self.messages).into_keys());
        self.nameless = Spent::default();
    }

    fn count(&mut self, message: Message, model: Option<ModelId>) {
        let tokens = message.usage.unwrap_or_default();
        match message.id {
            Some(id) if self.earlier.contains(&id) => {}
            Some(id) => {
                let (by, known) = self.messages.entry(id).or_default();
                *by = take(by).max(model);
                *known = known.at_least(tokens);
            }
            None => self.nameless.add(model, tokens),
        }
    }

    fn spent(self) -> Spent {
        let mut spent = self.nameless;
        for (model, tokens) in self.messages.into_values() {
            spent.add(model, tokens);
        }
        spent
    }
}

impl Spent {
    /// A message without tokens names no model: the client itself speaks as one at times.
    fn add(&mut self, model: Option<ModelId>, tokens: Tokens) {
        if tokens.is_zero() {
            return;
        }
        let sum = match model {
            Some(model) => self.by_model.entry(model).or_default(),
            None => &mut self.unnamed,
        };
        *sum = sum.and(tokens);
    }

    /// The tokens of all models together.
    #[must_use]
    pub fn total(&self) -> Tokens {
        self.by_model.values().fold(self.unnamed, |sum, tokens| sum.and(*tokens))
    }
}

fn bump(counter: &mut u64) {
    *counter = counter.saturating_add(1);
}
