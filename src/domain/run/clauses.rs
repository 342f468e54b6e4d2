//! Each move of a sprint run in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    ClaimFirst => Running: claim_first by [Server]
        when "its first job is claimed, in the same transaction"
        writes "the start"
        emits "sprint_run running";
    Pause => Paused: pause by [Server]
        when "a pull request does not merge, or the agent's quota is used up"
        writes "the pause context; for a conflict the question that it names, in the same transaction; its queued jobs are not handed out"
        emits "sprint_run paused";
    Resume => Running: resume by [Person]
        when "always"
        writes "no pause context any more; its question is closed; its jobs are handed out again"
        emits "sprint_run running";
    Supersede => Cancelled: supersede by [Person]
        when "a SPRINT_BATCH run waits for quota"
        writes "a new run with `previous_run_id`, the branch and what is left of the work"
        emits "sprint_run cancelled, and sprint_run queued for the new one";
    Complete => Done: complete by [Server]
        when "no job of it is open, each was done or had nothing to do"
        writes "the end"
        emits "sprint_run done";
    Fail => Failed: fail by [Server]
        when "a job failed in a way that cascades; or no job is open and one failed"
        writes "the end, the reason and the failed task; open jobs are cancelled"
        emits "sprint_run failed";
    Cancel => Cancelled: cancel by [Person, Server]
        when "a person ends it; or no job is open, none failed and one was cancelled"
        writes "the end; open jobs are cancelled"
        emits "sprint_run cancelled";
}
