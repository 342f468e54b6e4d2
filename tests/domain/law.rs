//! The law written down a second time: every (state, event) pair of every machine.

use sprintgate::domain::law::{MACHINES, law, states};

/// machine, from, event, to; what is not here is illegal.
const LAW: &str = "
job QUEUED claim CLAIMED
job QUEUED cancel CANCELLED
job CLAIMED start RUNNING
job CLAIMED release QUEUED
job CLAIMED release FAILED
job CLAIMED expire QUEUED
job CLAIMED expire FAILED
job CLAIMED finish DONE
job CLAIMED fail FAILED
job CLAIMED skip CANCELLED
job CLAIMED cancel CANCELLED
job RUNNING release QUEUED
job RUNNING release FAILED
job RUNNING expire QUEUED
job RUNNING expire FAILED
job RUNNING finish DONE
job RUNNING fail FAILED
job RUNNING skip CANCELLED
job RUNNING cancel CANCELLED
attempt HELD finish FINISHED
attempt HELD fail FAILED
attempt HELD release GIVEN_BACK
attempt HELD expire EXPIRED
attempt HELD skip SKIPPED
attempt HELD cancel CANCELLED
sprint_run QUEUED claim_first RUNNING
sprint_run QUEUED complete DONE
sprint_run QUEUED fail FAILED
sprint_run QUEUED cancel CANCELLED
sprint_run RUNNING pause PAUSED
sprint_run RUNNING complete DONE
sprint_run RUNNING fail FAILED
sprint_run RUNNING cancel CANCELLED
sprint_run PAUSED resume RUNNING
sprint_run PAUSED complete DONE
sprint_run PAUSED fail FAILED
sprint_run PAUSED cancel CANCELLED
task TO_DO begin IN_PROGRESS
task TO_DO submit REVIEW
task TO_DO complete DONE
task TO_DO fail FAILED
task TO_DO exclude EXCLUDED
task IN_PROGRESS put_back TO_DO
task IN_PROGRESS submit REVIEW
task IN_PROGRESS complete DONE
task IN_PROGRESS fail FAILED
task IN_PROGRESS exclude EXCLUDED
task REVIEW put_back TO_DO
task REVIEW begin IN_PROGRESS
task REVIEW complete DONE
task REVIEW fail FAILED
task REVIEW exclude EXCLUDED
task DONE reopen TO_DO
task FAILED reopen TO_DO
task EXCLUDED reopen TO_DO
story OPEN derive IN_SPRINT
story OPEN derive DONE
story OPEN derive FAILED
story IN_SPRINT derive OPEN
story IN_SPRINT derive DONE
story IN_SPRINT derive FAILED
story DONE derive OPEN
story DONE derive IN_SPRINT
story DONE derive FAILED
story FAILED derive OPEN
story FAILED derive IN_SPRINT
story FAILED derive DONE
pbi READY derive FAILED
pbi READY derive DONE
pbi READY block BLOCKED
pbi FAILED derive READY
pbi FAILED derive DONE
pbi FAILED block BLOCKED
pbi DONE derive READY
pbi DONE derive FAILED
pbi DONE block BLOCKED
pbi BLOCKED unblock READY
sprint OPEN derive CLOSED
sprint OPEN derive FAILED
sprint OPEN archive ARCHIVED
sprint CLOSED derive OPEN
sprint CLOSED derive FAILED
sprint CLOSED archive ARCHIVED
sprint FAILED derive OPEN
sprint FAILED derive CLOSED
sprint FAILED archive ARCHIVED
";

#[test]
fn the_tables_are_the_law() {
    let mut ours: Vec<String> = law()
        .iter()
        .map(|edge| format!("{} {} {} {}", edge.machine, edge.from, edge.event, edge.to))
        .collect();
    let mut by_hand: Vec<&str> = LAW.lines().filter(|line| !line.is_empty()).collect();
    ours.sort();
    by_hand.sort_unstable();
    assert_eq!(ours, by_hand);
}

#[test]
fn every_state_can_be_reached_and_ends_are_ends() {
    let born = [
        ("job", "QUEUED"),
        ("attempt", "HELD"),
        ("sprint_run", "QUEUED"),
        ("task", "TO_DO"),
        ("story", "OPEN"),
        ("pbi", "READY"),
        ("sprint", "OPEN"),
    ];
    for (machine, born) in born {
        let mut seen = vec![born];
        let mut at = 0;
        while at < seen.len() {
            let from = seen[at];
            for edge in law().into_iter().filter(|e| e.machine == machine && e.from == from) {
                if !seen.contains(&edge.to) {
                    seen.push(edge.to);
                }
            }
            at += 1;
        }
        let mut all = states(machine);
        all.sort_unstable();
        seen.sort_unstable();
        assert_eq!(seen, all, "{machine}");
    }
    assert_eq!(MACHINES.len(), born.len());
    for end in ["DONE", "FAILED", "CANCELLED"] {
        assert!(!law().iter().any(|e| matches!(e.machine, "job" | "sprint_run") && e.from == end), "{end}");
    }
}
