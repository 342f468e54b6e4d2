//! One entity's history, replayed.

use super::copies::{Story, open};
use crate::flow::world::code;

#[tokio::test]
async fn a_history_is_told_with_the_table_beside_its_end() {
    let story = Story::told().await;
    let app = &story.world.app;
    let job = story.ask("SELECT entity FROM ledger WHERE machine='job' AND event='finish'");
    let told = app.audit_replay(&job).await.unwrap();
    assert_eq!(
        (told.machine.as_str(), told.entity.as_str(), told.status.as_str()),
        ("job", job.as_str(), "DONE")
    );
    let events: Vec<&str> = told.rows.iter().map(|row| row.event.as_str()).collect();
    assert_eq!(events, ["create", "claim", "start", "finish"]);
    let table = told.table.clone().unwrap();
    assert_eq!((table.status.as_str(), table.event.as_str(), table.ledger_seq), ("DONE", "finish", 4));
    assert!(told.ok && told.findings.is_empty());

    for named in [format!("job:{job}"), job[job.len() - 12..].to_owned()] {
        assert_eq!(app.audit_replay(&named).await.unwrap(), told, "{named}");
    }
    let attempt = app.audit_replay(&format!("attempt:{job}/1")).await.unwrap();
    assert_eq!((attempt.status.as_str(), attempt.rows.len()), ("FINISHED", 2));
    let sprint = story.ask("SELECT id FROM sprints");
    assert_eq!(app.audit_replay(&format!("sprint:{sprint}")).await.unwrap().entity, sprint);
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let story = Story::told().await;
    let app = &story.world.app;
    let job = story.ask("SELECT min(id) FROM claude_jobs");
    // Ids begin with the time, and these were made at almost the same one.
    let several = app.audit_replay(&job[..6]).await.unwrap_err();
    assert!(several.code() == "VALIDATION_ERROR" && several.to_string().contains("part of several ids"));
    for (entity, refused) in [
        (&job[job.len() - 5..], "NOT_FOUND"),
        ("nobody-at-all", "NOT_FOUND"),
        ("", "NOT_FOUND"),
        ("sprint:", "NOT_FOUND"),
        (&format!("task:{job}"), "NOT_FOUND"),
        ("ghost:1", "VALIDATION_ERROR"),
    ] {
        assert_eq!(code(app.audit_replay(entity).await), refused, "{entity:?}");
    }
}

#[tokio::test]
async fn a_history_that_does_not_fit_says_so() {
    let story = Story::told().await;
    let job = story.ask("SELECT entity FROM ledger WHERE machine='job' AND event='finish'");
    let copy = story.copy("unfit", "DELETE FROM ledger WHERE event = 'start' AND machine = 'job'");
    let (app, _) = open(&copy).await;
    let told = app.audit_replay(&job).await.unwrap();
    assert!(!told.ok && told.rows.len() == 3);
    assert!(told.findings[1].contains("the entity's row 3 is missing"), "{told:#?}");
    let task = story.ask("SELECT min(id) FROM tasks");
    let (app, _) = open(&story.copy("gone", &format!("DELETE FROM ledger WHERE entity = '{task}'"))).await;
    let told = app.audit_replay(&format!("task:{task}")).await.unwrap();
    assert!(!told.ok && told.rows.is_empty() && told.table.is_some(), "{told:#?}");
}
