//! Of many events that wait to be sent only the last of each type and entity is.

use sprintgate::domain::event::latest;

use super::event;

#[test]
fn the_last_of_each_type_and_entity_goes_out_in_its_order() {
    let events = [
        event("job", "a", ("", "create", "QUEUED")),
        event("job", "a", ("QUEUED", "claim", "CLAIMED")),
        event("job", "b", ("", "create", "QUEUED")),
        event("task", "a", ("TO_DO", "begin", "IN_PROGRESS")),
        event("job", "a", ("CLAIMED", "start", "RUNNING")),
        event("worker", "t/w", ("", "create", "PRESENT")),
        event("worker", "t/w", ("PRESENT", "prune", "ABSENT")),
        event("worker", "t/w", ("ABSENT", "register", "PRESENT")),
    ];
    let sent: Vec<(&str, &str, &str)> = latest(&events.iter().collect::<Vec<_>>())
        .iter()
        .map(|event| (event.kind(), event.entity.as_str(), event.to.as_str()))
        .collect();
    assert_eq!(
        sent,
        [
            ("claude_job_enqueued", "a", "QUEUED"),
            ("claude_job_enqueued", "b", "QUEUED"),
            ("task", "a", "IN_PROGRESS"),
            ("claude_job_status", "a", "RUNNING"),
            ("worker_disconnected", "t/w", "ABSENT"),
            ("worker_connected", "t/w", "PRESENT"),
        ]
    );
    assert_eq!(latest(&[]).len(), 0);
}
