//! However much people and agents write, an event fits.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::event::{PAYLOAD_MAX, Payload, Value, WIRE_MAX, wire};
use sprintgate::domain::gate::Evidence;
use sprintgate::domain::job::{EndCause, Kind, Publication, Row, Status};
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;

use super::{event, iso};

/// The longest that an agent may write, of the widest that there is.
fn job(summary: &str, error: &str) -> Row {
    let commit = CommitId::new("a".repeat(40)).unwrap();
    let at = Timestamp(1);
    Row {
        id: "j".repeat(64).parse().unwrap(),
        kind: Kind::SprintImplementation,
        status: Status::Done,
        attempt: 3,
        not_before: None,
        token: None,
        worker: None,
        lease_until: None,
        claimed_at: Some(at),
        started_at: Some(at),
        finished_at: Some(at),
        plan: Some("p".repeat(100_000)),
        policy: None,
        base: None,
        evidence: Some(Evidence { result: VerifyResult::Divergent, commit: commit.clone(), at }),
        publication: Some(Publication { commit, at }),
        end_cause: Some(EndCause::Finished),
        caused_by: None,
        waived_by: None,
        waive_reason: None,
        summary: Some(summary.to_owned()),
        error: Some(error.to_owned()),
    }
}

fn texts(text: &str) -> (String, String) {
    let payload = Payload::of_job(&job(text, text));
    (payload.summary.unwrap(), payload.error.unwrap())
}

#[test]
fn the_largest_event_fits_into_a_notification() {
    let id = |c: &str| c.repeat(64);
    for wide in ["漢", "😀", "\u{0}", "\"", "\u{2028}", "é", "x"] {
        let place = "b".repeat(600);
        let mut it = event("job", &id("j"), ("RUNNING", "finish", "DONE"));
        (it.user, it.product) = (Some(id("u").parse().unwrap()), Some(id("p").parse().unwrap()));
        it.entity_seq = i64::MAX;
        it.payload = Payload::of_job(&job(&wide.repeat(2000), &wide.repeat(2000))).at(
            Some(id("t").parse().unwrap()),
            Some(id("i").parse().unwrap()),
            Some(place.clone()),
            Some(place),
        );
        let json = wire(&it, iso);
        assert!(json.to_string().len() < 4000 && 4000 < WIRE_MAX, "{wide:?}: {json}");
        // The payload is the greater part of it, so that it fits too.
        let told: usize = json.fields().iter().map(|(name, _)| name.len() + 4).sum();
        let texts = json.fields().iter().map(|(_, value)| match value {
            Value::Text(text) => text.len(),
            Value::Number(_) => 20,
        });
        assert!(told + texts.sum::<usize>() < PAYLOAD_MAX, "{wide:?}");
    }
}

#[test]
fn long_texts_are_cut_where_a_character_ends() {
    assert_eq!(texts("short"), ("short".to_owned(), "short".to_owned()));
    assert_eq!(texts(&"x".repeat(400)).0, "x".repeat(400));
    assert_eq!(texts(&"x".repeat(401)).0, "x".repeat(397) + "…");
    assert_eq!(texts(&"é".repeat(200)).0, "é".repeat(200));
    assert_eq!(texts(&("x".to_owned() + &"é".repeat(200))).0, "x".to_owned() + &"é".repeat(198) + "…");
    // A character that is escaped takes six bytes; after the first that does not fit nothing follows.
    assert_eq!(texts(&"\u{1}".repeat(67)).1, "\u{1}".repeat(66) + "…");
    assert_eq!(texts(&("x".repeat(396) + "漢x" + &"y".repeat(9))).1, "x".repeat(396) + "…");
}

#[test]
fn a_branch_or_an_address_is_told_whole_or_not_at_all() {
    let at = |place: String| {
        let payload = Payload::of_job(&job("", "")).at(None, None, Some(place.clone()), Some(place));
        (payload.branch, payload.pr_url)
    };
    let fits = "b".repeat(600);
    assert_eq!(at(fits.clone()), (Some(fits.clone()), Some(fits)));
    assert_eq!(at("b".repeat(601)), (None, None));
}

#[test]
fn a_payload_is_what_the_job_was_after_the_move() {
    let payload = Payload::of_job(&job("all of it", "no")).at(
        Some("t".parse().unwrap()),
        None,
        Some("feat/a".into()),
        None,
    );
    assert_eq!(
        payload,
        Payload {
            task_id: Some("t".parse().unwrap()),
            kind: Some(Kind::SprintImplementation),
            branch: Some("feat/a".into()),
            pushed_at: Some(Timestamp(1)),
            verify_result: Some(VerifyResult::Divergent),
            summary: Some("all of it".into()),
            error: Some("no".into()),
            ..Payload::default()
        }
    );
}
