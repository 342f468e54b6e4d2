//! The program run step by step, up to the one before which it is killed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::crash::kill;
use crate::crash::shop::Shop;

/// Who dies with the program.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Dies {
    /// Nobody: what it had started goes on to its end.
    Alone,
    /// All that it had started, as in a power cut.
    WithAll,
}

/// Counts the steps of one program after the other, and kills one of them before a step.
pub(super) struct Traced {
    tracer: PathBuf,
    log: PathBuf,
    /// The number of the step that is not taken, from 1.
    at: Option<usize>,
    dies: Dies,
    rests: bool,
    /// What was done, a step each, to what; the last one was not if somebody was killed.
    pub(super) steps: Vec<String>,
    pub(super) killed: bool,
}

impl Traced {
    /// Made in that folder by the machine's compiler.
    pub(super) fn new(folder: &Path) -> Self {
        let tracer = folder.join("tracer");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/steps/tracer.c");
        let made = Command::new("cc").args(["-O1", "-o"]).arg(&tracer).arg(source).status().unwrap();
        assert!(made.success(), "the tracer does not compile");
        let log = folder.join("steps");
        Self { tracer, log, at: None, dies: Dies::Alone, rests: false, steps: Vec::new(), killed: false }
    }

    /// Counts from the start again; who is about to take the step of that number is killed.
    pub(super) fn begin(&mut self, at: Option<usize>, dies: Dies) {
        self.steps.clear();
        (self.at, self.dies, self.rests, self.killed) = (at, dies, false, false);
    }

    /// Counts no more, and kills nobody from now on: what comes is a part of another life.
    pub(super) fn rest(&mut self) {
        (self.at, self.rests) = (None, true);
    }

    /// Runs the program in the shop; none when it was killed.
    pub(super) fn run(&mut self, shop: &Shop, args: &[&str]) -> Option<Output> {
        let left = self.at.filter(|_| !self.killed).map_or(0, |at| at - self.steps.len());
        let _ = fs::remove_file(&self.log);
        let plain = shop.command(args);
        let mut command = Command::new(&self.tracer);
        command.env_clear().envs(plain.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.arg(&self.log).arg(left.to_string()).arg(shop.root());
        command.arg(plain.get_program()).args(args).current_dir(shop.root()).stdin(Stdio::null());
        let out = command.output().unwrap();
        let steps = fs::read_to_string(&self.log).unwrap_or_default();
        if !self.rests {
            self.steps.extend(steps.lines().map(str::to_owned));
        }
        if !steps.ends_with(" KILLED\n") {
            return Some(out);
        }
        assert_eq!(out.status.code(), Some(128 + 9), "{args:?} outlived its end: {steps}");
        self.killed = true;
        match self.dies {
            Dies::Alone => shop.quiet(),
            Dies::WithAll => kill::all_of(&shop.root()),
        }
        None
    }
}
