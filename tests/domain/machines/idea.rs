//! The idea machine a second time, each of its moves made once, and its rows.

use sprintgate::domain::idea::*;
use sprintgate::domain::job::Status as JobStatus;
use sprintgate::domain::machine::Word;

use super::proof::{Made, chosen, every_edge_is_one_move, made, matrix};
use crate::domain::idea_jobs::found_by_j;
use crate::domain::ideas::*;

#[test]
fn the_matrix() {
    matrix(
        "idea",
        "
        DRAFT              start_grill  GRILLING
        GRILL_FAILED       start_grill  GRILLING
        GRILLED            start_grill  GRILLING
        PLAN_READY         start_grill  GRILLING
        GRILLING           record_grill GRILLED
        GRILLED            record_grill GRILLED
        GRILLING           fail_grill   GRILL_FAILED
        GRILLED            fail_grill   GRILL_FAILED
        GRILLING           stop         DRAFT
        GRILLING           stop         GRILL_FAILED
        GRILLING           stop         GRILLED
        GRILLING           stop         PLAN_READY
        GRILLED            stop         GRILLED
        GRILLED            start_plan   PLANNING
        PLAN_FAILED        start_plan   PLANNING
        PLAN_READY         start_plan   PLANNING
        PLAN_REVIEW_FAILED start_plan   PLANNING
        PLANNING           record_plan  PLAN_READY
        PLAN_READY         record_plan  PLAN_READY
        PLAN_FAILED        record_plan  PLAN_READY
        PLANNING           reject_plan  PLAN_FAILED
        PLAN_READY         reject_plan  PLAN_FAILED
        PLAN_FAILED        reject_plan  PLAN_FAILED
        PLANNING           fail_plan    PLAN_FAILED
        PLAN_READY         fail_plan    PLAN_FAILED
        PLAN_FAILED        fail_plan    PLAN_FAILED
        PLANNING           stop         GRILLED
        PLANNING           stop         PLAN_FAILED
        PLANNING           stop         PLAN_READY
        PLANNING           stop         PLAN_REVIEW_FAILED
        PLAN_READY         stop         PLAN_READY
        PLAN_FAILED        stop         PLAN_FAILED
        PLAN_READY         start_review REVIEWING_PLAN
        PLAN_REVIEWED      start_review REVIEWING_PLAN
        PLAN_REVIEW_FAILED start_review REVIEWING_PLAN
        REVIEWING_PLAN     record_plan  REVIEWING_PLAN
        REVIEWING_PLAN     approve      PLAN_REVIEWED
        PLAN_REVIEWED      approve      PLAN_REVIEWED
        PLAN_REVIEW_FAILED approve      PLAN_REVIEWED
        REVIEWING_PLAN     disapprove   PLAN_REVIEW_FAILED
        PLAN_REVIEWED      disapprove   PLAN_REVIEW_FAILED
        PLAN_REVIEW_FAILED disapprove   PLAN_REVIEW_FAILED
        REVIEWING_PLAN     fail_review  PLAN_REVIEW_FAILED
        PLAN_REVIEWED      fail_review  PLAN_REVIEW_FAILED
        PLAN_REVIEW_FAILED fail_review  PLAN_REVIEW_FAILED
        REVIEWING_PLAN     stop         PLAN_READY
        REVIEWING_PLAN     stop         PLAN_REVIEWED
        REVIEWING_PLAN     stop         PLAN_REVIEW_FAILED
        PLAN_REVIEWED      stop         PLAN_REVIEWED
        PLAN_REVIEW_FAILED stop         PLAN_REVIEW_FAILED
        PLAN_READY         materialise  PLANNED
        PLAN_REVIEWED      materialise  PLANNED
        ",
    );
}

fn stopped<S: State>(moved: Moved<S>) -> Made {
    match moved {
        Moved::Draft(step) => made("stop", &step),
        Moved::GrillFailed(step) => made("stop", &step),
        Moved::Grilled(step) => made("stop", &step),
        Moved::PlanFailed(step) => made("stop", &step),
        Moved::PlanReady(step) => made("stop", &step),
        Moved::PlanReviewFailed(step) => made("stop", &step),
        Moved::PlanReviewed(step) => made("stop", &step),
    }
}

