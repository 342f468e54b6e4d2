//! Which failures cascade, and whom they cancel.

use sprintgate::domain::cascade::{Because, Step, plan, starts};
use sprintgate::domain::job::{EndCause, Status};
use sprintgate::domain::machine::Word;

use super::{BOTH, ITEM, NONE, RUN, failed, job, keys};

#[test]
fn only_failures_of_the_work_start_it_unless_asked() {
    for cause in EndCause::ALL {
        let (plain, opted_in) = match cause {
            EndCause::Reported => (true, true),
            EndCause::Expired | EndCause::GivenBack | EndCause::Push => (false, true),
            EndCause::Finished
            | EndCause::Waived
            | EndCause::User
            | EndCause::Cascade
            | EndCause::Run
            | EndCause::Skipped => (false, false),
        };
        assert_eq!((starts(*cause, false), starts(*cause, true)), (plain, opted_in), "{cause}");
    }
}

#[test]
fn open_jobs_of_the_item_and_of_the_run_are_cancelled_and_no_others() {
    use Status::{Cancelled, Claimed, Done, Failed, Queued, Running};
    for status in Status::ALL {
        for (tie, because) in [
            (ITEM, Some(Because::SameBacklogItem)),
            (BOTH, Some(Because::SameBacklogItem)),
            (RUN, Some(Because::SameRun)),
            (NONE, None),
        ] {
            let because = match status {
                Queued | Claimed | Running => because,
                Done | Failed | Cancelled => None,
            };
            let plan = plan(&failed(), &[job("s", *status, tie)]);
            let steps: Vec<Step> = plan.into_iter().map(|planned| planned.step).collect();
            let job = failed().job;
            let want = because.map(|because| Step::Cancel {
                job: super::job("s", *status, tie).job,
                from: *status,
                because,
            });
            assert_eq!(steps, want.into_iter().collect::<Vec<_>>(), "{status} {tie:?} {job}");
        }
    }
}

#[test]
fn a_sibling_is_cancelled_once_in_id_order_and_the_failed_job_never() {
    let queued = |id, tie| job(id, Status::Queued, tie);
    let rows = [
        queued("c", RUN),
        queued("d", RUN),
        queued("f", ITEM),
        queued("b", ITEM),
        queued("c", ITEM),
        queued("c", NONE),
        queued("d", NONE),
    ];
    let plan = plan(&failed(), &rows);
    assert_eq!(keys(&plan), ["cancel/b", "cancel/c", "cancel/d"]);
    let shown: Vec<String> = plan.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "cancel job b, now QUEUED: it belongs to the same backlog item",
            "cancel job c, now QUEUED: it belongs to the same backlog item",
            "cancel job d, now QUEUED: it belongs to the same sprint run, which fails",
        ]
    );
}
