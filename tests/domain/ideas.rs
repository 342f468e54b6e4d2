//! The idea's moves: each does what the table says, and each refusal names its fact.

use sprintgate::domain::id::{IdeaId, JobId, PbiId, ProductId, UserId};
use sprintgate::domain::idea::start::{CannotStart, Facts, Ready, check};
use sprintgate::domain::idea::*;
use sprintgate::domain::plan_doc::{Breach, PlanDoc, PlanPbi, PlanStory, PlanTask};
use sprintgate::domain::time::{Millis, Timestamp};

pub(super) const T0: Timestamp = Timestamp(1_000_000);

pub(super) fn idea<S>(state: S) -> Idea<S> {
    Idea { id: IdeaId::new("i").unwrap(), state }
}

pub(super) fn job(name: &str) -> JobId {
    JobId::new(name).unwrap()
}

pub(super) fn text(text: &str) -> Markdown {
    Markdown::new(text).unwrap()
}

pub(super) fn review(log: &str) -> Review {
    Review { log: log.into(), at: T0 }
}

pub(super) fn pbi() -> PbiId {
    PbiId::new("pbi").unwrap()
}

pub(super) fn doc() -> PlanDoc {
    let task = PlanTask {
        title: "Do it".into(),
        description: None,
        implementation_plan: None,
        priority: 1,
        verify_required: None,
        verify_only: None,
    };
    let story = PlanStory {
        title: "As a user".into(),
        description: None,
        acceptance_criteria: None,
        priority: 1,
        tasks: vec![task],
    };
    PlanDoc { pbi: PlanPbi { title: "It".into(), description: None, priority: 1 }, stories: vec![story] }
}

/// A plan whose front matter is a title.
pub(super) fn document(title: &str) -> String {
    format!("---\n{title}\n---\n# Why\n")
}

/// Reads such a front matter.
pub(super) fn titled(front_matter: &str) -> Result<PlanDoc, Breach> {
    let pbi = PlanPbi { title: front_matter.trim().into(), description: None, priority: 1 };
    Ok(PlanDoc { pbi, ..doc() })
}

pub(super) fn readable(title: &str) -> Readable {
    read_plan(text(&document(title)), titled).unwrap()
}

pub(super) fn unreadable(title: &str) -> Unreadable {
    let nothing_to_do = |front: &str| titled(front).map(|doc| PlanDoc { stories: vec![], ..doc });
    read_plan(text(&document(title)), nothing_to_do).unwrap_err()
}

fn facts() -> Facts {
    Facts {
        idea: IdeaId::new("i").unwrap(),
        owner: UserId::new("ann").unwrap(),
        caller: UserId::new("ann").unwrap(),
        product: ProductId::new("p").ok(),
        has_repository: true,
        open_job: None,
        worker_seen_at: Some(T0),
        now: T0 + Millis::seconds(15),
    }
}

pub(super) fn ready() -> Ready {
    check(&facts()).unwrap()
}

pub(super) fn grill_failed() -> GrillFailed {
    GrillFailed { grill: Some(text("old answers")), plan: Some(text("old plan")) }
}

pub(super) fn grilled(by: Option<&str>) -> Grilled {
    Grilled { grill: text("answers"), plan: Some(text("old plan")), job: by.map(job) }
}

pub(super) fn plan_failed(by: Option<&str>) -> PlanFailed {
    let review = by.is_none().then(|| review("old review"));
    PlanFailed { grill: text("answers"), plan: Some(text("bad plan")), review, job: by.map(job) }
}

pub(super) fn plan_ready(by: Option<&str>) -> PlanReady {
    PlanReady { grill: text("answers"), plan: text("plan"), job: by.map(job) }
}

pub(super) fn plan_review_failed(by: Option<&str>) -> PlanReviewFailed {
    let review = Some(review("no"));
    PlanReviewFailed { grill: text("answers"), plan: text("plan"), review, job: by.map(job) }
}

