//! Any row of any machine that has rows which can be wrong: it is refused with the name of a column, or read as the
//! state that its status says and written back as it was.

#![no_main]

use std::str::FromStr;

use libfuzzer_sys::fuzz_target;
use sprintgate::domain::commit::CommitId;
use sprintgate::domain::gate::{Evidence, Policy};
use sprintgate::domain::machine::Word;
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::worktree::Lock;
use sprintgate::domain::{
    attempt, effect, execution, idea, job, pull_request, question, run, worker, worktree,
};

/// Bytes, one a cell; 0 is NULL where a cell may be empty. What is left behind the last one is a text.
struct Cells<'a> {
    bytes: std::slice::Iter<'a, u8>,
    text: &'a [u8],
}

/// Cells that the widest row has, and some for what lies in them.
const CELLS_MAX: usize = 40;
/// Texts about whose length somebody may ask, the last one too long for whatever is short.
const TEXTS: [&str; 4] = ["", "too short", "ten chars!", " 500 or more"];

impl<'a> Cells<'a> {
    fn of(data: &'a [u8]) -> Self {
        let (bytes, text) = data.split_at(data.len().min(CELLS_MAX));
        Self { bytes: bytes.iter(), text }
    }

    fn byte(&mut self) -> u8 {
        self.bytes.next().copied().unwrap_or(0)
    }

    fn is(&mut self) -> bool {
        self.byte() % 2 == 1
    }

    fn some<T>(&mut self, cell: impl FnOnce(&mut Self) -> T) -> Option<T> {
        match self.is() {
            true => Some(cell(self)),
            false => None,
        }
    }

    fn word<W: Word>(&mut self) -> W {
        W::ALL[usize::from(self.byte()) % W::ALL.len()]
    }

    fn time(&mut self) -> Timestamp {
        Timestamp(self.byte().into())
    }

    fn number(&mut self) -> u32 {
        self.byte().into()
    }

    fn id<I: FromStr>(&mut self) -> I {
        let id = format!("id-{}", self.byte() % 3).parse();
        id.unwrap_or_else(|_| unreachable!("an id"))
    }

    fn commit(&mut self) -> CommitId {
        CommitId::new((self.byte() % 3).to_string().repeat(40)).expect("forty digits")
    }

    fn text(&mut self) -> String {
        match self.byte() {
            n @ 0..3 => TEXTS[usize::from(n)].to_owned(),
            3 => TEXTS[3].repeat(50),
            _ => String::from_utf8_lossy(self.text).into_owned(),
        }
    }

    fn texts(&mut self) -> Vec<String> {
        (0..self.byte() % 10).map(|_| self.text()).collect()
    }

    fn policy(&mut self) -> Policy {
        Policy { required: self.word(), verify_only: self.is() }
    }

    fn evidence(&mut self) -> Evidence {
        Evidence { result: self.word(), commit: self.commit(), at: self.time() }
    }

    fn lock(&mut self) -> Lock {
        match self.some(Self::id) {
            Some(product) => Lock::Product(product),
            None => Lock::Branch { repo: self.text(), branch: self.id() },
        }
    }
}

/// The one property of every machine's rows.
macro_rules! believed {
    ($machine:ident::$any:ident, $row:expr; $($state:ident)+) => {{
        use $machine::$any as Any;
        let row: $machine::Row = $row;
        match Any::try_from(row.clone()) {
            Err(misfit) => {
                assert!(!misfit.column.is_empty() && !misfit.id.is_empty());
                assert_eq!(misfit.status, row.status.word());
            }
            Ok(any) => {
                assert_eq!(any.status(), row.status);
                let back: $machine::Row = match any {
                    $(Any::$state(it) => it.into(),)+
                };
                assert_eq!(back, row);
            }
        }
    }};
}

fn of_job(c: &mut Cells<'_>) {
    let row = job::Row {
        id: c.id(),
        kind: c.word(),
        status: c.word(),
        attempt: c.number(),
        not_before: c.some(Cells::time),
        token: c.some(Cells::id),
        worker: c.some(Cells::id),
        lease_until: c.some(Cells::time),
        claimed_at: c.some(Cells::time),
        started_at: c.some(Cells::time),
        finished_at: c.some(Cells::time),
        plan: c.some(Cells::text),
        policy: c.some(Cells::policy),
        base: c.some(Cells::commit),
        evidence: c.some(Cells::evidence),
        publication: c.some(|c| job::Publication { commit: c.commit(), at: c.time() }),
        end_cause: c.some(Cells::word),
        caused_by: c.some(Cells::id),
        waived_by: c.some(Cells::id),
        waive_reason: c.some(Cells::text),
        summary: c.some(Cells::text),
        error: c.some(Cells::text),
    };
    believed!(job::AnyJob, row; Queued Claimed Running Done Failed Cancelled);
}

fn of_attempt(c: &mut Cells<'_>) {
    let frozen = attempt::Frozen {
        token: c.id(),
        worker: c.id(),
        host: c.text(),
        plan: c.text(),
        policy: c.policy(),
        branch: c.some(Cells::text),
        claimed_at: c.time(),
    };
    let (job, number, status) = (c.id(), c.number(), c.word());
    let row = attempt::Row { job, number, status, frozen, ended_at: c.some(Cells::time) };
    believed!(attempt::AnyAttempt, row; Held Finished Failed GivenBack Expired Skipped Cancelled);
}