fn of_planner<S: Planner>(state: impl Fn() -> Idea<S>, all: &mut Vec<Made>) {
    all.push(made("record_plan", &state().record_plan(&job("j"), readable("x")).unwrap()));
    all.push(made("reject_plan", &state().reject_plan(&job("j"), unreadable("x")).unwrap()));
}

fn of_reviewer<S: Reviewer>(state: impl Fn() -> Idea<S>, all: &mut Vec<Made>) {
    all.push(made("approve", &state().approve(&job("j"), review("x")).unwrap()));
    all.push(made("disapprove", &state().disapprove(&job("j"), review("x")).unwrap()));
}

#[test]
fn every_edge_is_one_typed_move() {
    let j = job("j");
    let mut all = vec![
        made("start_grill", &idea(Draft).start_grill(ready(), job("j")).unwrap()),
        made("start_grill", &idea(grill_failed()).start_grill(ready(), job("j")).unwrap()),
        made("start_grill", &idea(grilled(None)).start_grill(ready(), job("j")).unwrap()),
        made("start_grill", &idea(plan_ready(None)).start_grill(ready(), job("j")).unwrap()),
        made("start_plan", &idea(grilled(None)).start_plan(ready(), job("j")).unwrap()),
        made("start_plan", &idea(plan_failed(None)).start_plan(ready(), job("j")).unwrap()),
        made("start_plan", &idea(plan_ready(None)).start_plan(ready(), job("j")).unwrap()),
        made("start_plan", &idea(plan_review_failed(None)).start_plan(ready(), job("j")).unwrap()),
        made("start_review", &idea(plan_ready(None)).start_review(ready(), job("j")).unwrap()),
        made("start_review", &idea(plan_reviewed(None)).start_review(ready(), job("j")).unwrap()),
        made("start_review", &idea(plan_review_failed(None)).start_review(ready(), job("j")).unwrap()),
        made("record_grill", &idea(grilled(Some("j"))).record_grill(&j, text("x")).unwrap()),
        made("fail_grill", &idea(grilled(Some("j"))).fail_grill(&j).unwrap()),
        made("fail_plan", &idea(plan_ready(Some("j"))).fail_plan(&j).unwrap()),
        made("fail_plan", &idea(plan_failed(Some("j"))).fail_plan(&j).unwrap()),
        made("fail_review", &idea(plan_reviewed(Some("j"))).fail_review(&j).unwrap()),
        made("fail_review", &idea(plan_review_failed(Some("j"))).fail_review(&j).unwrap()),
        made("stop", &idea(grilled(Some("j"))).stop(&j).unwrap()),
        made("stop", &idea(plan_ready(Some("j"))).stop(&j).unwrap()),
        made("stop", &idea(plan_failed(Some("j"))).stop(&j).unwrap()),
        made("stop", &idea(plan_reviewed(Some("j"))).stop(&j).unwrap()),
        made("stop", &idea(plan_review_failed(Some("j"))).stop(&j).unwrap()),
        made("materialise", &idea(plan_ready(None)).materialise(pbi(), None).unwrap()),
        made("materialise", &idea(plan_reviewed(None)).materialise(pbi(), None).unwrap()),
    ];
    for before in before_grill() {
        let working = || grilling(before.clone());
        all.push(made("record_grill", &working().record_grill(&j, text("x")).unwrap()));
        all.push(made("fail_grill", &working().fail_grill(&j).unwrap()));
        all.push(stopped(working().stop(&j).unwrap()));
    }
    for before in before_plan() {
        let working = || planning(before.clone());
        of_planner(working, &mut all);
        all.push(made("fail_plan", &working().fail_plan(&j).unwrap()));
        all.push(stopped(working().stop(&j).unwrap()));
    }
    for before in before_review() {
        let working = || reviewing(before.clone());
        of_reviewer(working, &mut all);
        all.push(made("record_plan", &working().record_plan(&j, readable("x")).unwrap()));
        all.push(made("fail_review", &working().fail_review(&j).unwrap()));
        all.push(stopped(working().stop(&j).unwrap()));
    }
    of_planner(|| idea(plan_ready(Some("j"))), &mut all);
    of_planner(|| idea(plan_failed(Some("j"))), &mut all);
    of_reviewer(|| idea(plan_reviewed(Some("j"))), &mut all);
    of_reviewer(|| idea(plan_review_failed(Some("j"))), &mut all);
    for found in found_by_j() {
        let changes = JobStatus::ALL.iter().filter_map(|now| follow(found.clone(), &j, *now));
        all.extend(changes.map(|change| chosen("follow", &change)));
    }
    every_edge_is_one_move("idea", "idea", &all);
}