pub(super) fn plan_reviewed(by: Option<&str>) -> PlanReviewed {
    PlanReviewed { grill: text("answers"), plan: text("plan"), review: review("yes"), job: by.map(job) }
}

pub(super) fn planned(review: Option<Review>) -> Planned {
    Planned { grill: text("answers"), plan: text("plan"), review, pbi: pbi() }
}

pub(super) fn grilling(before: BeforeGrill) -> Idea<Grilling> {
    idea(Grilling { job: job("j"), before })
}

pub(super) fn planning(before: BeforePlan) -> Idea<Planning> {
    idea(Planning { job: job("j"), before })
}

pub(super) fn reviewing(before: BeforeReview) -> Idea<ReviewingPlan> {
    idea(ReviewingPlan { job: job("j"), before })
}

pub(super) fn before_grill() -> [BeforeGrill; 4] {
    [
        BeforeGrill::Draft(Draft),
        BeforeGrill::GrillFailed(grill_failed()),
        BeforeGrill::Grilled(grilled(None)),
        BeforeGrill::PlanReady(plan_ready(None)),
    ]
}

pub(super) fn before_plan() -> [BeforePlan; 4] {
    [
        BeforePlan::Grilled(grilled(None)),
        BeforePlan::PlanFailed(plan_failed(None)),
        BeforePlan::PlanReady(plan_ready(None)),
        BeforePlan::PlanReviewFailed(plan_review_failed(None)),
    ]
}

pub(super) fn before_review() -> [BeforeReview; 3] {
    [
        BeforeReview::PlanReady(plan_ready(None)),
        BeforeReview::PlanReviewed(plan_reviewed(None)),
        BeforeReview::PlanReviewFailed(plan_review_failed(None)),
    ]
}

/// The idea after a step, out of its row.
pub(super) fn after(change: impl Into<Change>) -> AnyIdea {
    AnyIdea::try_from(change.into().row().clone()).unwrap()
}

#[test]
fn a_start_names_the_first_fact_that_is_missing() {
    assert_eq!(check(&facts()).unwrap().idea().as_str(), "i");
    let late = T0 + Millis(15_001);
    let rows: Vec<(Facts, &str, CannotStart)> = vec![
        (Facts { caller: UserId::new("bob").unwrap(), ..facts() }, "owns_idea", CannotStart::NotYours),
        (Facts { product: None, has_repository: false, ..facts() }, "has_product", CannotStart::NoProduct),
        (
            Facts { has_repository: false, ..facts() },
            "has_repository",
            CannotStart::NoRepository(ProductId::new("p").unwrap()),
        ),
        (
            Facts { open_job: Some(job("open")), worker_seen_at: None, ..facts() },
            "no_open_job",
            CannotStart::JobOpen(job("open")),
        ),
        (Facts { worker_seen_at: None, ..facts() }, "worker_active", CannotStart::NoWorker { seen_at: None }),
        (Facts { now: late, ..facts() }, "worker_active", CannotStart::NoWorker { seen_at: Some(T0) }),
    ];
    for (facts, guard, refused) in rows {
        let found = check(&facts).unwrap_err();
        assert_eq!((found.guard(), found), (guard, refused));
    }
    let no_worker = |seen_at| CannotStart::NoWorker { seen_at }.to_string();
    assert_eq!(no_worker(None), "no worker has ever registered");
    assert_eq!(no_worker(Some(T0)), "no worker is active; the last sign of life was at 1000000 ms");
}

#[test]
fn a_proof_opens_the_idea_it_was_given_for() {
    let other = || check(&Facts { idea: IdeaId::new("other").unwrap(), ..facts() }).unwrap();
    let refused = Refusal::ForeignProof { idea: IdeaId::new("other").unwrap() };
    assert_eq!(idea(Draft).start_grill(other(), job("j")).unwrap_err(), refused);
    assert_eq!(idea(grilled(None)).start_plan(other(), job("j")).unwrap_err(), refused);
    assert_eq!(idea(plan_ready(None)).start_review(other(), job("j")).unwrap_err(), refused);
}

