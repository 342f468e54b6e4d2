//! Plans that were written to do harm: each ends soon, in a coded refusal, and leaves nothing behind.

use std::time::{Duration, Instant};

use super::world::World;

fn bomb() -> String {
    let mut text = "---\nx0: &x0 [lol,lol,lol,lol,lol,lol,lol,lol,lol,lol]\n".to_owned();
    for n in 1..12 {
        let before = format!("*x{}", n - 1);
        text += &format!("x{n}: &x{n} [{}]\n", [before.as_str(); 10].join(","));
    }
    text + "pbi: {title: *x11, priority: 1}\nstories: []\n---\n"
}

fn task(line: &str) -> String {
    format!(
        "---\npbi: {{title: A, priority: 1}}\nstories:\n- title: S\n  priority: 1\n  tasks:\n  - {line}\n---\n"
    )
}

#[tokio::test]
async fn a_hostile_plan_is_refused_soon_and_leaves_nothing() {
    let world = World::new().await;
    let million = 1 << 20;
    let wrapped = |middle: &str| format!("---\n{middle}\n---\n");
    let plans = [
        ("bomb", bomb()),
        ("brackets", wrapped(&"[".repeat(million - 20))),
        ("braces", wrapped(&"{".repeat(million - 20))),
        ("nested maps", wrapped(&"{a: ".repeat(250_000))),
        ("dashes", wrapped(&"- ".repeat(500_000))),
        ("question marks", wrapped(&"? ".repeat(500_000))),
        ("colons", wrapped(&"a: ".repeat(300_000))),
        ("anchors", wrapped(&"&a ".repeat(300_000))),
        ("anchored items", wrapped(&(0..60_000).map(|n| format!("- &a{n} x\n")).collect::<String>())),
        ("tags", wrapped(&"!!x ".repeat(250_000))),
        ("quotes", wrapped(&"\"".repeat(million - 20))),
        ("open quote", wrapped(&format!("\"{}", "x\n".repeat(500_000)))),
        ("block", wrapped(&format!("a: |\n{}", " \n".repeat(500_000)))),
        ("indents", wrapped(&(0..1400).map(|n| format!("{}a:\n", " ".repeat(n))).collect::<String>())),
        ("documents", wrapped(&"...\n".repeat(250_000))),
        ("keys", wrapped(&(0..20_000).map(|n| format!("k{n}: 1\n")).collect::<String>())),
        ("tab", "---\npbi:\n\ttitle: A\n---\n".to_owned()),
        ("twice", "---\npbi: {title: A, title: B, priority: 1}\nstories: []\n---\n".to_owned()),
        ("self", "---\npbi: &a {title: A, priority: 1, x: *a}\nstories: []\n---\n".to_owned()),
        ("merge", "---\na: &a {title: A, <<: *a}\npbi: *a\nstories: []\n---\n".to_owned()),
        ("too long", "x".repeat(million + 1)),
        ("only lines", format!("---\n{}", "\n".repeat(million - 10))),
        ("nan", task("{title: T, priority: .nan}")),
        ("huge", task("{title: T, priority: 99999999999999999999999}")),
        ("minus", task("{title: T, priority: -1}")),
        ("float", task("{title: T, priority: 1.5}")),
        ("nul", task("{title: \"T\\0\", priority: 1}")),
        ("escape", task("{title: \"T\\e[2J\", priority: 1}")),
        ("bell", task("{title: T, priority: 1, implementation_plan: \"- `a.rs` \\a\"}")),
        ("next line", task("{title: \"T\\x9b\", priority: 1}")),
    ];
    for (name, plan) in plans {
        let begun = Instant::now();
        let error = world.app.import(&world.person, "shop", &plan).await.expect_err(name);
        let took = begun.elapsed();
        assert_eq!(error.code(), "VALIDATION_ERROR", "{name}");
        assert!(error.to_string().len() < 4000, "{name}: {} bytes", error.to_string().len());
        // What grows out of all bounds does not end within hours.
        assert!(took < Duration::from_secs(60), "{name}: {took:?}");
    }
    let made = world.import(&super::world::plan("sound", &[&[("one", "- `src/a.rs`", "ANY")]])).await;
    assert_eq!(made.pbi.code, "PBI-1");
    world.sound().await;
}
