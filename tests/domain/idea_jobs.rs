//! Jobs and their ideas: no job that ends leaves its idea stuck, and none is done without an answer.

use sprintgate::domain::idea::*;
use sprintgate::domain::job::{self, Kind};
use sprintgate::domain::machine::Word;

use super::ideas::*;

/// One idea in each state, as job `j` may find it: it works on it or wrote what is true of it, where that can be.
pub(super) fn found_by_j() -> Vec<AnyIdea> {
    let mut all = vec![
        AnyIdea::Draft(idea(Draft)),
        AnyIdea::GrillFailed(idea(grill_failed())),
        AnyIdea::Grilled(idea(grilled(Some("j")))),
        AnyIdea::PlanFailed(idea(plan_failed(Some("j")))),
        AnyIdea::PlanReady(idea(plan_ready(Some("j")))),
        AnyIdea::PlanReviewFailed(idea(plan_review_failed(Some("j")))),
        AnyIdea::PlanReviewed(idea(plan_reviewed(Some("j")))),
        AnyIdea::Planned(idea(planned(None))),
    ];
    all.extend(before_grill().into_iter().map(|before| AnyIdea::Grilling(grilling(before))));
    all.extend(before_plan().into_iter().map(|before| AnyIdea::Planning(planning(before))));
    all.extend(before_review().into_iter().map(|before| AnyIdea::ReviewingPlan(reviewing(before))));
    all
}

fn row(any: AnyIdea) -> Row {
    match any {
        AnyIdea::Draft(idea) => idea.into(),
        AnyIdea::Grilling(idea) => idea.into(),
        AnyIdea::GrillFailed(idea) => idea.into(),
        AnyIdea::Grilled(idea) => idea.into(),
        AnyIdea::Planning(idea) => idea.into(),
        AnyIdea::PlanFailed(idea) => idea.into(),
        AnyIdea::PlanReady(idea) => idea.into(),
        AnyIdea::ReviewingPlan(idea) => idea.into(),
        AnyIdea::PlanReviewFailed(idea) => idea.into(),
        AnyIdea::PlanReviewed(idea) => idea.into(),
        AnyIdea::Planned(idea) => idea.into(),
    }
}

#[test]
fn defects_18_19_and_31_a_job_that_ends_takes_its_idea_along() {
    use Status::{GrillFailed, Grilled, Grilling, PlanFailed, PlanReady, PlanReviewFailed, PlanReviewed};
    use Status::{Planning, ReviewingPlan};
    for found in found_by_j() {
        let (was, before) = (found.status(), row(found.clone()).status_before_job);
        for now in job::Status::ALL {
            let failed = match was {
                Grilling | Grilled => Some(GrillFailed),
                Planning | PlanReady | PlanFailed => Some(PlanFailed),
                ReviewingPlan | PlanReviewed | PlanReviewFailed => Some(PlanReviewFailed),
                _ => None,
            };
            let stopped = match was {
                Grilled | PlanReady | PlanFailed | PlanReviewed | PlanReviewFailed => Some(was),
                _ => before,
            };
            let want = match now {
                job::Status::Failed => failed,
                job::Status::Done | job::Status::Cancelled => stopped,
                _ => None,
            };
            let change = follow(found.clone(), &job("j"), *now);
            assert_eq!(change.as_ref().map(Change::after), want, "{was} ({before:?}), job {now}");
            assert_eq!(change.as_ref().map(Change::before), want.map(|_| was));
            assert_eq!(follow(found.clone(), &job("stranger"), *now), None, "a newer job works on it");
        }
    }
}

/// What the idea says to `by`, when it wants to write down whatever may be written in this state.
fn said(any: AnyIdea, by: &str) -> Vec<Result<(), Refusal>> {
    fn planner<S: Planner + Clone>(idea: &Idea<S>, by: &str) -> Vec<Result<(), Refusal>> {
        vec![
            idea.clone().record_plan(&job(by), readable("x")).map(drop),
            idea.clone().reject_plan(&job(by), unreadable("x")).map(drop),
        ]
    }
    fn reviewer<S: Reviewer + Clone>(idea: &Idea<S>, by: &str) -> Vec<Result<(), Refusal>> {
        vec![
            idea.clone().approve(&job(by), review("x")).map(drop),
            idea.clone().disapprove(&job(by), review("x")).map(drop),
        ]
    }
    match any {
        AnyIdea::Draft(_) | AnyIdea::GrillFailed(_) | AnyIdea::Planned(_) => vec![],
        AnyIdea::Grilling(idea) => vec![idea.record_grill(&job(by), text("x")).map(drop)],
        AnyIdea::Grilled(idea) => vec![idea.record_grill(&job(by), text("x")).map(drop)],
        AnyIdea::Planning(idea) => planner(&idea, by),
        AnyIdea::PlanReady(idea) => planner(&idea, by),
        AnyIdea::PlanFailed(idea) => planner(&idea, by),
        AnyIdea::ReviewingPlan(idea) => {
            let mut said = reviewer(&idea, by);
            said.push(idea.record_plan(&job(by), readable("x")).map(drop));
            said
        }
        AnyIdea::PlanReviewed(idea) => reviewer(&idea, by),
        AnyIdea::PlanReviewFailed(idea) => reviewer(&idea, by),
    }
}

