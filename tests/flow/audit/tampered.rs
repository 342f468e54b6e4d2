//! A database that was changed behind the program's back: each change is found and its row named, by `audit verify`,
//! and by the script in a bundle that was made of the changed database.

use sprintgate::domain::time::Timestamp;
use sprintgate::store::{GENESIS, LedgerEntry, Store, entry_hash};

use super::copies::{Story, both, open, tamper};

/// A task that nobody made, born as the law wants it, with the right hash.
fn born(seq: &str) -> String {
    let mut row = LedgerEntry {
        seq: 0,
        machine: "task".into(),
        entity: "ghost".into(),
        entity_seq: 1,
        from: None,
        event: "create".into(),
        to: "TO_DO".into(),
        actor_kind: "human".into(),
        actor_id: "u".into(),
        attempt: None,
        at: Timestamp(1),
        facts: "{}".into(),
        evidence: None,
        prev_hash: GENESIS.into(),
        hash: String::new(),
    };
    row.hash = entry_hash(&row);
    format!(
        "INSERT INTO ledger VALUES ({seq}, 'task', 'ghost', 1, NULL, 'create', 'TO_DO', 'human', 'u', NULL, 1, '{{}}', \
         NULL, '{GENESIS}', '{}')",
        row.hash
    )
}

/// Each change, with what `verify` and the script both have to say.
#[tokio::test]
async fn every_change_is_found_and_named_by_both() {
    let story = Story::told().await;
    let done = story.ask("SELECT seq FROM ledger WHERE machine='job' AND event='finish'");
    let job = story.ask("SELECT entity FROM ledger WHERE machine='job' AND event='finish'");
    let claim = story.ask(&format!("SELECT seq FROM ledger WHERE entity='{job}' AND event='claim'"));
    let start = story.ask(&format!("SELECT seq FROM ledger WHERE entity='{job}' AND event='start'"));
    let last = story.ask("SELECT max(seq) FROM ledger");
    let ended = story.ask("SELECT machine || ' ' || entity FROM ledger ORDER BY seq DESC LIMIT 1");
    let story_id = story.ask("SELECT id FROM stories ORDER BY id LIMIT 1");
    let open = story.ask("SELECT id FROM claude_jobs WHERE status = 'CANCELLED'");
    let birth = story
        .ask(&format!("SELECT seq FROM ledger WHERE machine='job' AND entity='{open}' AND entity_seq=1"));
    let row = |seq: &str| format!("row {seq} (");
    let cases: Vec<(&str, String, Vec<String>)> = vec![
        (
            "a fact",
            format!("UPDATE ledger SET facts = '{{}}', actor_id = 'somebody' WHERE seq = {done}"),
            vec![format!("row {done} (job {job} #4): its content does not have its hash")],
        ),
        (
            "a status",
            format!("UPDATE ledger SET to_status = 'FAILED' WHERE seq = {done}"),
            vec![
                format!("row {done} (job {job} #4): its content does not have its hash"),
                format!("row {done} (job {job} #4): the law has no RUNNING -finish-> FAILED"),
                format!("job {job}: the table says DONE"),
            ],
        ),
        (
            "a row in the middle removed",
            format!("DELETE FROM ledger WHERE seq = {claim}"),
            vec![
                format!("row {start} (job {job} #3): the entity's row 2 is missing"),
                format!("row {start} (job {job} #3): it does not follow the entity's row before it"),
                "behind it a row is missing that checkpoint 1 binds".to_owned(),
            ],
        ),
        (
            "the last row removed",
            format!("DELETE FROM ledger WHERE seq = {last}"),
            vec![format!("{ended}: the table says")],
        ),
        (
            "a row inserted at the end",
            born("NULL"),
            vec!["task ghost: the ledger knows it, its table does not".to_owned()],
        ),
        (
            "a row inserted before the others",
            born("-7"),
            vec!["row -7 (task ghost #1): it is not what checkpoint 1 binds".to_owned()],
        ),
        (
            "rows swapped",
            format!(
                "UPDATE ledger SET seq = -1 WHERE seq = 2; UPDATE ledger SET seq = 2 WHERE seq = {claim}; \
                 UPDATE ledger SET seq = {claim} WHERE seq = -1"
            ),
            vec![
                format!("row 2 (job {job} #2): it stands where checkpoint 1 binds another row"),
                format!("{}", row(&claim)),
            ],
        ),
        (
            "a row renumbered",
            format!("UPDATE ledger SET seq = {last} + 100 WHERE seq = {claim}"),
            vec!["behind it a row is missing that checkpoint 1 binds".to_owned()],
        ),
        (
            "a history removed with its table's row",
            format!(
                "DELETE FROM ledger WHERE entity = '{open}'; PRAGMA foreign_keys = OFF; \
                 DELETE FROM claude_jobs WHERE id = '{open}'"
            ),
            vec![
                format!("row {} (", birth.parse::<i64>().unwrap() - 1),
                "behind it a row is missing that checkpoint 1 binds".to_owned(),
            ],
        ),
        (
            "a checkpoint changed",
            "UPDATE ledger_checkpoints SET at = at + 1 WHERE number = 1".to_owned(),
            vec!["checkpoint 1: its content does not have its hash".to_owned()],
        ),
        (
            "a checkpoint removed",
            "DELETE FROM ledger_checkpoints WHERE number = 1".to_owned(),
            vec![
                "checkpoint 2: it does not follow the checkpoint before it".to_owned(),
                "checkpoint 2: the number before it is 0".to_owned(),
            ],
        ),
        (
            "a table",
            format!("UPDATE stories SET status = 'DONE' WHERE id = '{story_id}'"),
            vec![format!("story {story_id}: the table says DONE")],
        ),
        (
            "the event in a table",
            format!("UPDATE claude_jobs SET status_event = 'waive' WHERE id = '{job}'"),
            vec![format!(
                "job {job}: the table says DONE by waive after 4 rows, the ledger DONE by finish after 4"
            )],
        ),
        (
            "a table's row removed",
            format!("DELETE FROM attempts WHERE job_id = '{job}'"),
            vec![format!("attempt {job}/1: the ledger knows it, its table does not")],
        ),
        (
            "every row of a machine removed",
            "DELETE FROM ledger WHERE machine = 'story'".to_owned(),
            vec![format!("story {story_id}: it has no ledger row")],
        ),
        (
            "a birth that the law does not know",
            format!("UPDATE ledger SET to_status = 'RUNNING' WHERE seq = {birth}"),
            vec![format!("row {birth} (job {open} #1): a job is not born RUNNING by create")],
        ),
        (
            "a row of another machine",
            format!("UPDATE ledger SET machine = 'ghost' WHERE seq = {last}"),
            vec![row(&last)],
        ),
        (
            "a row's number",
            format!("UPDATE ledger SET entity_seq = 9 WHERE seq = {done}"),
            vec![row(&done), "rows".to_owned()],
        ),
    ];
    for (number, (what, sql, named)) in cases.into_iter().enumerate() {
        let (report, said) = both(&story.copy(&format!("case-{number}"), &sql), None).await;
        assert!(!report.ok, "{what}");
        let findings = report.findings.join("\n");
        for words in named {
            assert!(findings.contains(&words), "{what}: verify does not say {words:?}, but\n{findings}");
            assert!(said.contains(&words), "{what}: the script does not say {words:?}, but\n{said}");
        }
    }
}

