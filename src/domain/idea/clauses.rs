//! Each move of an idea in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    StartGrill => Grilling: start_grill by [Person]
        when "the idea is the caller's; its product has a repository; no job of the idea is open; a worker was seen within 15 s"
        writes "a new IDEA_GRILL job with its resolved configuration; that job and the status before it; a log entry"
        emits "idea grilling, and claude_job_enqueued";
    RecordGrill => Grilled: record_grill by [Worker]
        when "the job that speaks is the one that questions the idea, or wrote the answers"
        writes "the answers (at most 64 000 characters); a log entry GRILL_RESULT"
        emits "idea grilled";
    FailGrill => GrillFailed: fail_grill by [Server]
        when "the job that questions the idea, or wrote the answers, became FAILED for whatever cause; in the same transaction"
        writes "no job any more, every text is kept; a log entry JOB_EVENT"
        emits "idea grill_failed";
    StartPlan => Planning: start_plan by [Person]
        when "the idea is the caller's; its product has a repository; no job of the idea is open; a worker was seen within 15 s"
        writes "a new IDEA_MAKE_PLAN job with its resolved configuration; that job and the status before it; a log entry"
        emits "idea planning, and claude_job_enqueued";
    RecordPlan => PlanReady: record_plan by [Worker]
        when "the job that speaks is the one that plans the idea, or wrote its plan; the plan can be read"
        writes "the plan; no review any more; a log entry PLAN_RESULT"
        emits "idea plan_ready";
    RecordPlan => ReviewingPlan: record_plan by [Worker]
        when "the job that speaks is the one that reviews the plan; the rewritten plan can be read"
        writes "the plan; no earlier review any more, and PLAN_READY as the status before the job; a log entry PLAN_RESULT"
        emits "idea reviewing_plan";
    RejectPlan => PlanFailed: reject_plan by [Worker]
        when "the job that speaks is the one that plans the idea, or wrote its plan; the plan cannot be read"
        writes "the plan as it is; no review any more; a log entry JOB_EVENT with the rules it breaks"
        emits "idea plan_failed";
    FailPlan => PlanFailed: fail_plan by [Server]
        when "the job that plans the idea, or wrote its plan, became FAILED for whatever cause; in the same transaction"
        writes "no job any more, every text is kept; a log entry JOB_EVENT"
        emits "idea plan_failed";
    StartReview => ReviewingPlan: start_review by [Person]
        when "the idea is the caller's; its product has a repository; no job of the idea is open; a worker was seen within 15 s"
        writes "a new IDEA_REVIEW_PLAN job with its resolved configuration; that job and the status before it; a log entry"
        emits "idea reviewing_plan, and claude_job_enqueued";
    Approve => PlanReviewed: approve by [Worker]
        when "the job that speaks is the one that reviews the plan, or gave the last verdict"
        writes "the review and when; a log entry PLAN_REVIEW_RESULT"
        emits "idea plan_reviewed";
    Disapprove => PlanReviewFailed: disapprove by [Worker]
        when "the job that speaks is the one that reviews the plan, or gave the last verdict"
        writes "the review and when; a log entry PLAN_REVIEW_RESULT"
        emits "idea plan_review_failed";
    FailReview => PlanReviewFailed: fail_review by [Server]
        when "the job that reviews the plan, or gave the last verdict, became FAILED for whatever cause; in the same transaction"
        writes "no job any more, every text is kept; a log entry JOB_EVENT"
        emits "idea plan_review_failed";
    Stop => Draft: stop by [Server]
        when "the job that works on the idea ended without an answer (cancelled, or done by a person's waiver), and the idea was DRAFT before it; in the same transaction"
        writes "no job and no status before it any more; a log entry JOB_EVENT"
        emits "idea draft";
    Stop => GrillFailed: stop by [Server]
        when "the job that works on the idea ended without an answer, and the idea was GRILL_FAILED before it; in the same transaction"
        writes "no job and no status before it any more; a log entry JOB_EVENT"
        emits "idea grill_failed";
    Stop => Grilled: stop by [Server]
        when "the job that works on the idea ended without an answer, and the idea was GRILLED before it; or the job that wrote the answers was done or cancelled; in the same transaction"
        writes "no job and no status before it any more; a log entry JOB_EVENT"
        emits "idea grilled";
    Stop => PlanFailed: stop by [Server]
        when "the job that works on the idea ended without an answer, and the idea was PLAN_FAILED before it; or the job that wrote the plan, which cannot be read, was done or cancelled; in the same transaction"
        writes "no job and no status before it any more; a log entry JOB_EVENT"
        emits "idea plan_failed";
    Stop => PlanReady: stop by [Server]
        when "the job that works on the idea ended without an answer, and the idea was PLAN_READY before it or has a plan that its reviewer rewrote; or the job that wrote the plan was done or cancelled; in the same transaction"
        writes "no job and no status before it any more; a log entry JOB_EVENT"
        emits "idea plan_ready";
    Stop => PlanReviewFailed: stop by [Server]
        when "the job that works on the idea ended without an answer, and the idea was PLAN_REVIEW_FAILED before it; or the job that did not approve the plan was done or cancelled; in the same transaction"
        writes "no job and no status before it any more; a log entry JOB_EVENT"
        emits "idea plan_review_failed";
    Stop => PlanReviewed: stop by [Server]
        when "the job that works on the idea ended without an answer, and the idea was PLAN_REVIEWED before it; or the job that approved the plan was done or cancelled; in the same transaction"
        writes "no job and no status before it any more; a log entry JOB_EVENT"
        emits "idea plan_reviewed";
    Materialise => Planned: materialise by [Person]
        when "no job of the idea is open; nobody but its owner sees it"
        writes "the backlog item with the stories and tasks of the plan; no job any more"
        emits "idea planned";
}
