//! How the tables of pull requests, worktrees, workers and effects are written by hand.

use super::table::{Kind, ONE, Table};

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
        repo_key = 'example.org/shop'
        branch = 'feat/{n}'
        pr_strategy = CASE WHEN '{n}' LIKE 'sprint %' THEN 'SPRINT' ELSE 'STORY' END
        created_at = 1
        updated_at = 1
    ",
    dress: &[
        ("NONE", ""),
        (
            "BRANCH_PUSHED",
            "
            head_sha = 'a'
            ",
        ),
        (
            "PR_OPENED",
            "
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = FALSE
            ",
        ),
        (
            "DRAFT_OPENED",
            "
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = TRUE
            ",
        ),
        (
            "WAITING_FOR_CHECKS",
            "
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = FALSE
            ",
        ),
        (
            "AUTO_MERGE_ENABLED",
            "
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = FALSE
            ",
        ),
        (
            "READY_FOR_REVIEW",
            "
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = FALSE
            ",
        ),
        (
            "CHECKS_FAILED",
            "
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = FALSE
            reason = 'a test failed'
            ",
        ),
        (
            "MERGE_CONFLICT_PAUSED",
            "
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = FALSE
            reason = 'it does not merge'
            ",
        ),
        (
            "MERGED",
            "
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = FALSE
            finished_at = 3
            ",
        ),
        (
            "CLOSED",
            "
            head_sha = 'a'
            pr_url = 'https://example.org/p/1'
            draft = FALSE
            reason = 'not needed'
            finished_at = 3
            ",
        ),
    ],
    always: "",
    // A strategy never changes, so that a story's goes its way, and a sprint's another.
    kinds: &[
        Kind { prefix: "", never: &["DRAFT_OPENED", "READY_FOR_REVIEW"] },
        Kind {
            prefix: "sprint ",
            never: &["PR_OPENED", "WAITING_FOR_CHECKS", "AUTO_MERGE_ENABLED", "CHECKS_FAILED"],
        },
    ],
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
    kinds: ONE,
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
    kinds: ONE,
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
    kinds: ONE,
};

pub(super) fn tables() -> Vec<Table> {
    vec![PULL_REQUEST, WORKTREE, WORKER, EFFECT]
}
