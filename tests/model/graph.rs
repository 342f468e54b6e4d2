//! The whole graph of a small world: its size, the shortest way to a state, and whether every state can end well.

use std::collections::HashMap;

use stateright::Model;

use super::actions::{Action, shown};
use super::properties::{Known, PROPERTIES};
use super::state::State;
use super::world::World;

/// The states of a world in the order of their distance from its beginning.
pub(crate) struct Graph {
    world: World,
    states: Vec<State>,
    /// How each state was reached first.
    reached_by: Vec<Option<(u32, Action)>>,
    /// The steps that are no fault, from and to.
    progress: Vec<(u32, u32)>,
}

/// How a world ends.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) states: usize,
    /// States in which every job has ended.
    pub(crate) ended: usize,
    /// States from which no such state can be reached without another fault.
    pub(crate) lost: usize,
}

impl Graph {
    /// Explores the world, nearest states first, until one hits the property of this name, if one is given.
    pub(crate) fn of(world: World, until: Option<&str>) -> Self {
        let mut graph = Self { world, states: Vec::new(), reached_by: Vec::new(), progress: Vec::new() };
        let mut known: HashMap<State, u32> = HashMap::new();
        for state in graph.world.init_states() {
            known.insert(state.clone(), 0);
            graph.states.push(state);
            graph.reached_by.push(None);
        }
        let property = until.map(|name| PROPERTIES.iter().find(|known| known.name == name).unwrap());
        let mut actions = Vec::new();
        let mut at = 0;
        while let Some(state) = graph.states.get(at).cloned() {
            if property.is_some_and(|property| property.hit(&graph.world, &state)) {
                graph.states.truncate(at + 1);
                return graph;
            }
            graph.world.actions(&state, &mut actions);
            for action in actions.drain(..) {
                let Some(next) = graph.world.next_state(&state, action) else { continue };
                if !graph.world.within_boundary(&next) {
                    continue;
                }
                let from = u32::try_from(at).unwrap();
                let to = *known.entry(next).or_insert_with_key(|next| {
                    graph.states.push(next.clone());
                    graph.reached_by.push(Some((from, action)));
                    u32::try_from(graph.states.len() - 1).unwrap()
                });
                if action.is_progress() {
                    graph.progress.push((from, to));
                }
            }
            at += 1;
        }
        graph
    }

    /// The properties that some state violates.
    pub(crate) fn violations(&self) -> Vec<&'static str> {
        let violated = |known: &&Known| {
            known.is_always() && self.states.iter().any(|state| known.hit(&self.world, state))
        };
        PROPERTIES.iter().filter(violated).map(|known| known.name).collect()
    }

    /// The shortest trace to the nearest state that hits the property, a step a line; nothing when none does.
    pub(crate) fn shortest(world: World, property: &str) -> Option<Vec<String>> {
        let known = PROPERTIES.iter().find(|known| known.name == property).unwrap();
        let graph = Self::of(world, Some(property));
        let mut at = graph.states.len() - 1;
        if !known.hit(&graph.world, &graph.states[at]) {
            return None;
        }
        let mut trace = Vec::new();
        while let Some((from, action)) = graph.reached_by[at] {
            trace.push(format!("{:<40} {}", graph.world.format_action(&action), shown(&graph.states[at])));
            at = from as usize;
        }
        trace.reverse();
        Some(trace)
    }

    /// Whether from every state the jobs can end, if nothing more goes wrong.
    pub(crate) fn ends(&self) -> Ends {
        let mut into: Vec<Vec<u32>> = vec![Vec::new(); self.states.len()];
        for (from, to) in &self.progress {
            into[*to as usize].push(*from);
        }
        let over = |state: &State| state.each().all(|(_, job)| job.status.is_terminal());
        let mut ends: Vec<bool> = self.states.iter().map(over).collect();
        let mut open: Vec<u32> = (0..).zip(&ends).filter(|(_, ends)| **ends).map(|(at, _)| at).collect();
        let ended = open.len();
        while let Some(at) = open.pop() {
            for from in &into[at as usize] {
                if !std::mem::replace(&mut ends[*from as usize], true) {
                    open.push(*from);
                }
            }
        }
        let lost = ends.iter().filter(|ends| !**ends).count();
        Ends { states: self.states.len(), ended, lost }
    }
}