/// Whoever computes every hash of the entity anew leaves a chain that fits; the checkpoint does not.
#[tokio::test]
async fn a_history_that_was_rewritten_as_a_whole_does_not_fit_its_checkpoint() {
    let story = Story::told().await;
    let copy = story.copy("rewritten", "");
    let job = story.ask("SELECT entity FROM ledger WHERE machine='job' AND event='finish'");
    let (_, store) = open(&copy).await;
    let mut rows: Vec<LedgerEntry> = store.read().await.unwrap().history("job", &job, 100).await.unwrap();
    let mut sql = String::new();
    rows[1].actor_id = "somebody else".into();
    for n in 1..rows.len() {
        rows[n].prev_hash = rows[n - 1].hash.clone();
        rows[n].hash = entry_hash(&rows[n]);
        let LedgerEntry { seq, actor_id, prev_hash, hash, .. } = &rows[n];
        sql += &format!(
            "UPDATE ledger SET actor_id='{actor_id}', prev_hash='{prev_hash}', hash='{hash}' WHERE seq={seq};"
        );
    }
    tamper(&copy, &sql);
    let (report, said) = both(&copy, None).await;
    for row in &rows[1..] {
        let number = if row.event == "finish" { 2 } else { 1 };
        let words = format!(
            "row {} (job {job} #{}): it is not what checkpoint {number} binds",
            row.seq, row.entity_seq
        );
        assert!(report.findings.iter().any(|found| found.starts_with(&words)), "{words}\n{report:#?}");
        assert!(said.contains(&words), "{words}\n{said}");
    }
    assert_eq!(report.findings_total, rows.len() as u64 - 1, "{report:#?}");
}

/// An older copy of the file fits by itself; only the hash that was kept elsewhere tells that something is gone.
#[tokio::test]
async fn an_end_that_was_cut_off_is_found_by_the_hash_that_was_kept() {
    let story = Story::told().await;
    let older = story.copy("older", "");
    let (report, _) = both(&older, Some(&story.kept)).await;
    assert!(report.ok, "{report:#?}");

    story.world.pass(700);
    story.world.app.sweep().await.unwrap();
    let kept = story.world.app.audit_verify().await.unwrap().last_checkpoint.unwrap();
    assert_ne!(kept.hash, story.kept);
    let (report, _) = both(&story.copy("newer", ""), Some(&story.kept)).await;
    assert!(report.ok, "an older checkpoint is still there: {report:#?}");
    let again = story.copy("older-again", "DELETE FROM ledger_checkpoints WHERE number > 2");
    let (report, said) = both(&again, Some(&kept.hash)).await;
    let words = format!("no checkpoint has the hash {}: the ledger was cut off or rewritten", kept.hash);
    assert_eq!(report.findings, std::slice::from_ref(&words));
    assert!(said.contains(&words), "{said}");

    let upper = kept.hash.to_uppercase();
    assert!(story.world.app.audit_verify_expecting(&upper).await.unwrap().ok);
    for wrong in ["", "abc", &"g".repeat(64), &"a".repeat(63)] {
        let refused = story.world.app.audit_verify_expecting(wrong).await;
        assert_eq!(crate::flow::world::code(refused), "VALIDATION_ERROR");
    }
}
