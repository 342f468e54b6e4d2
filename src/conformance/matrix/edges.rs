//! The law once more, by hand: a line a state, with each event that is legal in it and the states that it leads to.

use std::collections::BTreeSet;

use crate::conformance::Failed;
use crate::conformance::failed::same;

const LAW: &[(&str, &str)] = &[
    (
        "job",
        "
        QUEUED:  claim CLAIMED; cancel CANCELLED
        CLAIMED: start RUNNING; release QUEUED FAILED; expire QUEUED FAILED; finish DONE; fail FAILED; \
                 cancel CANCELLED; skip CANCELLED
        RUNNING: release QUEUED FAILED; expire QUEUED FAILED; finish DONE; fail FAILED; cancel CANCELLED; \
                 skip CANCELLED
        ",
    ),
    (
        "attempt",
        "
        HELD: finish FINISHED; fail FAILED; release GIVEN_BACK; expire EXPIRED; skip SKIPPED; cancel CANCELLED
        ",
    ),
    (
        "sprint_run",
        "
        QUEUED:  claim_first RUNNING; complete DONE; fail FAILED; cancel CANCELLED
        RUNNING: pause PAUSED; complete DONE; fail FAILED; cancel CANCELLED
        PAUSED:  resume RUNNING; complete DONE; fail FAILED; cancel CANCELLED; supersede CANCELLED
        ",
    ),
    (
        "task_execution",
        "
        PENDING: start RUNNING; skip SKIPPED
        RUNNING: finish DONE; fail FAILED; skip SKIPPED; put_back PENDING
        FAILED:  put_back PENDING
        SKIPPED: waive SKIPPED; put_back PENDING
        ",
    ),
    (
        "task",
        "
        TO_DO:       begin IN_PROGRESS; submit REVIEW; complete DONE; fail FAILED; exclude EXCLUDED
        IN_PROGRESS: put_back TO_DO; submit REVIEW; complete DONE; fail FAILED; exclude EXCLUDED
        REVIEW:      put_back TO_DO; begin IN_PROGRESS; complete DONE; fail FAILED; exclude EXCLUDED
        DONE:        reopen TO_DO
        FAILED:      reopen TO_DO
        EXCLUDED:    reopen TO_DO
        ",
    ),
    (
        "story",
        "
        OPEN:      derive IN_SPRINT DONE FAILED
        IN_SPRINT: derive OPEN DONE FAILED
        DONE:      derive OPEN IN_SPRINT FAILED
        FAILED:    derive OPEN IN_SPRINT DONE
        ",
    ),
    (
        "pbi",
        "
        READY:   derive FAILED DONE; block BLOCKED
        FAILED:  derive READY DONE; block BLOCKED
        DONE:    derive READY FAILED; block BLOCKED
        BLOCKED: unblock READY
        ",
    ),
    (
        "sprint",
        "
        OPEN:   derive CLOSED FAILED; archive ARCHIVED
        CLOSED: derive OPEN FAILED; archive ARCHIVED
        FAILED: derive OPEN CLOSED; archive ARCHIVED
        ",
    ),
    (
        "idea",
        "
        DRAFT:              start_grill GRILLING
        GRILLING:           record_grill GRILLED; fail_grill GRILL_FAILED; \
                            stop DRAFT GRILL_FAILED GRILLED PLAN_READY
        GRILL_FAILED:       start_grill GRILLING
        GRILLED:            start_grill GRILLING; record_grill GRILLED; fail_grill GRILL_FAILED; stop GRILLED; \
                            start_plan PLANNING
        PLANNING:           record_plan PLAN_READY; reject_plan PLAN_FAILED; fail_plan PLAN_FAILED; \
                            stop GRILLED PLAN_FAILED PLAN_READY PLAN_REVIEW_FAILED
        PLAN_FAILED:        start_plan PLANNING; record_plan PLAN_READY; reject_plan PLAN_FAILED; \
                            fail_plan PLAN_FAILED; stop PLAN_FAILED
        PLAN_READY:         start_grill GRILLING; start_plan PLANNING; record_plan PLAN_READY; \
                            reject_plan PLAN_FAILED; fail_plan PLAN_FAILED; stop PLAN_READY; \
                            start_review REVIEWING_PLAN; materialise PLANNED
        REVIEWING_PLAN:     record_plan REVIEWING_PLAN; approve PLAN_REVIEWED; disapprove PLAN_REVIEW_FAILED; \
                            fail_review PLAN_REVIEW_FAILED; stop PLAN_READY PLAN_REVIEWED PLAN_REVIEW_FAILED
        PLAN_REVIEW_FAILED: start_plan PLANNING; start_review REVIEWING_PLAN; approve PLAN_REVIEWED; \
                            disapprove PLAN_REVIEW_FAILED; fail_review PLAN_REVIEW_FAILED; \
                            stop PLAN_REVIEW_FAILED
        PLAN_REVIEWED:      start_review REVIEWING_PLAN; approve PLAN_REVIEWED; disapprove PLAN_REVIEW_FAILED; \
                            fail_review PLAN_REVIEW_FAILED; stop PLAN_REVIEWED; materialise PLANNED
        ",
    ),
    (
        "question",
        "
        open: answer answered; cancel cancelled; expire expired; close closed
        ",
    ),
    (
        "pull_request",
        "
        NONE:                  push BRANCH_PUSHED
        BRANCH_PUSHED:         push BRANCH_PUSHED; open PR_OPENED; open_draft DRAFT_OPENED; delete_branch NONE
        PR_OPENED:             push PR_OPENED; complete_story WAITING_FOR_CHECKS; conflict MERGE_CONFLICT_PAUSED; \
                               merge MERGED; close CLOSED
        DRAFT_OPENED:          push DRAFT_OPENED; complete_sprint READY_FOR_REVIEW; conflict MERGE_CONFLICT_PAUSED; \
                               merge MERGED; close CLOSED
        WAITING_FOR_CHECKS:    accept_merge AUTO_MERGE_ENABLED; fail_checks CHECKS_FAILED; \
                               conflict MERGE_CONFLICT_PAUSED; push PR_OPENED; withdraw PR_OPENED; merge MERGED; \
                               close CLOSED
        AUTO_MERGE_ENABLED:    fail_checks CHECKS_FAILED; conflict MERGE_CONFLICT_PAUSED; push PR_OPENED; \
                               withdraw PR_OPENED; merge MERGED; close CLOSED
        READY_FOR_REVIEW:      push DRAFT_OPENED; merge MERGED; close CLOSED
        CHECKS_FAILED:         push PR_OPENED; withdraw PR_OPENED; merge MERGED; close CLOSED
        MERGE_CONFLICT_PAUSED: push MERGE_CONFLICT_PAUSED; resume PR_OPENED DRAFT_OPENED; merge MERGED; close CLOSED
        ",
    ),
    (
        "worktree",
        "
        IDLE:                job_claimed ACQUIRING_LOCK; job_terminal RELEASED
        ACQUIRING_LOCK:      lock_acquired CREATING_OR_REUSING; lock_timeout LOCK_TIMEOUT; \
                             job_terminal RELEASED; stale_reset STALE_RELEASED
        CREATING_OR_REUSING: worktree_ready SYNCING; sync_failed SYNC_FAILED; job_terminal RELEASING; \
                             stale_reset STALE_RELEASED
        SYNCING:             sync_done READY; sync_failed SYNC_FAILED; job_terminal RELEASING; \
                             stale_reset STALE_RELEASED
        READY:               job_terminal RELEASING; stale_reset STALE_RELEASED
        RELEASING:           released RELEASED; stale_reset STALE_RELEASED
        ",
    ),
    (
        "worker",
        "
        PRESENT: unregister ABSENT; prune ABSENT
        ABSENT:  register PRESENT
        ",
    ),
    (
        "effect",
        "
        PENDING: start RUNNING; dismiss GAVE_UP
        RUNNING: succeed DONE; fail RETRY GAVE_UP; refuse GAVE_UP; expire RETRY GAVE_UP
        RETRY:   start RUNNING; dismiss GAVE_UP
        GAVE_UP: again PENDING
        ",
    ),
];

/// The legal (state, event, state after) of a machine.
///
/// # Errors
/// When the machine is not written down here, or an edge of it twice.
pub fn legal(machine: &str) -> Result<BTreeSet<(&'static str, &'static str, &'static str)>, Failed> {
    let text = LAW.iter().find(|(name, _)| *name == machine).map(|(_, text)| *text);
    let text =
        text.ok_or_else(|| Failed::otherwise(format!("the law of {machine}"), "one by hand", "none"))?;
    let mut edges = BTreeSet::new();
    for (from, events) in text.lines().filter_map(|line| line.trim().split_once(": ")) {
        for event in events.split("; ") {
            let mut words = event.split_whitespace();
            let event = words.next().unwrap_or("");
            for to in words {
                let known = !edges.insert((from.trim(), event, to));
                same(format!("{machine}: {from} {event} {to} stands twice"), known, false)?;
            }
        }
    }
    Ok(edges)
}
