//! A pull request that does not merge waits for a person, and so does the run that would go on with it.

use serde_json::Value;
use sprintgate::domain::forge::ForgeKind;
use sprintgate::flow::Polls;
use sqlx::Connection as _;

use super::super::forged::Forged;
use super::super::world::{code, sh};
use super::poll::FOUR;

impl Forged {
    /// Every question as `status about text`.
    pub(super) async fn questions(&self) -> Vec<(String, String, String)> {
        let mut raw = self.raw().await;
        let text = "SELECT status, CASE WHEN sprint_run_id IS NULL THEN 'story' ELSE 'run' END AS about, question \
            FROM claude_questions ORDER BY created_at, id";
        let rows = sqlx::query_as(text).fetch_all(&mut raw).await.unwrap();
        raw.close().await.unwrap();
        rows
    }

    /// Why the newest run waits.
    async fn pause(&self) -> Value {
        let mut raw = self.raw().await;
        let text = "SELECT CAST(pause_context AS text) AS pause FROM sprint_runs";
        let found: Option<String> = sqlx::query_scalar(text).fetch_one(&mut raw).await.unwrap();
        raw.close().await.unwrap();
        found.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap())
    }

    async fn run(&self) -> String {
        self.board().await.remove(0)
    }
}

/// Three stories, of which the first two are done and open at the forge; somebody changed the same on main.
async fn in_conflict(kind: ForgeKind) -> (Forged, String) {
    let world = Forged::new(kind).await;
    world.checks_run();
    let run = world.begin(&FOUR[..3]).await.sprint_run_id;
    for file in ["src/a.rs", "src/b.rs"] {
        world.carry(file).await;
        while world.perform().await.done > 0 {}
    }
    world.push("main", "src/a.rs", "somebody else's\n");
    (world, run)
}

#[tokio::test]
async fn a_running_run_waits_until_a_person_has_solved_it() {
    let (world, run) = in_conflict(ForgeKind::GitHub).await;
    let mut polls = Polls::default();
    assert_eq!(world.polled(&mut polls).await.moved, 1);
    assert_eq!(
        [world.publications_at(1).await, world.publications_at(2).await],
        ["MERGE_CONFLICT_PAUSED", "AUTO_MERGE_ENABLED"]
    );
    assert_eq!(world.run().await, "run PAUSED sprint OPEN");
    let questions = world.questions().await;
    let [(status, about, text)] = questions.as_slice() else { panic!("{questions:?}") };
    assert_eq!((&**status, &**about), ("open", "run"));
    assert!(text.contains("- src/a.rs\n") && text.contains(&world.url(1)), "{text}");
    assert!(
        text.ends_with(&format!("`sprintgate sprint resume {run}`. The run hands out no jobs until then.")),
        "{text}"
    );
    let pause = world.pause().await;
    assert_eq!((&pause["pause_reason"], &pause["pr_url"]), (&"MERGE_CONFLICT".into(), &world.url(1).into()));
    assert_eq!(pause["conflict_files"], serde_json::json!(["src/a.rs"]));
    assert_eq!(world.wait(&world.worker).await.unwrap().status, "timeout", "no job is handed out");
    world.perform().await;
    assert_eq!(world.server.state().pulls[0].scheduled, None, "what was asked for is withdrawn");

    // Somebody changes the second one's file, too: while the run waits, nothing more is asked.
    world.push("main", "src/b.rs", "somebody else's\n");
    assert_eq!(world.polled(&mut polls).await.moved, 0);
    assert_eq!(world.questions().await.len(), 1);

    // A person takes main into the first branch, which is seen while the run waits.
    let line = format!(
        "git fetch -q && git checkout -q {} && git merge -q -s ours origin/main -m solved && git push -q",
        world.branch(1)
    );
    sh(&world.clone_dir(), &line);
    assert_eq!(world.polled(&mut polls).await.moved, 1);
    assert_eq!(world.publications_at(1).await, "MERGE_CONFLICT_PAUSED");
    assert_eq!(code(world.app.resume_run(&world.worker, &run).await), "PERMISSION_DENIED");
    let resumed = world.app.resume_run(&world.person, &run).await.unwrap();
    assert_eq!((&*resumed.status, resumed.closed_questions.len()), ("running", 1));
    let [one] = resumed.pull_requests.as_slice() else { panic!("{resumed:?}") };
    assert_eq!(
        (&*one.pr_url, &*one.status),
        (&*world.url(1), "pr_opened"),
        "nobody verified a person's commit"
    );
    assert_eq!(world.questions().await[0].0, "closed");
    assert_eq!(world.run().await, "run RUNNING sprint OPEN");
    assert_eq!(code(world.app.resume_run(&world.person, &run).await), "RUN_NOT_PAUSED");
    world.claim(&world.worker).await;

    // Now the second one's conflict is found.
    assert_eq!(world.polled(&mut polls).await.moved, 1);
    assert_eq!(
        [world.publications_at(1).await, world.publications_at(2).await],
        ["PR_OPENED", "MERGE_CONFLICT_PAUSED"]
    );
    assert_eq!(world.run().await, "run PAUSED sprint OPEN");
    let asked: Vec<String> = world.questions().await.into_iter().map(|(status, ..)| status).collect();
    assert_eq!(asked, ["closed", "open"]);
    world.sound().await;
}

#[tokio::test]
async fn a_story_whose_run_is_over_waits_alone() {
    let world = Forged::new(ForgeKind::Forgejo).await;
    world.checks_run();
    let run = world.begin(&FOUR[..1]).await.sprint_run_id;
    world.carry("src/a.rs").await;
    while world.perform().await.done > 0 {}
    assert_eq!(world.run().await, "run DONE sprint CLOSED");
    world.push("main", "src/a.rs", "somebody else's\n");
    let mut polls = Polls::default();
    assert_eq!(world.polled(&mut polls).await.moved, 1);
    assert_eq!(
        (world.publications_at(1).await, world.run().await),
        ("MERGE_CONFLICT_PAUSED".to_owned(), "run DONE sprint CLOSED".to_owned())
    );
    let questions = world.questions().await;
    let [(status, about, text)] = questions.as_slice() else { panic!("{questions:?}") };
    assert_eq!((&**status, &**about), ("open", "story"));
    assert!(text.contains("- src/a.rs\n") && !text.contains("no jobs"), "{text}");

    // Nobody solved it: it is asked to be merged again, and waits again with a question of its own.
    let resumed = world.app.resume_run(&world.person, &run).await.unwrap();
    assert_eq!((&*resumed.status, &*resumed.pull_requests[0].status), ("done", "waiting_for_checks"));
    assert_eq!(world.polled(&mut polls).await.moved, 1);
    let asked: Vec<String> = world.questions().await.into_iter().map(|(status, ..)| status).collect();
    assert_eq!(asked, ["closed", "open"]);
    assert_eq!(code(world.app.resume_run(&world.person, "absent").await), "NOT_FOUND");
    let (_, bob) = world.app.enrol("bob", "test").await.unwrap();
    let bob = sprintgate::flow::Session::person(Some(&bob), "desk".parse().unwrap());
    assert_eq!(code(world.app.resume_run(&bob, &run).await), "NOT_FOUND");
    world.sound().await;
}