/// Holds that an idea comes back from its row.
#[track_caller]
fn comes_back<S: State + Clone>(idea: &Idea<S>, any: fn(Idea<S>) -> AnyIdea)
where
    Row: From<Idea<S>>,
{
    let row = Row::from(idea.clone());
    assert_eq!(row.status, S::STATUS);
    assert_eq!(AnyIdea::try_from(row).unwrap(), any(idea.clone()));
}

#[test]
fn every_state_comes_back_from_its_row() {
    comes_back(&idea(Draft), AnyIdea::Draft);
    comes_back(&idea(grill_failed()), AnyIdea::GrillFailed);
    comes_back(&idea(GrillFailed { grill: None, plan: None }), AnyIdea::GrillFailed);
    comes_back(&idea(PlanFailed { plan: None, review: None, ..plan_failed(None) }), AnyIdea::PlanFailed);
    comes_back(
        &idea(PlanReviewFailed { review: None, ..plan_review_failed(None) }),
        AnyIdea::PlanReviewFailed,
    );
    for by in [None, Some("j")] {
        comes_back(&idea(grilled(by)), AnyIdea::Grilled);
        comes_back(&idea(plan_failed(by)), AnyIdea::PlanFailed);
        comes_back(&idea(plan_ready(by)), AnyIdea::PlanReady);
        comes_back(&idea(plan_review_failed(by)), AnyIdea::PlanReviewFailed);
        comes_back(&idea(plan_reviewed(by)), AnyIdea::PlanReviewed);
    }
    for review in [None, Some(review("yes"))] {
        comes_back(&idea(planned(review)), AnyIdea::Planned);
    }
    for before in before_grill() {
        comes_back(&grilling(before), AnyIdea::Grilling);
    }
    for before in before_plan() {
        comes_back(&planning(before), AnyIdea::Planning);
    }
    for before in before_review() {
        comes_back(&reviewing(before), AnyIdea::ReviewingPlan);
    }
}

#[test]
fn a_row_names_the_job_and_the_status_before_it() {
    let row = Row::from(planning(BeforePlan::PlanReviewFailed(plan_review_failed(None))));
    assert_eq!((row.status, row.status_before_job), (Status::Planning, Some(Status::PlanReviewFailed)));
    assert_eq!(
        (row.job_id, row.plan_review_log.as_deref(), row.reviewed_at),
        (Some(job("j")), Some("no"), Some(T0))
    );
    assert_eq!(row.grill_md.as_ref().map(Markdown::as_str), Some("answers"));
    assert_eq!(Row::from(idea(planned(None))).pbi_id, Some(pbi()));
}

type Spoil = fn(&mut Row);

#[track_caller]
fn refused(rows: Vec<(Row, Spoil, &str)>) {
    for (mut row, spoil, column) in rows {
        spoil(&mut row);
        let shown = format!("{row:?}");
        assert_eq!(AnyIdea::try_from(row).unwrap_err().column, column, "{shown}");
    }
}

