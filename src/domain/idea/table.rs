//! The idea machine on one page: every edge there is.

use crate::domain::machine::transitions;

transitions! { typed;
    born Draft;

    Draft            => Grilling         on StartGrill,
    GrillFailed      => Grilling         on StartGrill,
    Grilled          => Grilling         on StartGrill,
    PlanReady        => Grilling         on StartGrill,

    Grilling         => Grilled          on RecordGrill | Stop,
    Grilling         => GrillFailed      on FailGrill | Stop,
    Grilling         => Draft            on Stop,
    Grilling         => PlanReady        on Stop,
    Grilled          => Grilled          on RecordGrill | Stop,
    Grilled          => GrillFailed      on FailGrill,

    Grilled          => Planning         on StartPlan,
    PlanFailed       => Planning         on StartPlan,
    PlanReady        => Planning         on StartPlan,
    PlanReviewFailed => Planning         on StartPlan,

    Planning         => PlanReady        on RecordPlan | Stop,
    Planning         => PlanFailed       on RejectPlan | FailPlan | Stop,
    Planning         => Grilled          on Stop,
    Planning         => PlanReviewFailed on Stop,
    PlanReady        => PlanReady        on RecordPlan | Stop,
    PlanReady        => PlanFailed       on RejectPlan | FailPlan,
    PlanFailed       => PlanReady        on RecordPlan,
    PlanFailed       => PlanFailed       on RejectPlan | FailPlan | Stop,

    PlanReady        => ReviewingPlan    on StartReview,
    PlanReviewed     => ReviewingPlan    on StartReview,
    PlanReviewFailed => ReviewingPlan    on StartReview,

    ReviewingPlan    => ReviewingPlan    on RecordPlan,
    ReviewingPlan    => PlanReviewed     on Approve | Stop,
    ReviewingPlan    => PlanReviewFailed on Disapprove | FailReview | Stop,
    ReviewingPlan    => PlanReady        on Stop,
    PlanReviewed     => PlanReviewed     on Approve | Stop,
    PlanReviewed     => PlanReviewFailed on Disapprove | FailReview,
    PlanReviewFailed => PlanReviewed     on Approve,
    PlanReviewFailed => PlanReviewFailed on Disapprove | FailReview | Stop,

    PlanReady        => Planned          on Materialise,
    PlanReviewed     => Planned          on Materialise,
}
