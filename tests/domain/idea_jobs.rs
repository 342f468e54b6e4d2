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
                Planning | PlanReady => Some(PlanFailed),
                ReviewingPlan | PlanReviewed => Some(PlanReviewFailed),
                _ => None,
            };
            let want = match now {
                job::Status::Failed => failed,
                job::Status::Done | job::Status::Cancelled => before,
                _ => None,
            };
            let change = follow(found.clone(), &job("j"), *now);
            assert_eq!(change.as_ref().map(Change::after), want, "{was} ({before:?}), job {now}");
            assert_eq!(change.as_ref().map(Change::before), want.map(|_| was));
            assert_eq!(follow(found.clone(), &job("stranger"), *now), None, "a newer job works on it");
        }
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
