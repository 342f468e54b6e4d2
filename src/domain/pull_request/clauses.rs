//! Each move of a pull request in words, for the documents.

use crate::domain::machine::clauses;

clauses! {
    Push => BranchPushed: push by [Worker, Person]
        when "a commit that is not the last one is on the remote branch, and no pull request is open"
        writes "the commit as head"
        emits "pull_request branch_pushed";
    Push => PrOpened: push by [Worker, Person, Server]
        when "a commit that is not the last one is on the branch of a story whose pull request is open: a job's, or a person's that the forge shows"
        writes "the commit as head; what was asked for the one before it is withdrawn at the forge"
        emits "pull_request pr_opened";
    Push => DraftOpened: push by [Worker, Person, Server]
        when "a commit that is not the last one is on the branch of a sprint whose pull request is open: a job's, or a person's that the forge shows"
        writes "the commit as head; it is to be a draft, which the forge is asked for whatever it was"
        emits "pull_request draft_opened";
    Push => MergeConflictPaused: push by [Worker, Person, Server]
        when "a commit that is not the last one is on the branch while the run waits: a person solves the conflict, or a job that was held goes on"
        writes "the commit as head; the run goes on waiting until a person resumes it"
        emits "pull_request merge_conflict_paused";
    DeleteBranch => Unpublished: delete_branch by [Server]
        when "the branch is gone from the remote, and it had no pull request"
        writes "no head any more"
        emits "pull_request none";
    Open => PrOpened: open by [Server]
        when "the run's strategy is STORY, and the forge shows an open pull request for this very branch: made just now, or found"
        writes "its address, and whether it is a draft"
        emits "pull_request pr_opened";
    OpenDraft => DraftOpened: open_draft by [Server]
        when "the run's strategy is SPRINT or SPRINT_BATCH, and the forge shows an open pull request for this very branch: made just now, or found"
        writes "its address; it is to be a draft, which the forge is asked for"
        emits "pull_request draft_opened";
    CompleteStory => WaitingForChecks: complete_story by [Server]
        when "the story is done, and its last commit is the head of the branch"
        writes "it is no draft any more; the effects that ask the forge for that, and to merge this head, and no other, when its checks pass"
        emits "pull_request waiting_for_checks";
    CompleteSprint => ReadyForReview: complete_sprint by [Server]
        when "the run is done, and its last commit is the head of the branch"
        writes "it is no draft any more; the effect that asks the forge for that"
        emits "pull_request ready_for_review";
    AcceptMerge => AutoMergeEnabled: accept_merge by [Server]
        when "the forge agreed to merge this head, which is still the last commit"
        writes "nothing else"
        emits "pull_request auto_merge_enabled";
    Withdraw => PrOpened: withdraw by [Server]
        when "the story is not done any more, or a job is open on its branch again, and the forge was asked to merge"
        writes "no reason any more; what was asked is withdrawn at the forge, and asked for anew when the story is completed again"
        emits "pull_request pr_opened";
    FailChecks => ChecksFailed: fail_checks by [Server]
        when "the forge answers CHECKS_FAILED for this head, which is still the last commit"
        writes "the forge's words"
        emits "pull_request checks_failed";
    Conflict => MergeConflictPaused: conflict by [Server]
        when "the forge answers MERGE_CONFLICT for this head, which is still the last commit"
        writes "the forge's words; a question that names the files, and the pause of the run if it is RUNNING, in the same transaction; what was asked is withdrawn at the forge"
        emits "pull_request merge_conflict_paused, and sprint_run paused if it ran";
    Resume => PrOpened: resume_story by [Person]
        when "the run of a story's branch goes on"
        writes "no reason any more; automatic merging is asked for when the story is completed again"
        emits "pull_request pr_opened";
    Resume => DraftOpened: resume_sprint by [Person]
        when "the run of a sprint's branch goes on"
        writes "no reason any more; it is to be a draft, which the forge is asked for"
        emits "pull_request draft_opened";
    Merge => Merged: merge by [Server]
        when "the forge shows it as merged, by whomever"
        writes "the end, the commit that the merge made, which a revert would undo, and the last commit of what was merged; a question, in the same transaction, where that is a story's and no job published it"
        emits "pull_request merged";
    Close => Closed: close by [Server]
        when "the forge shows it as closed without a merge: by a person, or by the cascade's effect"
        writes "the end and the reason"
        emits "pull_request closed";
}
