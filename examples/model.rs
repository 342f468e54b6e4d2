//! Checks the larger worlds of the claim protocol's model to their last state, which takes minutes and gigabytes:
//! `cargo run --release --no-default-features --example model -- 2x3`. Without a name it lists the worlds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/model/mod.rs"]
mod model;

use std::time::{Duration, Instant};

use model::world::World;
use stateright::{Checker, Model};

fn worlds() -> Vec<(&'static str, World)> {
    let apart = |world: World| World { one_token: false, ..world };
    vec![
        ("1x1", World::of(1, &[(0, 0)])),
        ("2x1", World::of(2, &[(0, 0)])),
        ("2x1-names", World { symmetric: false, ..World::of(2, &[(0, 1)]) }),
        ("2x1-tokens", apart(World::of(2, &[(0, 0)]))),
        ("3x1", World::of(3, &[(0, 0)]).plain()),
        ("2x2-apart", World::of(2, &[(0, 1), (1, 1)]).plain()),
        ("2x2", World::of(2, &[(0, 1), (0, 1)]).plain()),
        ("2x2-pauses", World { pauses: true, ..World::of(2, &[(0, 1), (0, 1)]).plain() }),
        ("2x2-strict", World { strict: true, ..World::of(2, &[(0, 1), (1, 1)]).plain() }),
        ("2x3", World::of(2, &[(0, 2), (0, 1), (1, 2)]).plain()),
        ("2x3-deep", World::of(2, &[(0, 1), (0, 1), (1, 2)]).plain()),
        ("2x2-fresh", World::of(2, &[(0, 0), (0, 0)]).plain()),
        ("2x3-last", World::of(2, &[(0, 2), (0, 2), (1, 2)]).plain()),
    ]
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    if wanted.is_empty() {
        for (name, world) in worlds() {
            println!("{name:<12} {world:?}");
        }
        return;
    }
    for (name, world) in worlds().into_iter().filter(|(name, _)| wanted.iter().any(|one| one == name)) {
        let begun = Instant::now();
        let checker = world.checker().threads(2).spawn_bfs();
        while !checker.is_done() {
            std::thread::sleep(Duration::from_millis(100));
            if begun.elapsed().as_secs().is_multiple_of(60) && begun.elapsed().subsec_millis() < 100 {
                println!("{} states after {:.0?}", checker.unique_state_count(), begun.elapsed());
            }
        }
        let checker = checker.join();
        println!(
            "{name}: {} states, {} steps between them, depth {}, {:.1?}, {}",
            checker.unique_state_count(),
            checker.state_count(),
            checker.max_depth() - 1,
            begun.elapsed(),
            memory()
        );
        checker.assert_properties();
    }
}

/// The most memory that the process had so far.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    line.map_or_else(
        || "memory unknown".to_owned(),
        |line| line.split_whitespace().skip(1).collect::<Vec<_>>().join(" "),
    )
}