#[test]
fn an_idea_listens_to_one_job() {
    let stranger = job("stranger");
    let refused =
        |current: Option<&str>| Refusal::ForeignJob { yours: job("stranger"), current: current.map(job) };
    let j = refused(Some("j"));
    let grill = grilling(BeforeGrill::Draft(Draft));
    assert_eq!(grill.clone().record_grill(&stranger, text("x")).unwrap_err(), j);
    assert_eq!(grill.clone().fail_grill(&stranger).unwrap_err(), j);
    assert_eq!(grill.stop(&stranger).unwrap_err(), j);
    let plan = planning(BeforePlan::Grilled(grilled(None)));
    assert_eq!(plan.clone().record_plan(&stranger, readable("x")).unwrap_err(), j);
    assert_eq!(plan.clone().reject_plan(&stranger, unreadable("x")).unwrap_err(), j);
    assert_eq!(plan.clone().fail_plan(&stranger).unwrap_err(), j);
    assert_eq!(plan.stop(&stranger).unwrap_err(), j);
    let look = reviewing(BeforeReview::PlanReady(plan_ready(None)));
    assert_eq!(look.clone().record_plan(&stranger, readable("x")).unwrap_err(), j);
    assert_eq!(look.clone().approve(&stranger, review("x")).unwrap_err(), j);
    assert_eq!(look.clone().disapprove(&stranger, review("x")).unwrap_err(), j);
    assert_eq!(look.clone().fail_review(&stranger).unwrap_err(), j);
    assert_eq!(look.stop(&stranger).unwrap_err(), j);
    // After the answer too, and nobody is listened to once the job is over.
    for by in [Some("j"), None] {
        let refused = refused(by);
        assert_eq!(idea(grilled(by)).record_grill(&stranger, text("x")).unwrap_err(), refused);
        assert_eq!(idea(grilled(by)).fail_grill(&stranger).unwrap_err(), refused);
        assert_eq!(idea(plan_failed(by)).record_plan(&stranger, readable("x")).unwrap_err(), refused);
        assert_eq!(idea(plan_failed(by)).reject_plan(&stranger, unreadable("x")).unwrap_err(), refused);
        assert_eq!(idea(plan_ready(by)).record_plan(&stranger, readable("x")).unwrap_err(), refused);
        assert_eq!(idea(plan_ready(by)).fail_plan(&stranger).unwrap_err(), refused);
        assert_eq!(idea(plan_reviewed(by)).disapprove(&stranger, review("x")).unwrap_err(), refused);
        assert_eq!(idea(plan_reviewed(by)).fail_review(&stranger).unwrap_err(), refused);
        assert_eq!(idea(plan_review_failed(by)).approve(&stranger, review("x")).unwrap_err(), refused);
    }
    assert_eq!(refused(None).to_string(), "job stranger does not work on this idea; no job does");
    assert_eq!(refused(Some("j")).to_string(), "job stranger does not work on this idea; job j does");
}

#[test]
fn a_start_takes_the_word_from_the_job_before_and_a_stop_gives_it_to_nobody() {
    let AnyIdea::Grilling(again) = after(idea(grilled(Some("old"))).start_grill(ready(), job("j")).unwrap())
    else {
        panic!()
    };
    assert_eq!(again, grilling(BeforeGrill::Grilled(grilled(None))));
    assert_eq!(after(again.stop(&job("j")).unwrap()), AnyIdea::Grilled(idea(grilled(None))));
}

