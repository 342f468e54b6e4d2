//! Each move of a job in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Claim => Claimed: claim by [Worker]
        when "the job is claimable (`eligibility`): its run hands out jobs, it is first on its branch, its time has come"
        writes "a new attempt with its number, token, worker, lease, plan and gate policy; the run becomes RUNNING"
        emits "claude_job_status claimed";
    Start => Running: start by [Worker]
        when "the caller's attempt holds the job"
        writes "the start, once an attempt; a new lease; the task begins"
        emits "claude_job_status running";
    Release => Queued: release by [Worker, Server]
        when "the caller's attempt holds the job, and it is not the third"
        writes "no trace of the attempt but its own row; a growing wait; the task is put back"
        emits "claude_job_status queued";
    Release => Failed: release by [Worker, Server]
        when "the caller's attempt holds the job, and it is the third"
        writes "the cause `given_back`; the task fails; the run is settled"
        emits "claude_job_status failed";
    Expire => Queued: expire by [Server]
        when "the lease ran out by the database's clock, and the attempt is not the third"
        writes "no trace of the attempt but its own row; the task is put back"
        emits "claude_job_status queued";
    Expire => Failed: expire by [Server]
        when "the lease ran out by the database's clock, and the attempt is the third"
        writes "the cause `expired`; the task fails; the run is settled"
        emits "claude_job_status failed";
    Finish => Done: finish by [Worker, Person]
        when "the caller's attempt holds the job and has the gate's proof: a verdict that satisfies the frozen policy about the very commit that is published, or about no change, so that there is nothing to publish; for a sprint job, that each of its tasks stands; or a person's waiver"
        writes "the verdict or the waiver, what was published, the summary; the task is done; story, backlog item, sprint and run are derived"
        emits "claude_job_status done";
    Fail => Failed: fail by [Worker, Server]
        when "the caller's attempt holds the job"
        writes "the cause and the error; the task fails; a failure of the work cancels the open jobs of its backlog item and run"
        emits "claude_job_status failed, and one cancelled for each sibling";
    Skip => Cancelled: skip by [Worker]
        when "the caller's attempt holds a job of one task, and gives a reason of at least 10 characters"
        writes "the cause `skipped` and the reason; the task is put back, no cascade"
        emits "claude_job_status cancelled";
    Cancel => Cancelled: cancel by [Person, Server]
        when "the job has not ended"
        writes "the cause (`user`, `cascade` or `run`); a stop order where a worker holds it; the task is put back"
        emits "claude_job_status cancelled";
}