fn pause(c: &mut Cells<'_>) -> run::Pause {
    if c.is() {
        return run::Pause::MergeConflict {
            pr_url: c.text(),
            pr_head_sha: c.commit(),
            conflict_files: c.texts(),
            claude_question_id: c.id(),
            resume_instructions: c.text(),
            paused_at: c.time(),
        };
    }
    let last =
        |c: &mut Cells<'_>| run::LastCompleted { execution_id: c.id(), order: c.number(), task_id: c.id() };
    run::Pause::QuotaDepleted {
        last_completed: c.some(last),
        resume_instructions: c.text(),
        paused_at: c.time(),
    }
}

fn of_run(c: &mut Cells<'_>) {
    let row = run::Row {
        id: c.id(),
        status: c.word(),
        started_at: c.some(Cells::time),
        finished_at: c.some(Cells::time),
        pause: c.some(pause),
        failure_reason: c.some(Cells::text),
        failed_task: c.some(Cells::id),
    };
    believed!(run::AnyRun, row; Queued Running Paused Done Failed Cancelled);
}

fn of_execution(c: &mut Cells<'_>) {
    let row = execution::Row {
        id: c.id(),
        job: c.id(),
        task: c.id(),
        order: c.number(),
        plan: c.text(),
        policy: c.policy(),
        status: c.word(),
        base: c.some(Cells::commit),
        head: c.some(Cells::commit),
        evidence: c.some(Cells::evidence),
        summary: c.some(Cells::text),
        skip_reason: c.some(Cells::text),
        waiver: c.some(|c| execution::Waiver { by: c.id(), reason: c.text(), at: c.time() }),
        error: c.some(Cells::text),
        started_at: c.some(Cells::time),
        finished_at: c.some(Cells::time),
    };
    believed!(execution::AnyExecution, row; Pending Running Done Failed Skipped);
}

fn of_idea(c: &mut Cells<'_>) {
    let row = idea::Row {
        id: c.id(),
        status: c.word(),
        job_id: c.some(Cells::id),
        status_before_job: c.some(Cells::word),
        grill_md: idea::Markdown::new(c.text()).ok(),
        plan_md: idea::Markdown::new(c.text()).ok(),
        plan_review_log: c.some(Cells::text),
        reviewed_at: c.some(Cells::time),
        pbi_id: c.some(Cells::id),
    };
    believed!(idea::AnyIdea, row;
        Draft Grilling GrillFailed Grilled Planning PlanFailed PlanReady ReviewingPlan PlanReviewFailed PlanReviewed
        Planned);
}

fn of_question(c: &mut Cells<'_>) {
    let row = question::Row {
        id: c.id(),
        status: c.word(),
        asked_by: c.id(),
        options: c.texts(),
        expires_at: c.time(),
        answer: c.some(Cells::text),
        answered_by: c.some(Cells::id),
        answered_at: c.some(Cells::time),
    };
    believed!(question::AnyQuestion, row; Open Answered Cancelled Expired Closed);
}

fn of_pull_request(c: &mut Cells<'_>) {
    let row = pull_request::Row {
        id: c.id(),
        strategy: c.word(),
        branch: c.id(),
        status: c.word(),
        head: c.some(Cells::commit),
        url: c.some(Cells::text),
        draft: c.some(Cells::is),
        reason: c.some(Cells::text),
        merge: c.some(Cells::commit),
        finished_at: c.some(Cells::time),
        merged_head: c.some(Cells::commit),
    };
    believed!(pull_request::AnyPullRequest, row;
        Unpublished BranchPushed PrOpened DraftOpened WaitingForChecks AutoMergeEnabled ReadyForReview ChecksFailed
        MergeConflictPaused Merged Closed);
}

fn of_worktree(c: &mut Cells<'_>) {
    let row = worktree::Row {
        job: c.id(),
        attempt: c.number(),
        status: c.word(),
        locks: (0..c.byte() % 4).map(|_| c.lock()).collect(),
        waits_since: c.some(Cells::time),
        lease_until: c.some(Cells::time),
        missing: c.some(Cells::lock),
        error: c.some(Cells::text),
        finished_at: c.some(Cells::time),
    };
    believed!(worktree::AnyWorktree, row;
        Idle AcquiringLock LockTimeout CreatingOrReusing Syncing SyncFailed Ready Releasing Released StaleReleased);
}

fn of_worker(c: &mut Cells<'_>) {
    let row = worker::Row {
        token_id: c.id(),
        instance_id: c.id(),
        status: c.word(),
        started_at: c.time(),
        last_seen_at: c.time(),
        last_quota_pct: c.some(Cells::byte),
        last_quota_check_at: c.some(Cells::time),
        absent_since: c.some(Cells::time),
        absent_how: c.some(Cells::word),
    };
    believed!(worker::AnyWorker, row; Present Absent);
}

fn of_effect(c: &mut Cells<'_>) {
    let row = effect::Row {
        id: c.id(),
        kind: c.word(),
        status: c.word(),
        tries: c.number(),
        tries_max: c.number(),
        due_at: c.some(Cells::time),
        holder: c.some(Cells::id),
        lease_until: c.some(Cells::time),
        last_error: c.some(Cells::text),
        finished_at: c.some(Cells::time),
        gave_up_why: c.some(Cells::word),
        dismissed_by: c.some(Cells::id),
        dismiss_reason: c.some(Cells::text),
    };
    believed!(effect::AnyEffect, row; Pending Running Retry Done GaveUp);
}

/// The machines whose rows can be wrong; of a task and of what is derived, every row is one.
const MACHINES: [fn(&mut Cells<'_>); 10] = [
    of_job,
    of_attempt,
    of_run,
    of_execution,
    of_idea,
    of_question,
    of_pull_request,
    of_worktree,
    of_worker,
    of_effect,
];

fuzz_target!(|data: &[u8]| {
    let Some((machine, cells)) = data.split_first() else { return };
    MACHINES[usize::from(*machine) % MACHINES.len()](&mut Cells::of(cells));
});
