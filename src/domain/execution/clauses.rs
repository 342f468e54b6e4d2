//! Each move of a task execution in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Start => Running: start by [Worker]
        when "the caller's attempt holds the sprint job; no other task of the job is RUNNING, and none before it is PENDING; a commit is known to judge it from"
        writes "the start, and the commit that its work is judged from"
        emits "task_execution running";
    Finish => Done: finish by [Worker]
        when "the caller's attempt holds the job, and the gate opened for this very task: its stored verdict satisfies its frozen policy and is about the commit that is checked out, with nothing uncommitted"
        writes "the verdict, the commit as head, the words that explain a deviation, the end"
        emits "task_execution done";
    Fail => Failed: fail by [Worker, Server]
        when "the caller's attempt holds the job, or the job fails while the task is RUNNING"
        writes "the error and the end"
        emits "task_execution failed";
    Skip => Skipped: skip by [Worker]
        when "the caller's attempt holds the job, and gives a reason of at least 10 characters"
        writes "the reason and the end; whether the job can be DONE with it is for the sprint gate to say"
        emits "task_execution skipped";
    Waive => Skipped: waive by [Person]
        when "nobody waived it before, and the person gives a reason of at least 10 characters"
        writes "who takes responsibility, why and when"
        emits "task_execution skipped";
    PutBack => Pending: put_back by [Server]
        when "the job goes on in another attempt, and no person waived the task"
        writes "no trace of what was shown; for the first task that is taken up, the commit that the attempt goes on from"
        emits "task_execution pending";
}