#[test]
fn a_job_that_has_ended_has_no_further_say() {
    let dead = Err(Refusal::ForeignJob { yours: job("j"), current: None });
    for found in found_by_j() {
        let was = found.status();
        assert!(said(found.clone(), "j").iter().all(Result::is_ok), "{was}: while it is open it may");
        for now in [job::Status::Done, job::Status::Failed, job::Status::Cancelled] {
            let left = follow(found.clone(), &job("j"), now).map_or(found.clone(), after);
            assert_eq!(row(left.clone()).job_id, None, "{was}, job {now}");
            assert!(said(left.clone(), "j").iter().all(|said| *said == dead), "{was}, job {now}");
            for again in job::Status::ALL {
                assert_eq!(follow(left.clone(), &job("j"), *again), None, "{was}, job {now}, then {again}");
            }
        }
    }
}

#[test]
fn a_newer_job_speaks_where_an_ended_one_may_not() {
    let stopped = follow(AnyIdea::PlanFailed(idea(plan_failed(Some("j")))), &job("j"), job::Status::Failed);
    let AnyIdea::PlanFailed(failed) = after(stopped.unwrap()) else { panic!() };
    assert_eq!(failed.state, PlanFailed { review: None, ..plan_failed(None) }, "the rejected plan is kept");
    let planning = after(failed.start_plan(ready(), job("newer")).unwrap());
    assert!(said(planning.clone(), "newer").iter().all(Result::is_ok));
    assert!(said(planning.clone(), "j").iter().all(Result::is_err));
    for now in job::Status::ALL {
        assert_eq!(follow(planning.clone(), &job("j"), *now), None, "a late report of the dead job");
    }
}

#[test]
fn invariant_42_no_idea_of_a_failed_job_stays_as_if_it_had_not() {
    for found in found_by_j() {
        let listens = row(found.clone()).job_id.is_some();
        let is = follow(found.clone(), &job("j"), job::Status::Failed).map_or(found, after).status();
        let failed = matches!(is, Status::GrillFailed | Status::PlanFailed | Status::PlanReviewFailed);
        assert!(failed || !listens, "{is}");
    }
}

#[test]
fn defect_46_a_job_is_done_only_when_it_wrote_its_answer_down() {
    use Kind::{IdeaGrill, IdeaMakePlan, IdeaReviewPlan};
    for found in found_by_j() {
        let status = found.status();
        for kind in Kind::ALL {
            let want = match (kind, status) {
                (Kind::PlanChat | Kind::TaskImplementation | Kind::SprintImplementation, _) => {
                    Err(NotAnswered::NoResult { kind: *kind })
                }
                (IdeaGrill, Status::Grilled)
                | (IdeaMakePlan, Status::PlanReady)
                | (IdeaReviewPlan, Status::PlanReviewed | Status::PlanReviewFailed) => Ok(()),
                (IdeaMakePlan, Status::PlanFailed) => Err(NotAnswered::Unreadable),
                _ => Err(NotAnswered::Nothing { kind: *kind, status }),
            };
            let got = answered(*kind, &found, &job("j"));
            if let Ok(proof) = &got {
                assert_eq!((proof.idea().as_str(), proof.job().as_str()), ("i", "j"));
            }
            assert_eq!(got.map(|_| ()), want, "{kind} {status}");
            let strangers = match kind.changes_code() || *kind == Kind::PlanChat {
                true => NotAnswered::NoResult { kind: *kind },
                false => NotAnswered::Nothing { kind: *kind, status },
            };
            assert_eq!(
                answered(*kind, &found, &job("stranger")).map(|_| ()),
                Err(strangers),
                "another's is none"
            );
        }
    }
}
