//! How the tables of pull requests, worktrees, workers and effects are written by hand.

use super::table::Table;

const PULL_REQUEST: Table = Table {
    machine: "pull_request",
    name: "pull_requests",
    id: "{n}",
    key: "pull_requests.id",
    rename: "id = 'other'",
    born: "
        id = '{n}'
        product_id = 'p'
        repo_url = 'https://example.org/shop.git'
        branch = 'feat/{n}'
        created_at = 1
        updated_at = 1
    ",
    dress: &[
        ("NONE", "pr_strategy = 'STORY'"),
        (
            "BRANCH_PUSHED",
            "
            pr_strategy = 'STORY'
            head_sha = 'a'
            ",
        ),
        (
            "PR_OPENED",
            "
            pr_strategy = 'STORY'
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = 0
            ",
        ),
        (
            "DRAFT_OPENED",
            "
            pr_strategy = 'SPRINT'
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = 0
            ",
        ),
        (
            "WAITING_FOR_CHECKS",
            "
            pr_strategy = 'STORY'
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = 0
            ",
        ),
        (
            "AUTO_MERGE_ENABLED",
            "
            pr_strategy = 'STORY'
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = 0
            ",
        ),
        (
            "READY_FOR_REVIEW",
            "
            pr_strategy = 'SPRINT'
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = 0
            ",
        ),
        (
            "CHECKS_FAILED",
            "
            pr_strategy = 'STORY'
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = 0
            reason = 'a test failed'
            ",
        ),
        (
            "MERGE_CONFLICT_PAUSED",
            "
            pr_strategy = 'STORY'
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = 0
            reason = 'it does not merge'
            ",
        ),
        (
            "MERGED",
            "
            pr_strategy = 'STORY'
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = 0
            finished_at = 3
            ",
        ),
        (
            "CLOSED",
            "
            pr_strategy = 'STORY'
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = 0
            reason = 'not needed'
            finished_at = 3
            ",
        ),
    ],
    always: "",
};

const WORKTREE: Table = Table {
    machine: "worktree",
    name: "worktrees",
    id: "{n}/1",
    key: "worktrees.job_id, worktrees.attempt",
    rename: "attempt = 2",
    born: "
        job_id = '{n}'
        attempt = 1
        created_at = 1
        updated_at = 1
    ",
    dress: &[
        ("IDLE", "locks = '[]'"),
        (
            "ACQUIRING_LOCK",
            "
            locks = '[1]'
            lease_until = 9
            waits_since = 1
            ",
        ),
        (
            "LOCK_TIMEOUT",
            "
            locks = '[]'
            missing = '1'
            finished_at = 3
            ",
        ),
        (
            "CREATING_OR_REUSING",
            "
            locks = '[1]'
            lease_until = 9
            ",
        ),
        (
            "SYNCING",
            "
            locks = '[1]'
            lease_until = 9
            ",
        ),
        (
            "SYNC_FAILED",
            "
            locks = '[]'
            error = 'no space'
            finished_at = 3
            ",
        ),
        (
            "READY",
            "
            locks = '[1]'
            lease_until = 9
            ",
        ),
        (
            "RELEASING",
            "
            locks = '[1]'
            lease_until = 9
            ",
        ),
        (
            "RELEASED",
            "
            locks = '[]'
            finished_at = 3
            ",
        ),
        (
            "STALE_RELEASED",
            "
            locks = '[]'
            finished_at = 3
            ",
        ),
    ],
    always: "",
};

const WORKER: Table = Table {
    machine: "worker",
    name: "claude_workers",
    id: "t/{n}",
    key: "claude_workers.token_id, claude_workers.instance_id",
    rename: "instance_id = 'other'",
    born: "
        user_id = 'u'
        token_id = 't'
        instance_id = '{n}'
        started_at = 1
        last_seen_at = 2
        created_at = 1
        updated_at = 1
    ",
    dress: &[
        ("PRESENT", ""),
        (
            "ABSENT",
            "
            absent_since = 3
            absent_how = 'pruned'
            ",
        ),
    ],
    always: "",
};

const EFFECT: Table = Table {
    machine: "effect",
    name: "effects",
    id: "{n}",
    key: "effects.id",
    rename: "id = 'other'",
    born: "
        id = '{n}'
        kind = 'open_pr'
        product_id = 'p'
        payload = '{}'
        tries = 0
        created_at = 1
        updated_at = 1
    ",
    dress: &[
        (
            "PENDING",
            "
            tries_max = 99
            due_at = 1
            ",
        ),
        (
            "RUNNING",
            "
            tries_max = 99
            holder = 'w'
            lease_until = 9
            ",
        ),
        (
            "RETRY",
            "
            tries_max = 99
            due_at = 1
            last_error = 'no answer'
            ",
        ),
        (
            "DONE",
            "
            tries_max = 99
            finished_at = 3
            ",
        ),
        (
            "GAVE_UP",
            "
            tries_max = 99
            finished_at = 3
            gave_up_why = 'dismissed'
            dismissed_by = 'u'
            dismiss_reason = 'not needed any more'
            ",
        ),
    ],
    // The number that fences writes grows with a start, which another trigger holds.
    always: "tries = tries + CAST('{event}' = 'start' AND {seq} > ledger_seq AS INTEGER)",
};

pub(super) fn tables() -> Vec<Table> {
    vec![PULL_REQUEST, WORKTREE, WORKER, EFFECT]
}