#[test]
fn texts_go_with_the_idea() {
    let j = job("j");
    let AnyIdea::Grilled(regrilled) =
        after(grilling(BeforeGrill::PlanReady(plan_ready(None))).record_grill(&j, text("better")).unwrap())
    else {
        panic!()
    };
    assert_eq!((regrilled.state.grill.as_str(), regrilled.state.plan), ("better", Some(text("plan"))));
    let corrected = idea(grilled(Some("j"))).record_grill(&j, text("better")).unwrap();
    assert_eq!(corrected.next().state, Grilled { grill: text("better"), ..grilled(Some("j")) });
    // A new plan outlives the review of the old one; a failure to plan loses neither plan nor review.
    let replan = || planning(BeforePlan::PlanReviewFailed(plan_review_failed(None)));
    let failed = replan().fail_plan(&j).unwrap();
    assert_eq!(
        (&failed.next().state.plan, &failed.next().state.review),
        (&Some(text("plan")), &Some(review("no")))
    );
    let rejected = replan().reject_plan(&j, unreadable("worse")).unwrap();
    let worse = Some(text(&document("worse")));
    assert_eq!((&rejected.next().state.plan, &rejected.next().state.review), (&worse, &None));
    let AnyIdea::PlanReady(replanned) = after(replan().record_plan(&j, readable("new")).unwrap()) else {
        panic!()
    };
    assert_eq!((replanned.state.plan.as_str(), replanned.state.job), (&*document("new"), Some(j)));
}

#[test]
fn a_plan_that_its_reviewer_rewrote_is_not_reviewed() {
    let (j, new) = (job("j"), document("new"));
    for before in before_review() {
        let AnyIdea::ReviewingPlan(rewritten) =
            after(reviewing(before).record_plan(&j, readable("new")).unwrap())
        else {
            panic!()
        };
        let AnyIdea::PlanReady(stopped) = after(rewritten.clone().stop(&j).unwrap()) else { panic!() };
        assert_eq!((stopped.state.plan.as_str(), stopped.state.job), (new.as_str(), None));
        let failed = rewritten.clone().fail_review(&j).unwrap();
        assert_eq!((failed.next().state.plan.as_str(), &failed.next().state.review), (new.as_str(), &None));
        let approved = rewritten.approve(&j, review("yes")).unwrap();
        assert_eq!(
            (approved.next().state.plan.as_str(), approved.next().state.job.as_ref()),
            (new.as_str(), Some(&j))
        );
    }
}

#[test]
fn a_plan_is_readable_or_says_why_not() {
    assert_eq!(readable("A basket").doc().pbi.title, "A basket", "it says what its own text says");
    assert_eq!(unreadable("x").breaches()[0].path, "stories");
    let bad = Breach { path: "front matter".into(), why: "is no YAML".into() };
    let unreadable = read_plan(text(&document("x")), |_| Err(bad.clone())).unwrap_err();
    assert_eq!(unreadable.breaches(), std::slice::from_ref(&bad));
    assert_eq!(unreadable.to_string(), "the plan cannot be read: front matter: is no YAML");
    let bare = read_plan(text("x"), |_| panic!("there is nothing to parse")).unwrap_err();
    assert_eq!(bare.breaches()[0].path, "line 1");
}

#[test]
fn a_text_has_its_bounds() {
    assert_eq!(Markdown::new("é".repeat(64_000)).map(|text| text.as_str().len()), Ok(128_000));
    for found in [0, 64_001] {
        assert_eq!(Markdown::new("é".repeat(found)), Err(BadMarkdown::BadLength { found }));
    }
    assert_eq!(
        Markdown::new("a\0b"),
        Err(BadMarkdown::ControlCharacter),
        "fault 50: NUL reaches no database"
    );
    assert!(Markdown::new("a\tb\r\nc").is_ok());
}

#[test]
fn nothing_is_materialised_under_an_open_job() {
    let refused = idea(plan_ready(Some("j"))).materialise(pbi(), Some(job("j"))).unwrap_err();
    assert_eq!(refused, Refusal::JobOpen { job: job("j") });
    let step = idea(plan_reviewed(None)).materialise(pbi(), None).unwrap();
    assert_eq!(step.next().state, planned(Some(review("yes"))));
    assert_eq!(idea(plan_ready(None)).materialise(pbi(), None).unwrap().next().state, planned(None));
}