#[test]
fn rows_at_rest_that_no_move_could_have_written_are_refused() {
    let failed = || Row::from(idea(plan_review_failed(Some("j"))));
    let reviewed = || Row::from(idea(plan_reviewed(None)));
    let done = || Row::from(idea(planned(Some(review("yes")))));
    refused(vec![
        (idea(Draft).into(), |r| r.grill_md = Some(text("x")), "grill_md"),
        (idea(Draft).into(), |r| r.plan_md = Some(text("x")), "plan_md"),
        (idea(Draft).into(), |r| r.job_id = Some(job("j")), "job_id"),
        (idea(Draft).into(), |r| r.status_before_job = Some(Status::Draft), "status_before_job"),
        (idea(Draft).into(), |r| r.pbi_id = Some(pbi()), "pbi_id"),
        (idea(Draft).into(), |r| r.reviewed_at = Some(T0), "reviewed_at"),
        (
            idea(Draft).into(),
            |r| (r.plan_review_log, r.reviewed_at) = (Some("x".into()), Some(T0)),
            "plan_review_log",
        ),
        (idea(grill_failed()).into(), |r| r.grill_md = None, "grill_md"),
        (idea(grill_failed()).into(), |r| r.job_id = Some(job("j")), "job_id"),
        (
            idea(grill_failed()).into(),
            |r| (r.plan_review_log, r.reviewed_at) = (Some("x".into()), Some(T0)),
            "plan_review_log",
        ),
        (idea(grilled(None)).into(), |r| r.grill_md = None, "grill_md"),
        (
            idea(grilled(None)).into(),
            |r| (r.plan_review_log, r.reviewed_at) = (Some("x".into()), Some(T0)),
            "plan_review_log",
        ),
        (idea(plan_failed(None)).into(), |r| r.grill_md = None, "grill_md"),
        (idea(plan_failed(None)).into(), |r| r.plan_md = None, "plan_md"),
        (idea(plan_failed(None)).into(), |r| r.job_id = Some(job("j")), "plan_review_log"),
        (idea(plan_failed(Some("j"))).into(), |r| r.plan_md = None, "plan_md"),
        (idea(plan_ready(None)).into(), |r| r.grill_md = None, "grill_md"),
        (idea(plan_ready(None)).into(), |r| r.plan_md = None, "plan_md"),
        (
            idea(plan_ready(None)).into(),
            |r| (r.plan_review_log, r.reviewed_at) = (Some("x".into()), Some(T0)),
            "plan_review_log",
        ),
        (failed(), |r| r.grill_md = None, "grill_md"),
        (failed(), |r| r.plan_md = None, "plan_md"),
        (failed(), |r| (r.plan_review_log, r.reviewed_at) = (None, None), "plan_review_log"),
        (reviewed(), |r| r.grill_md = None, "grill_md"),
        (reviewed(), |r| r.plan_md = None, "plan_md"),
        (reviewed(), |r| (r.plan_review_log, r.reviewed_at) = (None, None), "plan_review_log"),
        (reviewed(), |r| r.reviewed_at = None, "reviewed_at"),
        (reviewed(), |r| r.pbi_id = Some(pbi()), "pbi_id"),
        (done(), |r| r.pbi_id = None, "pbi_id"),
        (done(), |r| r.job_id = Some(job("j")), "job_id"),
        (done(), |r| r.grill_md = None, "grill_md"),
        (done(), |r| r.plan_md = None, "plan_md"),
    ]);
}

#[test]
fn rows_at_work_that_no_move_could_have_written_are_refused() {
    let grill = || Row::from(grilling(BeforeGrill::PlanReady(plan_ready(None))));
    let plan = || Row::from(planning(BeforePlan::Grilled(grilled(None))));
    let look = || Row::from(reviewing(BeforeReview::PlanReviewed(plan_reviewed(None))));
    refused(vec![
        (grill(), |r| r.job_id = None, "job_id"),
        (grill(), |r| r.status_before_job = None, "status_before_job"),
        (grill(), |r| r.status_before_job = Some(Status::PlanReviewed), "status_before_job"),
        (grill(), |r| r.status_before_job = Some(Status::Draft), "grill_md"),
        (grill(), |r| r.plan_md = None, "plan_md"),
        (grill(), |r| r.pbi_id = Some(pbi()), "pbi_id"),
        (plan(), |r| r.job_id = None, "job_id"),
        (plan(), |r| r.status_before_job = None, "status_before_job"),
        (plan(), |r| r.status_before_job = Some(Status::Draft), "status_before_job"),
        (plan(), |r| r.grill_md = None, "grill_md"),
        (look(), |r| r.job_id = None, "job_id"),
        (look(), |r| r.status_before_job = None, "status_before_job"),
        (look(), |r| r.status_before_job = Some(Status::Grilled), "status_before_job"),
        (look(), |r| r.status_before_job = Some(Status::PlanReady), "plan_review_log"),
        (look(), |r| r.plan_md = None, "plan_md"),
    ]);
}
